"""CPU per page, web and PostgreSQL together, on the demo community of a running ``jiamenkou up``.

``run()`` starts its own house in a temporary directory. Targets: resident home and 今天 ≤ 20 CPU-ms, ≤ 12 queries.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

PAGES = {
    "home, signed in": ("demo-resident-1", "/"),
    "找工作, sorted by the wish": ("demo-resident-1", "/jobs/"),
    "我的事": ("demo-resident-1", "/me/things/"),
    "今天": ("demo-worker-1", "/desk/"),
    "岗位": ("demo-worker-1", "/desk/jobs/vacancies/"),
    "home, a stranger": (None, "/"),
}
TIMES = 60


def _cpu_seconds(pids: list[int]) -> float:
    """User and system time of the processes so far (Linux)."""
    ticks = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _descendants(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, queue = [], [root]
    while queue:
        pid = queue.pop()
        found.append(pid)
        queue += children.get(pid, [])
    return found


def run() -> dict[str, Any]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="jiamenkou-bench-") as data:
        environment = os.environ | {"PORT": str(port), "JIAMENKOU_DATA": data}
        up = subprocess.Popen(
            [sys.executable, "-m", "jiamenkou", "up", "--port", str(port), "--data", data],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            url = f"http://127.0.0.1:{port}"
            until = time.monotonic() + 300
            while time.monotonic() < until:
                try:
                    urllib.request.urlopen(f"{url}/readyz", timeout=5)
                    break
                except OSError:
                    time.sleep(0.5)
            listed = subprocess.run(
                [sys.executable, "-m", "jiamenkou", "demo", "accounts", "--json"],
                env=environment, capture_output=True, text=True, check=True,
            )  # fmt: skip
            links = {one["username"]: one["login_url"] for one in json.loads(listed.stdout)}
            # each link signs in once: a person keeps one browser for all pages
            browsers = {user: _browser(links.get(user or "")) for user in {user for user, _ in PAGES.values()}}
            return {name: _page(up.pid, url, browsers[user], path) for name, (user, path) in PAGES.items()}
        finally:
            up.send_signal(signal.SIGTERM)
            up.wait(30)


def _browser(link: str | None) -> urllib.request.OpenerDirector:
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    if link:
        opener.open(link, timeout=20).read()
    return opener


def _page(root: int, url: str, opener: urllib.request.OpenerDirector, path: str) -> dict[str, Any]:
    for _ in range(5):
        opener.open(url + path, timeout=20).read()
    pids = _descendants(root)
    before, walls, size = _cpu_seconds(pids), [], 0
    for _ in range(TIMES):
        started = time.perf_counter()
        size = len(opener.open(url + path, timeout=20).read())
        walls.append(time.perf_counter() - started)
    cpu = _cpu_seconds(pids) - before
    return {
        "cpu_ms": round(1000 * cpu / TIMES, 1),
        "wall_p95_ms": round(1000 * sorted(walls)[int(TIMES * 0.95)], 1),
        "bytes": size,
    }
