"""CPU of a week of 30 calendars on the desk, web and PostgreSQL together, on the demo community of a real ``jiamenkou up``.

Target: ≤ 25 CPU-ms. The calendars beyond the demo's are filled with 20 bookings each before anything is measured.
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
from typing import Any

from bench.pages import _browser, _page

RESOURCES, EACH = 30, 20
FILL = f"""
from datetime import datetime, time, timedelta
from django.utils import timezone
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.bookings.models import Resource
from jiamenkou.foundation.bookings.people import stranger
from jiamenkou.services.stations.actions import culture, stations as acts
from jiamenkou.services.stations.models import Station
now, by = timezone.now(), Actor(None)
with scope(EVERYTHING, actor="system:bench", reason="bench"):
    station = Station.objects.select_related("calendar").order_by("id").first()
    here = Resource.objects.filter(community=station.community_id, kind__in=["person", "room"], about__startswith="stations.")
    number = 0
    while here.count() < {RESOURCES}:
        number += 1
        service = acts.add_service(station, "约", f"师傅{{number}}", [(range(7), 480, 1200)], by=by, reason="bench")
        monday = timezone.localdate(now) - timedelta(days=timezone.localdate(now).weekday()) + timedelta(days=7)
        for n in range({EACH}):
            start = timezone.make_aware(datetime.combine(monday + timedelta(days=n % 7), time(8 + n // 7 * 2)))
            culture.book_service(service, None, stranger("张三", "3 栋", station.community_id), start, by=by, now=now, reason="bench", staff=True)
    print("resources", here.count())
"""


def run() -> dict[str, Any]:
    from datetime import date, timedelta

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
            url, until = f"http://127.0.0.1:{port}", time.monotonic() + 300
            while time.monotonic() < until:
                try:
                    urllib.request.urlopen(f"{url}/readyz", timeout=5)
                    break
                except OSError:
                    time.sleep(0.5)
            command = [sys.executable, "-m", "jiamenkou"]
            subprocess.run([*command, "manage", "shell", "-c", FILL], env=environment, check=True, capture_output=True)
            listed = subprocess.run(
                [*command, "demo", "accounts", "--json"], env=environment, capture_output=True, text=True, check=True
            )
            links = {one["username"]: one["login_url"] for one in json.loads(listed.stdout)}
            today = date.today()
            monday = today - timedelta(days=today.weekday()) + timedelta(days=7)
            week = f"/desk/stations/calendar/?from={monday.isoformat()}"
            worker, host, stranger = (_browser(links.get(name)) for name in ("demo-worker-1", "demo-host-1", ""))
            return {
                "week of 30 calendars": _page(up.pid, url, worker, week),
                "station, a stranger": _page(up.pid, url, stranger, "/stations/1/"),
                "a host's day": _page(up.pid, url, host, "/stations/host/1/"),
            }
        finally:
            up.send_signal(signal.SIGTERM)
            up.wait(30)
