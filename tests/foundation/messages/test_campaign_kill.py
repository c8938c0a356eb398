"""A worker that is killed in the middle of a campaign, for real: nobody is told twice, nobody is left out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from django.db import connection
from django.utils import timezone
from psycopg.conninfo import make_conninfo

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.messages.campaigns.actions import confirm_campaign, write_campaign
from jiamenkou.foundation.messages.models import Campaign, Message, Recipient
from tests.people import make_resident, make_staff, make_town
from tests.shared import ROOT

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 40

# tells everybody who waits, one by one, and notes at the end whom it has told
CARELESS = """
with scope(EVERYTHING):
    rows = Recipient.objects.filter(campaign_id=pk, told_at__isnull=True).order_by("id")
    waiting = list(rows.select_related("resident"))
for r in waiting:
    with scope(EVERYTHING, actor="t", reason="t"):
        tell_over((), NEWS, r.resident, {"title": "x"})
    print("told", flush=True)
    time.sleep(0.02)
with scope(EVERYTHING, actor="t", reason="t"):
    Recipient.objects.filter(pk__in=[r.pk for r in waiting]).update(told_at=timezone.now())
"""
OURS = """
send_all(pk, batch=3, between=lambda told: (print("told", flush=True), time.sleep(0.05)))
"""
START = """
import sys, time, django
django.setup()
from django.utils import timezone
from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.messages.campaigns.notice import NEWS
from jiamenkou.foundation.messages.campaigns.sending import send_all
from jiamenkou.foundation.messages.models import Recipient
from jiamenkou.foundation.messages.send import tell_over
pk = int(sys.argv[1])
"""


@pytest.fixture
def campaign() -> Campaign:
    with scope(EVERYTHING, actor="test", reason="test"):
        town = make_town()
        for _ in range(PEOPLE):
            make_resident(town.community, town.grids[0])
        by = Actor(make_staff(Role.WORKER, town.community))
        made = write_campaign(town.community, by=by, reason="t", title="停水通知", body="明天上午停水。")
        today = timezone.localdate()
        return confirm_campaign(made, typed=str(PEOPLE), by=by, now=timezone.now(), today=today, reason="t")


def started(script: str, pk: int) -> subprocess.Popen[str]:
    url = make_conninfo(os.environ["JIAMENKOU_DATABASE_URL"], dbname=connection.settings_dict["NAME"])
    return subprocess.Popen(
        [sys.executable, "-c", START + script, str(pk)],
        env={**os.environ, "JIAMENKOU_DATABASE_URL": url},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def killed_in_the_middle(script: str, pk: int) -> None:
    process = started(script, pk)
    assert process.stdout is not None
    for _ in range(4):
        assert process.stdout.readline() == "told\n"
    process.send_signal(signal.SIGKILL)
    assert process.wait(20) == -signal.SIGKILL
    process.stdout.close()
    time.sleep(0.2)  # until the database has noticed and undone what was open


def finished(script: str, pk: int) -> None:
    process = started(script, pk)
    process.communicate(timeout=120)
    assert process.returncode == 0


def told() -> Counter[int]:
    with scope(EVERYTHING):
        return Counter(Message.objects.order_by("id").values_list("resident_id", flat=True))  # type: ignore[arg-type]


def test_the_careless_sender_doubles(campaign: Campaign) -> None:
    killed_in_the_middle(CARELESS, campaign.pk)
    assert 0 < len(told()) < PEOPLE
    finished(CARELESS, campaign.pk)
    assert len(told()) == PEOPLE
    assert max(told().values()) == 2, "whoever was told before the kill is told again"


def test_ours_goes_on_where_it_was(campaign: Campaign) -> None:
    killed_in_the_middle(OURS, campaign.pk)
    before = told()
    assert 0 < len(before) < PEOPLE and set(before.values()) == {1}
    with scope(EVERYTHING):
        marked = set(
            Recipient.objects.filter(told_at__isnull=False).values_list("resident_id", flat=True).order_by("id")
        )
    assert marked == set(before), "mark and message stand or fall together"
    finished(OURS, campaign.pk)
    assert len(told()) == PEOPLE and set(told().values()) == {1}
    with scope(EVERYTHING):
        assert Campaign.objects.get(pk=campaign.pk).state == "done"


def test_two_senders_at_once(campaign: Campaign) -> None:
    both = [started(OURS, campaign.pk) for _ in range(2)]
    for process in both:
        process.communicate(timeout=120)
        assert process.returncode == 0
    assert len(told()) == PEOPLE and set(told().values()) == {1}
