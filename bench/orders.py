"""Five hundred signed-in residents, a hundred boxes, fifty in flight; and the product page beside it.

``run()`` starts its own house, makes the residents, and lets them buy through the product's own form: cookies, CSRF
token, idempotency key, audit, ledger and outbox on. ``JIAMENKOU_ORDER_DRIVER`` names a load driver with the adapter
``json`` (``load.py``); its figures then stand beside ours. Targets: ≤ 15 CPU-ms an attempt, < 10 s, "已抢光" p95 < 500 ms,
exactly 100 in every run; the page ≤ 12 CPU-ms and ≤ 20 kB compressed.
"""

from __future__ import annotations

import gzip
import http.client
import json
import os
import queue
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.pages import _cpu_seconds, _descendants

BUYERS, BOXES, FLIGHT, RUNS = 500, 100, 50, int(os.environ.get("JIAMENKOU_ORDER_RUNS", "10"))
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')

# Runs in a process of its own with the house's settings, as the web role; prints JSON.
MAKE = """
import json, sys
from datetime import timedelta
import django; django.setup()
from django.test import Client
from django.utils import timezone
from jiamenkou.foundation.access import sessions
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.ledger.models import Way
from jiamenkou.foundation.people.models import Account, AccountResident, Resident
from jiamenkou.services.groupbuy.actions.cycles import Draft, Wanted, draft_cycle, publish_cycle
from jiamenkou.services.groupbuy.models import Leader, PickupPoint, Product
what = json.loads(sys.argv[1])
now = timezone.now()
with scope(EVERYTHING, actor="system:bench", reason="bench"):
    leader = Leader.objects.get(account__username="demo-leader-1")
    if what["make"] == "people":
        people = Resident.objects.filter(community=leader.community).order_by("id")[:what["buyers"]]
        cookies = []
        for number, person in enumerate(people):
            account = Account.objects.create(username=f"buyer-{number}", display_name=f"buyer {number}")
            AccountResident.objects.create(account=account, resident=person, relation="self", proof="bench")
            browser = Client()
            browser.force_login(account)
            session = browser.session
            sessions.mark(session, account, way="phone", strong=False)
            session.save()
            cookies.append(browser.cookies["session"].value)
        print(json.dumps(cookies))
    elif what["make"] == "cycle":
        products = list(Product.objects.filter(supplier__community=leader.community, by_lot=False).order_by("id"))
        supplier = products[0].supplier
        supplier.merchant = "1900000109"
        supplier.save()
        wanted = [Wanted(one, one.price_fen, what["stock"], 2) for one in products[:1]]
        for number in range(what.get("more", 0)):
            extra = Product.objects.create(supplier=supplier, name=f"Product {number}", spec="1", unit="1", price_fen=990)
            wanted.append(Wanted(extra, 990, 10_000, 0))
        draft = Draft("bench", now - timedelta(hours=1), now + timedelta(hours=9), now + timedelta(days=2), now + timedelta(days=3),
                      wanted, list(PickupPoint.objects.filter(community=leader.community).order_by("id")), {"way": Way.WECHAT})
        cycle = draft_cycle(leader, supplier, draft, by=Actor(leader.account), reason="bench")
        publish_cycle(cycle, by=Actor(leader.account), now=now, reason="bench")
        print(json.dumps({"cycle": cycle.pk, "offer": cycle.offers.order_by("id")[0].pk, "point": cycle.points.order_by("id")[0].pk}))
    else:
        from django.db import connection
        from jiamenkou.services.groupbuy.models import Offer, Order
        offer = Offer.objects.get(pk=what["offer"])
        with connection.cursor() as cursor:
            counted = {}
            for table in ("ledger_entry", "ledger_transaction", "audit_auditentry", "inbox_message", "procrastinate_jobs",
                          "access_storedanswer", "ledger_paymentintent"):
                cursor.execute(f"select count(*) from {table}")
                counted[table] = cursor.fetchone()[0]
        orders = Order.objects.filter(cycle=offer.cycle_id).count()
        print(json.dumps({"orders": orders, "left": offer.left, "rows": counted}))
"""


def run() -> dict[str, Any]:
    from tests.stories.conftest import answers, free_port

    port = free_port()
    with tempfile.TemporaryDirectory(prefix="jiamenkou-bench-") as data:
        environment = os.environ | {"PORT": str(port), "JIAMENKOU_DATA": data}
        up = subprocess.Popen(
            [sys.executable, "-m", "jiamenkou", "up", "--port", str(port), "--data", data],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            until = time.monotonic() + 400
            while not answers(f"http://127.0.0.1:{port}/readyz") and time.monotonic() < until:
                time.sleep(0.5)
            return _measure(up.pid, port, _house(up.pid))
        finally:
            up.send_signal(signal.SIGTERM)
            up.wait(30)


def _house(root: int) -> dict[str, str]:
    """The environment of the web process: its database, keys and settings are what the makers need."""
    for pid in _descendants(root):
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().decode()
            raw = Path(f"/proc/{pid}/environ").read_bytes().decode()
        except OSError:
            continue
        if "jiamenkou.host.web" in words:
            return dict(line.split("=", 1) for line in raw.split("\0") if "=" in line)
    raise RuntimeError("no web process")


def _make(house: dict[str, str], **what: Any) -> Any:
    environment = house | {"DJANGO_SETTINGS_MODULE": "jiamenkou.site.settings"}
    done = subprocess.run(
        [sys.executable, "-c", MAKE, json.dumps(what)], env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-1500:])
    return json.loads(done.stdout.splitlines()[-1])


def _measure(root: int, port: int, house: dict[str, str]) -> dict[str, Any]:
    cookies = _make(house, make="people", buyers=BUYERS)
    figures: dict[str, Any] = {"buyers": len(cookies), "boxes": BOXES, "in flight": FLIGHT}
    shop = _make(house, make="cycle", stock=10_000, more=19)
    figures["page"] = _page(root, port, shop, cookies)
    runs = []
    for _ in range(RUNS):
        shop = _make(house, make="cycle", stock=BOXES)
        runs.append(_burst(root, port, house, shop, cookies))
    figures["sold"] = [one["sold"] for one in runs]
    figures["exactly 100 in every run"] = all(one["sold"] == BOXES for one in runs)
    for name in ("cpu_ms_per_attempt", "wall_s", "sold_out_p50_ms", "sold_out_p95_ms", "order_p50_ms"):
        figures[name] = sorted(one[name] for one in runs)[len(runs) // 2]
        figures[f"{name}, each"] = [one[name] for one in runs]
    figures["other answers"] = [one["other"] for one in runs]
    figures["breakdown of the last run"] = runs[-1]["breakdown"]
    figures["load"] = round(os.getloadavg()[0], 1)
    return figures


def _request(port: int, method: str, path: str, cookie: str, body: str = "", **headers: str) -> tuple[int, bytes, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection.request(method, path, body or None, {"Cookie": cookie, **kind, **headers})
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers
    finally:
        connection.close()


def _page(root: int, port: int, shop: dict[str, int], cookies: list[str], times: int = 60) -> dict[str, Any]:
    """The page of a group with twenty products, as a signed-in resident sees it."""
    path, cookie = f"/groups/{shop['cycle']}/", f"session={cookies[0]}"
    for _ in range(5):
        _request(port, "GET", path, cookie)
    pids = _descendants(root)
    before, body = _cpu_seconds(pids), b""
    for _ in range(times):
        status, body, _headers = _request(port, "GET", path, cookie)
        assert status == 200, status
    return {
        "cpu_ms": round(1000 * (_cpu_seconds(pids) - before) / times, 1),
        "bytes": len(body),
        "compressed": len(gzip.compress(body)),
    }


def _burst(root: int, port: int, house: dict[str, str], shop: dict[str, int], cookies: list[str]) -> dict[str, Any]:
    """Everybody has the page open; all press at once, ``FLIGHT`` of them at a time."""
    path = f"/groups/{shop['cycle']}/"
    csrf = secrets.token_hex(16)
    before_rows = _make(house, make="count", offer=shop["offer"])["rows"]
    waiting: queue.Queue[str] = queue.Queue()
    for cookie in cookies:
        waiting.put(cookie)
    times: dict[str, list[float]] = {"ok": [], "sold out": [], "other": []}
    other: list[int] = []
    lock = threading.Lock()

    def buyer() -> None:
        while True:
            try:
                cookie = waiting.get_nowait()
            except queue.Empty:
                return
            fields = {
                "csrfmiddlewaretoken": csrf, f"offer-{shop['offer']}": 1, "point": shop["point"],
                "idempotency_key": secrets.token_hex(8),
            }  # fmt: skip
            started = time.perf_counter()
            status, _body, _headers = _request(
                port, "POST", f"{path}order/", f"session={cookie}; csrf={csrf}", urlencode(fields)
            )
            took = time.perf_counter() - started
            word = "ok" if status == 302 else "sold out" if status == 409 else "other"
            with lock:
                times[word].append(took)
                if word == "other":
                    other.append(status)

    pids = _descendants(root)
    cpu = {pid: _cpu_seconds([pid]) for pid in pids}
    started = time.perf_counter()
    threads = [threading.Thread(target=buyer) for _ in range(FLIGHT)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall = time.perf_counter() - started
    spent = {pid: _cpu_seconds([pid]) - was for pid, was in cpu.items()}
    found = _make(house, make="count", offer=shop["offer"])

    def at(word: str, share: float) -> float:
        sorted_times = sorted(times[word]) or [0.0]
        return round(1000 * sorted_times[min(len(sorted_times) - 1, int(share * len(sorted_times)))], 1)

    return {
        "sold": found["orders"],
        "cpu_ms_per_attempt": round(1000 * sum(spent.values()) / len(cookies), 2),
        "wall_s": round(wall, 2),
        "sold_out_p50_ms": at("sold out", 0.5),
        "sold_out_p95_ms": at("sold out", 0.95),
        "order_p50_ms": at("ok", 0.5),
        "other": other,
        "breakdown": _breakdown(spent, len(cookies))
        | {f"rows {name}": found["rows"][name] - before_rows[name] for name in found["rows"]},
    }


def _breakdown(spent: dict[int, float], attempts: int) -> dict[str, float]:
    """CPU-ms an attempt, by what the process is."""
    sums: dict[str, float] = {}
    for pid, seconds in spent.items():
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        except OSError:
            words = "gone"
        name = (
            "postgres"
            if "postgres" in words
            else "web"
            if "host.web" in words
            else "worker"
            if "host.worker" in words
            else "supervisor"
        )
        sums[name] = sums.get(name, 0.0) + seconds
    return {f"{name} ms": round(1000 * total / attempts, 2) for name, total in sorted(sums.items())}
