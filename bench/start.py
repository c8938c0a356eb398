"""How long until the first page: from an empty directory, and warm; and until the demo community is there.

``python -m bench.start [--json] [--runs N] [--demo]``. The clock starts with the process and stops with the first
answer 200 to ``/``; installing is not in it. Beside the wall time stands the CPU time of everything that ran until
then and while stopping, PostgreSQL included: the steadier figure on a machine that others use.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from jiamenkou.host.network import free_port

TARGETS = {"cold": 15.0, "warm": 4.0, "demo": 90.0}  # seconds
GIVE_UP = 300.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.start", description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=3, help="the best of so many; the machine may be shared")
    parser.add_argument("--demo", action="store_true", help="also wait for the demo community")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    figures = measure(given.runs, given.demo)
    if given.json:
        print(json.dumps(figures))
    else:
        for name, figure in figures.items():
            print(
                f"{name:<5} best {figure['best']:6.2f} s  target {figure['target']:.0f} s"
                f"  CPU {figure['cpu']:.2f} s  all {figure['all']}"
            )
    return 0 if all(figure["best"] < figure["target"] for figure in figures.values()) else 1


def run() -> dict[str, dict[str, Any]]:
    """For ``make bench``: twice from empty and warm, once until the demo is there."""
    return measure(2, True)


def measure(runs: int, demo: bool) -> dict[str, dict[str, Any]]:
    """Seconds by name: ``cold``, ``warm`` and, where asked, ``demo`` (until ``/readyz`` says 200)."""
    seconds: dict[str, list[tuple[float, float]]] = {"cold": [], "warm": []}
    for _ in range(runs):
        folder = Path(tempfile.mkdtemp(prefix="jiamenkou-bench-"))
        try:
            seconds["cold"].append(_start(folder / "house", "/", "--no-demo"))
            seconds["warm"].append(_start(folder / "house", "/"))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    if demo:
        folder = Path(tempfile.mkdtemp(prefix="jiamenkou-bench-"))
        try:
            seconds["demo"] = [_start(folder / "house", "/readyz")]
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return {
        name: {
            "best": round(min(wall for wall, _ in took), 2),
            "cpu": round(min(cpu for _, cpu in took), 2),
            "all": [round(wall, 2) for wall, _ in took],
            "target": TARGETS[name],
        }
        for name, took in seconds.items()
    }


def _start(data: Path, page: str, *arguments: str) -> tuple[float, float]:
    """Wall and CPU seconds from the start of ``up`` to the first 200 of ``page``; stops it again."""
    port = free_port()
    command = [sys.executable, "-m", "jiamenkou", "up", "--port", str(port), "--data", str(data), *arguments]
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "JIAMENKOU_KEYS"}}
    before, began = _cpu(), time.monotonic()
    house = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
    try:
        while not _answers(port, page):
            if house.poll() is not None or time.monotonic() - began > GIVE_UP:
                raise RuntimeError(f"{page} did not answer")
            time.sleep(0.02)
        wall = time.monotonic() - began
    finally:
        house.send_signal(signal.SIGTERM)
        house.wait()
    return wall, _cpu() - before


def _cpu() -> float:
    """CPU seconds of every child that has ended, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _answers(port: int, page: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", page)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
