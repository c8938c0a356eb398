"""What the clients were promised. Three outcomes exist: done, failed, unknown; unknown is asked again, same key."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Ledger:
    """Keys of commands by outcome. Filled by many threads, read when they are done."""

    acknowledged: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    retries: int = 0
    wrong: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, key: str) -> None:
        with self._lock:
            self.sent.add(key)

    def acknowledge(self, key: str) -> None:
        with self._lock:
            self.acknowledged.add(key)

    def retry(self) -> None:
        with self._lock:
            self.retries += 1

    def complain(self, what: str) -> None:
        with self._lock:
            self.wrong.append(what)

    def compare(self, stored: list[str]) -> list[str]:
        """What is wrong with the database's ``stored`` keys, one line each; empty where all is well."""
        counts = Counter(stored)
        lost = sorted(self.acknowledged - counts.keys())
        twice = sorted(key for key, count in counts.items() if count > 1)
        never = sorted(counts.keys() - self.sent)
        found = [f"acknowledged and lost: {len(lost)}, first {lost[0]}"] if lost else []
        found += [f"stored more than once: {len(twice)}, first {twice[0]}"] if twice else []
        found += [f"stored but never sent: {len(never)}, first {never[0]}"] if never else []
        return found + self.wrong
