"""Eight weeks of needs in every demo community, one project that people have used and one that is being arranged."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.links import DEMO_PREFIX
from jiamenkou.foundation.people.models import Account, Resident
from jiamenkou.foundation.places.demo import COMMUNITIES
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.needs.actions import needs as acts
from jiamenkou.services.needs.actions.projects import move_project, start_project
from jiamenkou.services.needs.actions.setup import note_supply
from jiamenkou.services.needs.catalogue import plant_categories
from jiamenkou.services.needs.demo.gathering import ask, hold_fairs, weave_net
from jiamenkou.services.needs.demo.words import WEIGHTS, WORDS
from jiamenkou.services.needs.models import Category, Need
from jiamenkou.services.needs.states import Channel, FiledBy, NeedState, Party, ProjectKind, ProjectState

REASON = "示范数据"
# needs in each community, the largest first
NUMBERS = (280, 190, 130)
WEEKS = 8
CHANNELS = [Channel.DOOR] * 5 + [Channel.DESK] * 2 + [Channel.PHONE] * 3


def load(say: Any) -> None:
    """Everything of this room. ``say`` takes one sentence about what is being done."""
    random = Random(20261128)  # noqa: S311 - invented people
    now = timezone.now()
    plant_categories()
    categories = {category.code: category for category in Category.objects.all()}
    for number, (plan, count) in enumerate(zip(COMMUNITIES, NUMBERS, strict=True), start=1):
        say(f"登记{plan.name}的需求")
        community = Place.objects.get(code=plan.code)
        by = Actor(Account.objects.get(username=f"{DEMO_PREFIX}worker-{number}"))
        people = list(Resident.objects.present().filter(community=community).order_by("id"))
        weave_net(community, plan, number, by, now, random)
        hold_fairs(community, people, categories, by, now, random)
        ask(community, people, categories, by, random)
        _needs(people, categories, count, by, now, random)
        _supply(community, categories, by, now)
        if number == 1:
            _projects(community, categories, by, now, random)
    _own(categories, now)


def _needs(
    people: list[Resident], categories: dict[str, Category], count: int, by: Actor, now: datetime, random: Random
) -> None:
    codes, weights = list(WEIGHTS), list(WEIGHTS.values())
    for person in random.choices(people, k=count):
        code = random.choices(codes, weights)[0]
        channel = random.choice(CHANNELS)
        # more of them lately
        ago = min(random.randint(0, WEEKS * 7 - 1), random.randint(0, WEEKS * 7 - 1))
        at = now - timedelta(days=ago, minutes=random.randint(1, 500))
        need = acts.file_need(
            person,
            categories[code],
            by=by,
            channel=channel,
            filed_by=FiledBy.SELF if channel == Channel.PHONE else FiledBy.WORKER,
            words=random.choice(WORDS.get(code, [""])),
            at=at,
            reason=REASON,
        )
        # the older ones have had their answer
        if need.state == NeedState.OPEN and ago > 12 and random.random() < 0.93:
            _answer(need, by, at, random)


def _answer(need: Need, by: Actor, at: datetime, random: Random) -> None:
    end = random.choices([NeedState.MET, NeedState.OPEN, NeedState.ANSWERED, NeedState.CANNOT], [62, 8, 18, 12])[0]
    answered, worker = at + timedelta(days=random.randint(3, 11)), Party.WORKER
    common: dict[str, Any] = {"party": worker, "by": by, "reason": REASON, "quiet": True}
    if end == NeedState.CANNOT:
        acts.move_need(need, end, text="眼下没有合适的人手，有了再告诉您", now=answered, **common)
        return
    acts.move_need(need, NeedState.ANSWERED, text="社区安排好了，到服务中心找值班的人", now=answered, **common)
    if end == NeedState.MET:
        acts.move_need(need, NeedState.MET, now=answered + timedelta(days=1), **common)
    elif end == NeedState.OPEN:
        acts.move_need(need, NeedState.OPEN, text="去了没赶上", now=answered + timedelta(days=1), **common)


def _supply(community: Place, categories: dict[str, Category], by: Actor, now: datetime) -> None:
    today = timezone.localdate(now)
    for code, words, people in (
        ("elder_hair", "周三义剪，志愿者上门", 8),
        ("health_check", "周一上午服务中心量血压", 30),
        ("space_dance", "活动室晚上 7 点后空着", 15),
    ):
        note_supply(categories[code], community, words, people, None, by=by, today=today, reason=REASON)


def _projects(community: Place, categories: dict[str, Category], by: Actor, now: datetime, random: Random) -> None:
    """One opened and used, one planned."""
    today = timezone.localdate(now)
    here = Need.objects.filter(community=community)
    fields = {
        "title": "社区缝纫班第一期",
        "kind": ProjectKind.CLASS,
        "community": community,
        "opens_on": today,
        "place_words": "服务中心二楼",
        "capacity": 20,
        "words": "每周二、四上午，八次课，材料免费",
    }
    opened = start_project(here, categories["learn_sew"], fields, by=by, today=today, reason=REASON)
    move_project(opened, ProjectState.OPEN, by=by, reason=REASON)
    for need in list(here.filter(project=opened, state=NeedState.ANSWERED).order_by("id")):
        if random.random() < 0.7:
            acts.move_need(need, NeedState.MET, party=Party.WORKER, by=by, reason=REASON, quiet=True)
    fields = {
        "title": "放学后小课堂",
        "kind": ProjectKind.CLASS,
        "community": community,
        "opens_on": today + timedelta(days=9),
        "place_words": "服务中心一楼",
        "capacity": 30,
        "words": "周一到周五 16:00–18:00，写作业、看书，有志愿者看着",
    }
    start_project(here, categories["child_after"], fields, by=by, today=today, reason=REASON)


def _own(categories: dict[str, Category], now: datetime) -> None:
    """Each demo resident has said something; the one of the first community waits to say whether it was of use."""
    worker = Actor(Account.objects.get(username=f"{DEMO_PREFIX}worker-1"))
    for account in Account.objects.filter(username__startswith=f"{DEMO_PREFIX}resident").order_by("username"):
        link = account.links.select_related("resident__community").order_by("id").first()
        if link is None:
            continue
        need = acts.file_need(
            link.resident, categories["learn_computer"], by=Actor(account), channel=Channel.PHONE,
            filed_by=FiledBy.SELF, words="晚上有空", at=now - timedelta(days=4), reason=REASON,
        )  # fmt: skip
        if account.username.endswith("resident-1") and need.state == NeedState.OPEN:
            text = "服务中心周六上午有电脑课，直接来"
            acts.move_need(need, NeedState.ANSWERED, party=Party.WORKER, by=worker, reason=REASON, text=text)
