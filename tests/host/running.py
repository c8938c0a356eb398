"""An ``up`` that really runs, with the stand-in site, for tests that kill and ask it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from jiamenkou.host.network import free_port
from jiamenkou.host.processes import identify

ROOT = Path(__file__).resolve().parents[2]


def environment(**more: str) -> dict[str, str]:
    """Ours without what would lead elsewhere, with the stand-in as settings."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("JIAMENKOU_", "DJANGO_", "PG")) and name not in {"DATABASE_URL", "PORT"}
    }
    python_path = f"{ROOT / 'src'}{os.pathsep}{ROOT}"
    return clean | {"DJANGO_SETTINGS_MODULE": "tests.host.stub.settings", "PYTHONPATH": python_path} | more


def jiamenkou(*arguments: str, seconds: float = 60, **more: str) -> subprocess.CompletedProcess[str]:
    """One command to its end."""
    command = [sys.executable, "-m", "jiamenkou", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=seconds, env=environment(**more), cwd=ROOT)


def diagnosed(*arguments: str, seconds: float = 60, **more: str) -> dict[str, str]:
    """State by name as ``doctor`` finds them, and its exit with them.

    The holiday table ends with a year, and next year's decree comes late: what it says by the clock of the
    machine is asserted by ``test_the_calendar_alarms_sixty_days_ahead``, and is left out here.
    """
    done = jiamenkou("doctor", *arguments, "--json", seconds=seconds, **more)
    found = json.loads(done.stdout)
    states = {check["name"]: check["state"] for check in found["checks"]}
    assert found["ok"] is ("fail" not in states.values())
    assert done.returncode == (0 if found["ok"] else 1)
    del states["calendar"]
    return states


T = TypeVar("T")


def until(ask: Callable[[], T], seconds: float = 30) -> T:
    """The first answer that is true."""
    end = time.monotonic() + seconds
    while True:
        if answer := ask():
            return answer
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.05)


class Up:
    """``jiamenkou up`` on a data directory of its own."""

    def __init__(self, data: Path, *arguments: str, prefix: tuple[str, ...] = (sys.executable,), **more: str) -> None:
        self.data = data
        self.port = free_port()
        self.output = data.with_suffix(".out")
        command = [*prefix, "-m", "jiamenkou", "up", "--port", str(self.port), "--data", str(data), *arguments]
        with self.output.open("wb") as out:
            self.process = subprocess.Popen(
                command, stdout=out, stderr=subprocess.STDOUT, env=environment(**more), cwd=ROOT
            )

    @property
    def said(self) -> str:
        return self.output.read_text()

    def ready(self, seconds: float = 60) -> Up:
        until(lambda: "已就绪" in self.said or self.process.poll() is not None, seconds)
        assert self.process.poll() is None, self.said
        return self

    def ask(self, path: str, body: str | None = None) -> tuple[int, Any]:
        """Status and JSON; status 0 where nothing answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET" if body is None else "POST", path, body)
            answer = connection.getresponse()
            content = answer.read()
            return answer.status, json.loads(content) if content.startswith(b"{") else content
        except (OSError, http.client.HTTPException):
            return 0, None
        finally:
            connection.close()

    def answers(self, path: str = "/") -> bool:
        return self.ask(path)[0] == 200

    def processes(self) -> dict[str, int]:
        """pid by role: web (granian's main process), web_worker, worker, postgres."""
        found: dict[str, int] = {}
        for child in _children(self.process.pid):
            line = _command_line(child)
            if "jiamenkou.host.web" in line:
                found["web"] = child
                if below := _children(child):
                    found["web_worker"] = below[-1]
            elif "jiamenkou.host.worker" in line:
                found["worker"] = child
            elif "bin/postgres" in line:
                found["postgres"] = child
        return found

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(40)


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def gone(*pids: int) -> bool:
    return all(identify(pid) is None for pid in pids)
