"""A management command run once beside the house, when its moment has come; the house never waits for it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from jiamenkou.host.manage import UNKNOWN_COMMAND
from jiamenkou.host.processes import end_child, start_child
from jiamenkou.host.supervisor import say

TRIES = 3
ASK_EVERY = 1.0  # seconds


@dataclass(slots=True)
class Errand:
    """``arguments`` of one management command; ``done`` gets what it printed.

    ``when`` is asked once a second and must answer within a few seconds. A command that this house does not have
    is no error; one that fails is tried three times and then said aloud.
    """

    arguments: list[str]
    environment: Mapping[str, str]
    done: Callable[[str], None]
    when: Callable[[], bool] = field(default=lambda: True)
    give_up_after: float = 600.0
    _process: subprocess.Popen[bytes] | None = None
    _printed: IO[bytes] | None = None
    _failures: int = 0
    _next: float = 0.0
    _begun: float = field(default_factory=time.monotonic)

    def step(self) -> bool:
        """Do what can be done now without waiting; whether there is nothing left to do."""
        now = time.monotonic()
        if self._process is not None:
            return self._process.poll() is not None and self._finished(self._process.returncode)
        if now < self._next:
            return False
        self._next = now + ASK_EVERY
        if not self.when():
            return now - self._begun > self.give_up_after
        self._printed = tempfile.TemporaryFile()  # noqa: SIM115 - read and closed when the command ends
        command = [sys.executable, "-m", "jiamenkou.host.manage", "--if-known", *self.arguments]
        self._process = start_child(command, self.environment, self._printed, subprocess.DEVNULL)
        return False

    def _finished(self, code: int) -> bool:
        assert self._printed is not None
        self._printed.seek(0)
        said = self._printed.read().decode(errors="replace")
        self._printed.close()
        self._process = None
        if code == 0:
            self.done(said)
        elif code != UNKNOWN_COMMAND:
            self._failures += 1
            self._next = time.monotonic() + 2.0**self._failures
            if self._failures < TRIES:
                return False
            say(f"⚠ 命令没有成功：jiamenkou manage {' '.join(self.arguments)}")
        return True

    def stop(self) -> None:
        if self._process is not None:
            end_child(self._process, 0, lambda: True)


def sign_ins(printed: str) -> str:
    """``demo accounts --json`` as lines for people."""
    accounts: list[dict[str, Any]] = json.loads(printed)
    lines = ["示范登录（每个链接用一次；jiamenkou demo accounts 取新的）："]
    for account in accounts:
        where = account.get("community") or "–"
        lines.append(f"  {account['role']:<17}{account['name']}　{where}　{account['login_url']}")
    return "\n".join(lines) + "\n"
