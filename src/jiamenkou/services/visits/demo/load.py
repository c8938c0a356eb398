"""A few weeks of visits through the room's own actions, today's list for the grid workers, and one door with two phones."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.links import DEMO_PREFIX
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.people.models import Account, Resident
from jiamenkou.services.visits.actions.planning import OLD_AGE, candidates, plan_visits
from jiamenkou.services.visits.actions.recording import record_visit
from jiamenkou.services.visits.models import Plan
from jiamenkou.services.visits.reading import read_told
from jiamenkou.services.visits.states import Why

REASON = "示范数据"
NAMES = UUID("6f1c2f0a-0f52-4f0e-9a67-5f5f0d6f1b11")
WORDS = {"old": "高龄老人，问问冷暖", "alone": "一人住，看看有没有事", "silent": "三个月没去过了"}
NEEDS = [
    ("repair", "厨房水龙头关不紧"),
    ("care", "想有人隔天来送顿饭"),
    ("health", "降压药快吃完了，走不动去拿"),
    ("work", "儿媳想在附近找个活"),
    ("aid", "这个月药费多，手头紧"),
    ("children", "孙子放学没人接"),
]
NOTES = ["精神很好，说谢谢来看她。", "耳朵背，说话要大声。", "楼道灯坏了，上楼摸黑。", ""]
WEEKS = 4


def load(say: Any) -> None:
    """Everything of this room. ``say`` takes one sentence about what is being done."""
    random, now = Random(20261128), timezone.localtime()  # noqa: S311 - invented people
    workers = [
        Actor(account)
        for account in Account.objects.filter(username__startswith=f"{DEMO_PREFIX}grid-worker").order_by("username")
    ]
    lead = Actor(Account.objects.get(username=f"{DEMO_PREFIX}worker-1"))
    say("走访几个星期")
    for by in workers:
        people = _people(by, random)
        _weeks(people[:14], by, now, random)
        _today(people[14:24], by, lead, now.date())
    say("一户有两部手机记")
    _two_phones(workers[0], lead, now)


def _people(by: Actor, random: Random) -> list[Resident]:
    """The grid's old people first, then those who live alone, then others."""
    grid = next(held.place for held in by.roles if held.role is Role.GRID_WORKER)
    here = Resident.objects.present().filter(grid=grid).select_related("community")
    today = timezone.localdate()
    found = list(candidates(here, Why.OLD, today).order_by("id")[:12])
    found += list(candidates(here, Why.ALONE, today).order_by("id")[:12])
    found += list(here.order_by("id")[:12])
    kept = list({person.pk: person for person in found}.values())
    random.shuffle(kept)
    return kept


def _weeks(people: list[Resident], by: Actor, now: datetime, random: Random) -> None:
    for number, person in enumerate(people):
        at = _daytime(now, random.randint(1, WEEKS * 7), random.randint(9 * 60, 16 * 60))
        met = number % 5 != 3
        outcome = "met" if met else random.choice(["absent", "absent", "refused"])
        told: dict[str, Any] = {"outcome": outcome, "note": random.choice(NOTES)}
        if met:
            told["answers"] = {
                "living": random.choice(["alone", "spouse", "children"]),
                "body": random.choice(["well", "well", "chronic", "slow"]),
                "safety": [random.choice(["fine", "fine", "gas", "wires", "slip"])],
                "money": random.choice(["enough", "enough", "tight"]),
            }
            told["needs"] = [random.choice(NEEDS)] if random.random() < 0.4 else []
            told["facts"] = {"phone": f"1380000{7000 + number:04d}"} if number % 9 == 2 else {}
        _record(person, told, by, at, f"{by.audit_name}:{number}")


def _record(
    person: Resident, told: dict[str, Any], by: Actor, at: datetime, name: str, device: str = "", seen: int = 2**40
) -> None:
    given = {
        "uid": str(uuid5(NAMES, f"{name}:{person.pk}")),
        "resident": person.pk,
        "form": 1,
        "at": at.timestamp() * 1000,
        "device": str(uuid5(NAMES, device or by.audit_name)),
        "seen": seen,
    }
    raw = json.dumps(given | told)
    record_visit(read_told(raw.encode(), ahead=0), person, by=by, now=at + timedelta(minutes=20), reason=REASON)


def _today(people: list[Resident], by: Actor, lead: Actor, today: date) -> None:
    for number, person in enumerate(people):
        old = (person.age(today) or 0) >= OLD_AGE
        why = Why.OLD if old else [Why.ALONE, Why.SILENT][number % 2] if _lives_alone(person) else Why.SILENT
        plan_visits(
            [person], why=why, word=WORDS[why], due_on=today + timedelta(days=number // 4),
            assigned=by.account if number % 2 else None, by=lead, today=today, reason=REASON,
        )  # fmt: skip


def _daytime(now: datetime, days_ago: int, minute: int) -> datetime:
    """A minute of a day in the past; nobody knocks at night."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=days_ago) + timedelta(minutes=minute)


def _lives_alone(person: Resident) -> bool:
    return candidates(Resident.objects.filter(pk=person.pk), Why.ALONE, timezone.localdate()).exists()


def _two_phones(by: Actor, lead: Actor, now: datetime) -> None:
    """Both knocked at the same door yesterday, in the stairwell without signal."""
    plan = Plan.objects.filter(grid__in=by.scope().grids).open().select_related("resident__community").last()
    if plan is None:
        return
    first = {"outcome": "met", "answers": {"living": "alone", "body": "slow", "money": "enough"}, "needs": [NEEDS[0]]}
    second = {
        "outcome": "met",
        "answers": {"living": "alone", "body": "chronic", "money": "tight"},
        "needs": [NEEDS[4]],
    }
    at = _daytime(now, 1, 15 * 60 + 10)
    _record(plan.resident, first, by, at, "two:1", "phone-a", seen=0)
    _record(plan.resident, second, lead, at + timedelta(minutes=40), "two:2", "phone-b", seen=0)
