"""Processes told apart with certainty: a number alone may have been given to somebody else since.

Linux answers from ``/proc``; elsewhere ``ps`` does, and what it cannot say is ``None``.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_PROC = Path("/proc")
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class Identity:
    """A process that ran at some time: its number and the moment it was started, as the system words it."""

    pid: int
    started: str


def identify(pid: int) -> Identity | None:
    """Who runs under ``pid`` now; ``None`` where nobody does (a zombie is nobody)."""
    if not _PROC.joinpath("self").exists():
        return _identify_by_ps(pid)
    try:
        # the command may hold spaces and brackets, so the fields are counted from its last bracket
        fields = (_PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return None
    state, ticks = fields[0], fields[19]
    return None if state in {"Z", "X"} else Identity(pid, f"{boot}:{ticks}")


def _identify_by_ps(pid: int) -> Identity | None:
    if (ps := shutil.which("ps")) is None:
        return None
    answer = subprocess.run([ps, "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S603
    started = answer.stdout.strip()
    return Identity(pid, started) if started else None


def alive(who: Identity) -> bool:
    """Whether this very process still runs, not merely one with its number."""
    return identify(who.pid) == who


def works_in(pid: int, folder: Path) -> bool:
    """Whether the process ``pid`` runs with ``folder`` as its working directory, as a postmaster does."""
    if not _PROC.joinpath("self").exists():
        ps = shutil.which("ps") or "ps"
        answer = subprocess.run([ps, "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S603
        return str(folder) in answer.stdout
    try:
        return Path(os.readlink(_PROC / str(pid) / "cwd")) == folder.resolve()
    except OSError:
        return False


def die_with_parent(how: signal.Signals) -> Callable[[], None] | None:
    """A ``preexec_fn``: the child gets the signal ``how`` when the thread that started it is gone.

    So a supervisor that was killed -9 leaves no servers behind. Start children from the main thread.
    """
    if _LIBC is None:
        return None
    libc = _LIBC
    parent = os.getpid()

    def bind_to_parent() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(how), 0, 0, 0)
        if os.getppid() != parent:  # it died before the line above
            os._exit(1)

    return bind_to_parent


def start_child(
    command: list[str], environment: Mapping[str, str], stdout: IO[bytes], stderr: IO[bytes] | int
) -> subprocess.Popen[bytes]:
    """A process in its own session, so that Ctrl-C reaches only us, and ending with us. From the main thread."""
    return subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        env=dict(environment),
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGKILL),
    )


def end_child(process: subprocess.Popen[bytes], seconds: float, hurry: Callable[[], bool]) -> None:
    """SIGTERM, then SIGKILL for its whole session after ``seconds`` or as soon as there is a ``hurry``."""
    until = time.monotonic() + seconds
    if process.poll() is None:
        process.terminate()
    while process.poll() is None and time.monotonic() < until and not hurry():
        time.sleep(0.02)
    sweep(process)
    process.wait()


def sweep(leader: subprocess.Popen[bytes]) -> None:
    """End whatever runs in the session of a child that we started, the child included."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader.pid, signal.SIGKILL)


def follow_parent(how: signal.Signals = signal.SIGKILL) -> None:
    """The same for the calling process itself, when its parent is a program that is not ours."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(how), 0, 0, 0)


def end(pid: int, how: signal.Signals, seconds: float, gone: Callable[[], bool]) -> bool:
    """Send ``how`` and wait up to ``seconds`` until ``gone``; whether it is."""
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        return True
    until = time.monotonic() + seconds
    while not gone():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def environment_of(pid: int, name: str) -> str | None:
    """One variable of another process of ours, as it was when that one started."""
    try:
        entries = (_PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return None
    values = (entry.partition(b"=")[2] for entry in entries if entry.startswith(name.encode() + b"="))
    return next((os.fsdecode(value) for value in values), None)
