"""CPU per page, web and PostgreSQL together, on the demo community of a running ``jiamenkou up``.

``run()`` starts its own house in a temporary directory. Targets: resident home and 今天 ≤ 20 CPU-ms, p95 < 100 ms
with four in flight. What a page asks the database is counted by ``tests/fronts/test_queries.py``.
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
from concurrent.futures import ThreadPoolExecutor
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
# all cases of the demo's year again and again, until there are so many in the street
CASES = 100_000
MORE_CASES = f"""
from django.db import connection
from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.cases.models import Case
names = [field.column for field in Case._meta.concrete_fields if field.column not in ("id", "uid", "number")]
with scope(EVERYTHING, actor="system:bench", reason="bench"), connection.cursor() as cursor:
    cursor.execute("set local statement_timeout = 0")
    whole = Case.objects.exclude(state="merged").filter(upper_number="")
    times = -(-({CASES} - Case.objects.count()) // whole.count())
    listed = ", ".join(names)
    cursor.execute(
        f"insert into cases_case (uid, number, {{listed}}) select gen_random_uuid(), number || '-' || again, {{listed}} "
        "from cases_case, generate_series(1, %s) again where state <> 'merged' and upper_number = ''", [times])
    print(Case.objects.count(), Case.objects.open().count())
with connection.cursor() as cursor:
    cursor.execute("analyze cases_case")
"""
TIMES = 60
IN_FLIGHT = 4


def _cpu_seconds(pids: list[int]) -> dict[int, float]:
    """User and system time of each process so far (Linux); one that has ended is left out."""
    seconds = {}
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        seconds[pid] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return seconds


def _since(before: dict[int, float]) -> float:
    """What the processes that are still there have used meanwhile: the one that loads the demo ends about then."""
    return sum(seconds - before[pid] for pid, seconds in _cpu_seconds(list(before)).items())


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
            found = {name: _page(up.pid, url, browsers[user], path) for name, (user, path) in PAGES.items()}
            said = subprocess.run(
                [sys.executable, "-m", "jiamenkou", "manage", "shell", "-c", MORE_CASES],
                env=environment, capture_output=True, text=True, check=True,
            )  # fmt: skip
            cases, open_ones = said.stdout.split()[-2:]
            many = f"今天, {cases} cases, {open_ones} of them open"
            return found | {many: _page(up.pid, url, browsers["demo-worker-1"], "/desk/")}
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
    web, database = _kinds(_descendants(root))
    before, walls, size = (_cpu_seconds(web), _cpu_seconds(database)), [], 0
    for _ in range(TIMES):
        started = time.perf_counter()
        size = len(opener.open(url + path, timeout=20).read())
        walls.append(time.perf_counter() - started)
    of_web, of_database = _since(before[0]), _since(before[1])
    return {
        "cpu_ms": round(1000 * (of_web + of_database) / TIMES, 1),
        "of_it_postgresql_ms": round(1000 * of_database / TIMES, 1),
        "wall_p95_ms": _p95(walls),
        # four new connections write and plan their statements first; then as it goes on
        "wall_p95_ms_4_in_flight, new connections": _p95(_together(opener, url + path)),
        "wall_p95_ms_4_in_flight": _p95(_together(opener, url + path)),
        "bytes": size,
        "load": round(os.getloadavg()[0], 1),
    }


def _together(opener: urllib.request.OpenerDirector, url: str) -> list[float]:
    """Seconds of each request while four are under way."""

    def once(_: int) -> float:
        started = time.perf_counter()
        opener.open(url, timeout=20).read()
        return time.perf_counter() - started

    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        return list(pool.map(once, range(TIMES)))


def _p95(walls: list[float]) -> float:
    return round(1000 * sorted(walls)[int(len(walls) * 0.95)], 1)


def _kinds(pids: list[int]) -> tuple[list[int], list[int]]:
    """Processes of ours, and those of PostgreSQL."""
    database = [pid for pid in pids if _command(pid).startswith("postgres")]
    return [pid for pid in pids if pid not in database], database


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        return ""
