"""Writing the invented year down in bulk: the states are what the invented logs fold to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from jiamenkou.engines.workdays import CHINA
from jiamenkou.foundation.access.models import StaffRole
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.cases import clocks
from jiamenkou.foundation.cases.catalogue import Rule
from jiamenkou.foundation.cases.demo.inventing import Hands, Story, pend, story
from jiamenkou.foundation.cases.folding import STORED, Fact, fold
from jiamenkou.foundation.cases.models import Case, CaseEvent, Follower
from jiamenkou.foundation.cases.numbering import reserve
from jiamenkou.foundation.cases.standard import RULES
from jiamenkou.foundation.cases.states import Channel, EventKind, FiledBy
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.places.models import Place, PlaceKind

PER_COMMUNITY = 520
DAYS = 365
LATELY = 8
# how often a kind is reported, against the others
_WEIGHTS = {"lighting": 12, "water": 10, "rubbish": 12, "parking": 9, "elevator": 5, "noise": 6, "errand": 10}
_CHANNELS = [Channel.PHONE_PAGE, Channel.CALL, Channel.DESK, Channel.VISIT, Channel.HOTLINE]


def load(say: Callable[[str], object], per_community: int = PER_COMMUNITY, now: datetime | None = None) -> int:
    """A year of cases in every community that has two workers and residents. Returns how many."""
    moment = now or timezone.now()
    made = 0
    for number, community in enumerate(Place.objects.communities()):
        made += _fill(community, Random(20_000 + number), per_community, moment)  # noqa: S311 - invented people
    return made


def _fill(community: Place, random: Random, count: int, now: datetime) -> int:
    roles = StaffRole.objects.current()
    workers = list(
        roles.filter(place=community, role__in=[Role.WORKER, Role.COMMUNITY_LEAD])
        .order_by("id")
        .values_list("account_id", flat=True)
    )
    people = list(Resident.objects.present().filter(community=community).order_by("pk")[:400])
    if len(set(workers)) < 2 or not people:
        return 0
    hands = Hands(sorted(set(workers)), community.pk, _street(community))
    clock = clocks.clock_for(community)
    kinds = [rule for rule in RULES if not rule.protected]
    weights = [_WEIGHTS.get(rule.category, 3) for rule in kinds]
    moments = sorted(now - timedelta(minutes=random.randint(30, _span(random) * 24 * 60)) for _ in range(count))
    reporters = [random.choice(people) for _ in moments]
    rules = random.choices(kinds, weights, k=count)
    cases = _blank(community, moments, reporters, rules, random)
    followers = Follower.objects.bulk_create(
        Follower(
            case=case, resident=person, name=person.name[:40], phone_masked=person.phone_masked, channel=case.channel,
            first=True, community=community, grid_id=case.grid_id, joined_at=case.created_at,
        )
        for case, person in zip(cases, reporters, strict=True)
    )  # fmt: skip
    told = [
        story(random, clock, rule, _in_daytime(case.created_at), now, hands, follower.pk)
        for case, rule, follower in zip(cases, rules, followers, strict=True)
    ]
    _pend(told, now)
    _write(cases, followers, told)
    return count


def _span(random: Random) -> int:
    """Within how many days a report came: a few more in the last ones, so that a desk is as full as desks are."""
    return LATELY if random.random() < 0.05 else DAYS


def _street(community: Place) -> tuple[int, int] | None:
    """The desk above, and who sits there; None where nobody does."""
    above = [community.ancestor_path(depth) for depth in range(1, community.depth)]
    roles = StaffRole.objects.current().filter(role=Role.STREET_OFFICER, place__path__in=above)
    found: tuple[int, int] | None = roles.order_by("-place__depth", "id").values_list("place_id", "account_id").first()
    return found


def _pend(told: list[Story], now: datetime) -> None:
    """Something lies on the lead's and the street's desk on the day one looks: of the open ones every second."""
    kinds = [EventKind.EXTENSION_ASKED, EventKind.RETURNED, EventKind.SUSPENSION_ASKED, EventKind.EXTENSION_ASKED]
    open_now = [one for one in told if one.facts[-1].kind in {EventKind.SIGNED, EventKind.CONTACTED, EventKind.NOTED}]
    for one in open_now[::2]:
        if kinds and pend(one, kinds[0], now):
            kinds.pop(0)


def _blank(
    community: Place, moments: list[datetime], reporters: list[Resident], rules: list[Rule], random: Random
) -> list[Case]:
    numbers: dict[int, list[str]] = {}
    for year in {moment.astimezone(CHINA).year for moment in moments}:
        wanted = sum(moment.astimezone(CHINA).year == year for moment in moments)
        numbers[year] = list(reversed(reserve(community, year, wanted)))
    grids = {grid.pk: grid for grid in Place.objects.within(community).filter(kind=PlaceKind.GRID)}
    return Case.objects.bulk_create(
        Case(
            number=numbers[moment.astimezone(CHINA).year].pop(), community=community, grid=grids.get(person.grid_id or 0),
            place=grids.get(person.grid_id or 0, community), resident=person, category=rule.category,
            title="", channel=random.choice(_CHANNELS), privacy=rule.privacy, filed_by=FiledBy.SELF,
            created_at=_in_daytime(moment), state="submitted",
        )
        for moment, person, rule in zip(moments, reporters, rules, strict=True)
    )  # fmt: skip


def _in_daytime(moment: datetime) -> datetime:
    """Moved into the hours in which people report things, never later than it was."""
    local = moment.astimezone(CHINA)
    return local.replace(hour=8 + local.hour // 3) if local.hour >= 16 else local


def _write(cases: list[Case], followers: list[Follower], told: list[Story]) -> None:
    events = []
    for case, follower, one in zip(cases, followers, told, strict=True):
        case.title = one.title
        derived = fold(one.facts)
        for name in STORED:
            setattr(case, name, getattr(derived, name))
        calls = _this_round(one)
        if calls:
            last = calls[-1]
            follower.asked, follower.reached = len(calls), last.data["reached"]
            if follower.reached:
                follower.solved, follower.satisfaction = last.data["solved"], last.data["satisfaction"]
                follower.answered_at = last.at
        events += [
            CaseEvent(
                case=case, seq=fact.seq, kind=fact.kind, at=fact.at, by_id=fact.by, data=dict(fact.data),
                text=one.texts[fact.seq], told=fact.kind == EventKind.HANDLED, community_id=case.community_id,
                grid_id=case.grid_id,
            )
            for fact in one.facts
        ]  # fmt: skip
    names = [name.removesuffix("_id") for name in STORED]
    Case.objects.bulk_update(cases, ["title", *names], batch_size=200)
    CaseEvent.objects.bulk_create(events, batch_size=1000)
    answered = [follower for follower in followers if follower.asked]
    Follower.objects.bulk_update(
        answered, ["asked", "reached", "solved", "satisfaction", "answered_at"], batch_size=500
    )


def _this_round(told: Story) -> list[Fact]:
    """The calls since everybody was last asked anew: what stands at the follower."""
    calls: list[Fact] = []
    for fact in told.facts:
        if fact.kind == EventKind.CALLED_BACK:
            calls.append(fact)
        elif fact.kind == EventKind.REOPENED or fact.data.get("unhappy"):
            calls.clear()
    return calls
