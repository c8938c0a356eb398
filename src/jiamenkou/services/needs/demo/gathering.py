"""The net of every grid, a fair that is over and one ahead, a survey that is over and one that is open."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.models import StaffRole
from jiamenkou.foundation.people.actions.organisations import register_organisation
from jiamenkou.foundation.people.demo.invent import GIVEN_FEMALE, GIVEN_MALE, SURNAMES
from jiamenkou.foundation.people.models import OrganisationKind, Resident
from jiamenkou.foundation.places.demo import Plan
from jiamenkou.foundation.places.models import Place, PlaceKind
from jiamenkou.services.needs.actions import fairs, net, planning, surveys
from jiamenkou.services.needs.actions.tallies import tally
from jiamenkou.services.needs.models import Category, Duty, Fair, Survey
from jiamenkou.services.needs.states import Channel, DutyRole, FiledBy

REASON = "示范数据"
STANDS = [
    ("磨刀、修伞", "巧手邻居队"),
    ("义剪", "银发志愿者"),
    ("量血压、测血糖", "社区卫生站"),
    ("家政报名", "就业服务站"),
    ("旧衣换绿植", "环保小组"),
]
COUNTED = {
    "elder_hair": 26,
    "learn_phone": 19,
    "child_holiday": 17,
    "repair": 14,
    "space_dance": 11,
    "elder_meal": 9,
    "learn_cook": 6,
}


class _Names:
    """Invented names, each once."""

    def __init__(self, random: Random) -> None:
        self._random, self._seen = random, set[str]()

    def __next__(self) -> str:
        while True:
            given = self._random.choice((GIVEN_MALE + " " + GIVEN_FEMALE).split())
            name = self._random.choice(SURNAMES) + given
            if name not in self._seen:
                self._seen.add(name)
                return name


def weave_net(community: Place, plan: Plan, number: int, by: Actor, now: datetime, random: Random) -> None:
    """A grid worker for each grid, heads for most buildings, the steward, the branch, the volunteers."""
    since = timezone.localdate(now) - timedelta(days=400)
    names = _Names(random)
    held = {
        role.place_id: role.account
        for role in StaffRole.objects.current()
        .filter(place__path__startswith=community.path)
        .select_related("account")
    }
    places = list(Place.objects.within(community).filter(kind__in=[PlaceKind.GRID, PlaceKind.BUILDING]))
    grids = [one for one in places if one.kind == PlaceKind.GRID]
    for order, grid in enumerate(grids, 1):
        account = held.get(grid.pk)
        name = account.display_name if account else next(names)
        net.take_on(grid, DutyRole.GRID_WORKER, name, by=by, since=since, reason=REASON, account=account)
        if order % 3:  # the others are called over the community
            net.set_phone(grid, f"0519-88{number:02d}01{order:02d}", "每天 8:00–20:00", by=by, reason=REASON)
    for order, building in enumerate(one for one in places if one.kind == PlaceKind.BUILDING):
        if order % 5 == 4:
            continue  # nobody has been found for these yet: the list of gaps shows them
        account = held.get(building.pk)
        name = account.display_name if account else next(names)
        net.take_on(building, DutyRole.BUILDING_HEAD, name, by=by, since=since, reason=REASON, account=account)
    for role, kind, label, phone in (
        (DutyRole.STEWARD, OrganisationKind.PROVIDER, f"{plan.estate}物业服务中心", f"0519-88{number:02d}0200"),
        (DutyRole.PARTY, OrganisationKind.PARTY_BRANCH, f"{plan.name}第一党支部", ""),
        (DutyRole.VOLUNTEER, OrganisationKind.VOLUNTEERS, f"{plan.name}志愿服务队", ""),
    ):
        unit = register_organisation(label, kind=kind, community=community, by=by, reason=REASON, phone=phone)
        net.take_on(community, role, next(names), by=by, since=since, reason=REASON, organisation=unit)
    _change_hands(grids[-1], by, now, names)


def _change_hands(grid: Place, by: Actor, now: datetime, names: _Names) -> None:
    """Somebody left a fortnight ago: the page of the grid shows who had it before."""
    leaving = Duty.objects.filter(place=grid, role=DutyRole.GRID_WORKER, until__isnull=True).order_by("id")[0]
    on = timezone.localdate(now) - timedelta(days=14)
    fresh = net.take_on(grid, DutyRole.GRID_WORKER, next(names), by=by, since=on, reason=REASON)
    net.hand_over(leaving, fresh, by=by, on=on, why="调到街道", reason=REASON)


def hold_fairs(
    community: Place, people: list[Resident], categories: dict[str, Category], by: Actor, now: datetime, random: Random
) -> None:
    """One three weeks ago, with what was counted at its stand; one on Saturday, nearly full."""
    over = _fair(community, "邻里便民市集", 21, 60, by, now)
    for person in random.sample(people, 34):
        fairs.sign_up(
            over, person, random.choice([1, 1, 2]), by=by, filed_by=random.choice([FiledBy.SELF, FiledBy.WORKER]),
            now=over.starts_at - timedelta(days=random.randint(1, 6)), reason=REASON, quiet=True,
        )  # fmt: skip
    for one in list(over.sign_ups.filter(state="coming").order_by("id")):
        if random.random() < 0.85:
            fairs.check_in(one, by=by, now=over.starts_at + timedelta(minutes=random.randint(0, 90)), reason=REASON)
    for code, heads in COUNTED.items():
        need = tally(
            categories[code], community, heads, by=by, channel=Channel.FAIR, source=f"fair:{over.pk}", reason=REASON
        )
        type(need).objects.filter(pk=need.pk).update(at=over.starts_at, moved_at=over.starts_at)
    fairs.end_fair(over, by=by, reason=REASON, outcome="来了近百位邻居，磨刀的摊位排队最长，下次加一个")
    ahead = _fair(community, "周末便民市集", -_days_to_saturday(now), 40, by, now)
    for person in random.sample(people, 18):
        fairs.sign_up(
            ahead, person, random.choice([1, 1, 2]), by=by, filed_by=FiledBy.SELF, now=now, reason=REASON, quiet=True
        )


def _days_to_saturday(now: datetime) -> int:
    """At least two days ahead."""
    return (5 - timezone.localdate(now).weekday() - 2) % 7 + 2


def _fair(community: Place, title: str, ago: int, capacity: int, by: Actor, now: datetime) -> Fair:
    day = timezone.localtime(now) - timedelta(days=ago)
    starts = day.replace(hour=9, minute=0, second=0, microsecond=0)
    fields = {
        "title": title,
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=3),
        "place_words": "小区东门广场",
        "capacity": capacity,
        "words": "报了名的邻居先办，带上要修要磨的东西",
    }
    made = planning.plan_fair(community, fields, by=by, now=starts - timedelta(days=10), reason=REASON)
    for stand, who in STANDS:
        planning.add_stand(made, stand, who, None, by=by, reason=REASON)
    return made


def ask(community: Place, people: list[Resident], categories: dict[str, Category], by: Actor, random: Random) -> None:
    """A survey that is over, and one that is open for a while."""
    spring = ["learn_care", "learn_computer", "learn_sew", "learn_hair", "work_near", "work_home"]
    closed = _survey(community, "春天想学什么", "开班前问一问", spring, by, categories)
    _answers(closed, random.sample(people, 30), spring, categories, by, random)
    surveys.close_survey(closed, by=by, reason=REASON)
    old = ["elder_meal", "elder_hair", "elder_company", "health_check", "child_after", "space_dance", "errand"]
    going = _survey(community, "家里的老人孩子，缺什么", "年前定明年办什么，勾得多的先办", old, by, categories)
    _answers(going, random.sample(people, 24), old, categories, by, random)


def _survey(
    community: Place, title: str, words: str, codes: list[str], by: Actor, categories: dict[str, Category]
) -> Survey:
    day = timezone.localdate() + timedelta(days=12)
    fields = {
        "title": title,
        "words": words,
        "question": "什么时候方便？还缺什么？",
        "closes_on": day,
        "categories": [categories[code].pk for code in codes],
    }
    made = surveys.make_survey(community, fields, by=by, reason=REASON)
    surveys.open_survey(made, by=by, today=timezone.localdate(), reason=REASON)
    return made


def _answers(
    survey: Survey, people: list[Resident], codes: list[str], categories: dict[str, Category], by: Actor,
    random: Random,
) -> None:  # fmt: skip
    for person in people:
        ticked = random.sample(codes, random.choice([1, 1, 2, 3]))
        surveys.answer_survey(
            survey, person, [categories[code].pk for code in ticked],
            random.choice(["", "", "周末才有空", "上午方便", "离家近一点"]), by=by,
            filed_by=random.choice([FiledBy.SELF, FiledBy.SELF, FiledBy.WORKER]), today=timezone.localdate(),
            reason=REASON,
        )  # fmt: skip
