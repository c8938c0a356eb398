"""What this room puts on 今天, and its figures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.asking import NOW, TODAY, Ask
from jiamenkou.foundation.events.contributions import Due, Indicator, Total
from jiamenkou.services.stations import words
from jiamenkou.services.stations.access import communities_of, rows_for
from jiamenkou.services.stations.figures import hours_since, mended_at
from jiamenkou.services.stations.models import Claim, Corner, Loan, Repair, Station
from jiamenkou.services.stations.permissions import StationsPermission
from jiamenkou.services.stations.states import CornerState, RepairState

KIND, TONE, SHOWN = "驿站", "violet", 20
SLOW_REPAIR = timedelta(days=14)


def _late_loans(by: Actor) -> QuerySet[Loan] | None:
    if not by.may(StationsPermission.EDIT):
        return None
    late = rows_for(by, Loan.objects.late(TODAY)).select_related("thing__kind", "station")
    return late.order_by("due_on", "id")[:SHOWN]


def _to_bring_back(by: Actor, loans: list[Loan]) -> Iterable[Due]:
    today = timezone.localdate()
    for loan in loans:
        yield Due(
            KIND, "package", TONE, f"{loan.thing.number} {words.late(loan.due_on, today)}没还", loan.station.name, loan.called,
            loan.building, f"/desk/stations/things/?state=late&station={loan.station_id}", "看看",
            timezone.make_aware(datetime.combine(loan.due_on, time(18))),
        )  # fmt: skip


def _slow_repairs(by: Actor) -> QuerySet[Repair] | None:
    if not by.may(StationsPermission.EDIT):
        return None
    lying = Repair.objects.filter(state__in=[RepairState.REGISTERED, RepairState.MENDING])
    slow = rows_for(by, lying.filter(brought_at__lt=NOW - SLOW_REPAIR)).select_related("station")
    return slow.order_by("brought_at", "id")[:SHOWN]


def _to_ask_for(by: Actor, repairs: list[Repair]) -> Iterable[Due]:
    now = timezone.now()
    for repair in repairs:
        yield Due(
            KIND, "wrench", TONE, f"{repair.what}送修两周还没好", repair.station.name, repair.called, repair.building,
            f"/desk/stations/repairs/?station={repair.station_id}&state={repair.state}", "问问站长",
            (repair.brought_at or now) + SLOW_REPAIR,
        )  # fmt: skip


def _claims(by: Actor) -> QuerySet[Claim] | None:
    if not by.may(StationsPermission.EDIT):
        return None
    waiting = rows_for(by, Claim.objects.filter(agreed_at__isnull=True, corner__state=CornerState.VOTED))
    return waiting.select_related("corner").order_by("at", "id")[:SHOWN]


def _to_agree(by: Actor, claims: list[Claim]) -> Iterable[Due]:
    for claim in claims:
        yield Due(
            KIND, "key-round", TONE, f"有人认领{claim.corner.name}", claim.word, claim.called, claim.corner.where,
            f"/desk/stations/corners/{claim.corner_id}/", "看看同不同意", claim.at + timedelta(days=7),
        )  # fmt: skip


# late loans, repairs that stand still, claims that wait for a yes
DUE = [Ask((_late_loans,), _to_bring_back), Ask((_slow_repairs,), _to_ask_for), Ask((_claims,), _to_agree)]


def _late(by: Actor) -> QuerySet[Loan]:
    return rows_for(by, Loan.objects.late(TODAY))


def _mended(by: Actor) -> tuple[Total, QuerySet[Repair], Total]:
    """As the stations' own figures add it up."""
    open_here = Station.objects.open().filter(community_id__in=communities_of(by))
    before, repairs, gifts = mended_at(open_here)
    return Total(before, "mended_before"), repairs, Total(gifts, "count")


def _hours(by: Actor) -> Total:
    return Total(hours_since(communities_of(by), TODAY), "minutes", per=60)


def _out(by: Actor) -> QuerySet[Loan]:
    return rows_for(by, Loan.objects.out())


def _corners(by: Actor) -> QuerySet[Corner]:
    return rows_for(by, Corner.objects.filter(state=CornerState.OPENED))


INDICATORS = [
    Indicator(
        "stations.mended",
        "驿站修好",
        "件",
        _mended,
        "/desk/stations/figures/",
        "含开站前的数",
        StationsPermission.VIEW,
    ),
    Indicator(
        "stations.hours",
        "邻里帮忙",
        "小时",
        _hours,
        "/desk/stations/hours/?state=confirmed",
        "近 30 天",
        StationsPermission.VIEW,
    ),
    Indicator(
        "stations.out", "借在外面", "件", _out, "/desk/stations/things/?state=lent", "", StationsPermission.VIEW
    ),
    Indicator(
        "stations.late",
        "借了没还",
        "件",
        _late,
        "/desk/stations/things/?state=late",
        "过了归还日",
        StationsPermission.VIEW,
    ),
    Indicator(
        "stations.corners",
        "开起来的角落",
        "处",
        _corners,
        "/desk/stations/corners/?state=opened",
        "",
        StationsPermission.VIEW,
    ),
]
