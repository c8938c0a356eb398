"""Children that are started again when they die, never faster than they can be read about."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from jiamenkou.host.processes import end_child, start_child, sweep

FIRST_WAIT = 0.2  # seconds before the second restart; doubles
LONGEST_WAIT = 15.0
HEALTHY_AFTER = 30.0  # a child that lived this long starts again with a clean slate


def say(line: str) -> None:
    """One loud line where the operator looks."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


@dataclass(slots=True)
class Restarts:
    """When something that died may be started again: at once the first time, then ever later."""

    failures: int = 0
    begun: float = field(default_factory=time.monotonic)
    not_before: float = 0.0

    def died(self) -> None:
        now = time.monotonic()
        self.failures = 1 if now - self.begun > HEALTHY_AFTER else self.failures + 1
        wait = 0.0 if self.failures == 1 else min(LONGEST_WAIT, FIRST_WAIT * 2 ** (self.failures - 2))
        self.not_before = now + wait

    def due(self) -> bool:
        return time.monotonic() >= self.not_before

    def started(self) -> None:
        self.begun = time.monotonic()


@dataclass(slots=True)
class Child:
    """One process of ours with its log. ``label`` is its Chinese name in messages."""

    label: str
    command: list[str]
    log: Path
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    restarts: Restarts = field(default_factory=Restarts)

    def start(self) -> None:
        """In its own session, ending with us. Call from the main thread."""
        with self.log.open("ab") as log:
            self.process = start_child(self.command, self.environment, log, log)
        self.restarts.started()

    def watch(self) -> None:
        """Notice a death and start again when it is due."""
        if self.process is not None:
            if (code := self.process.poll()) is None:
                return
            say(f"⚠ {self.label}（进程 {self.process.pid}）意外结束（{_reason(code)}），正在重新启动；日志 {self.log}")
            sweep(self.process)  # what it left must not hold its port
            self.process = None
            self.restarts.died()
        if self.restarts.due():
            self.start()

    def stop(self, seconds: float, hurry: Callable[[], bool]) -> None:
        """Ask, then insist after ``seconds`` or as soon as the operator is in a ``hurry``."""
        if self.process is not None:
            end_child(self.process, seconds, hurry)
            self.process = None


def _reason(code: int) -> str:
    return f"信号 {-code}" if code < 0 else f"退出码 {code}"
