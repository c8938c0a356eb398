"""Figures of stations, and the lists behind them. Counts say nothing about anybody, so the public page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet, Sum

from jiamenkou.foundation.access import scope as scopes
from jiamenkou.services.stations.models import Couplet, Gift, Help, Loan, Repair, Station, Work
from jiamenkou.services.stations.states import CoupletState, GiftState, HoursState


@dataclass(frozen=True, slots=True)
class StationFigures:
    """``mended`` = the opening count + repairs that were mended + mended things to give away."""

    mended: int
    mended_here: int
    given: int
    loans: int
    minutes: int
    couplets: int
    works: int


def figures_of(stations: list[Station]) -> dict[int, StationFigures]:
    """Station id → its figures since it opened. Six queries."""
    ids = [station.pk for station in stations]
    with scopes.scope(scopes.EVERYTHING):
        repaired = _counts(Repair.objects.filter(station__in=ids, mended_at__isnull=False))
        gifts = {
            row["station"]: (row["mended"] or 0, row["given"] or 0)
            for row in Gift.objects.filter(station__in=ids)
            .values("station")
            .annotate(
                mended=Sum("count", filter=Q(mended_at__isnull=False)),
                given=Sum("count", filter=Q(state=GiftState.GIVEN)),
            )
            .order_by("station")
        }
        loans = _counts(Loan.objects.filter(station__in=ids))
        minutes = {
            row["station"]: row["total"]
            for row in Help.objects.filter(station__in=ids, state=HoursState.CONFIRMED)
            .values("station")
            .annotate(total=Sum("minutes"))
            .order_by("station")
        }
        done = [CoupletState.WRITTEN, CoupletState.COLLECTED]
        couplets = {
            row["station"]: row["total"]
            for row in Couplet.objects.filter(station__in=ids, state__in=done)
            .values("station")
            .annotate(total=Sum("count"))
            .order_by("station")
        }
        works = _counts(Work.objects.filter(station__in=ids, consented_at__isnull=False, withdrawn_at__isnull=True))
    found = {}
    for station in stations:
        mended, given = gifts.get(station.pk, (0, 0))
        here = repaired.get(station.pk, 0) + mended
        found[station.pk] = StationFigures(
            mended=station.mended_before + here,
            mended_here=here,
            given=given,
            loans=loans.get(station.pk, 0),
            minutes=minutes.get(station.pk, 0),
            couplets=couplets.get(station.pk, 0),
            works=works.get(station.pk, 0),
        )
    return found


def _counts(rows: object) -> dict[int, int]:
    counted = rows.values("station").annotate(n=Count("id")).order_by("station")  # type: ignore[attr-defined]
    return {row["station"]: row["n"] for row in counted}


def mended_at(stations: QuerySet[Station]) -> tuple[QuerySet[Station], QuerySet[Repair], QuerySet[Gift]]:
    """Where the number of mended things is: what each brought along, repairs, and gifts mended before they were given."""
    repairs = Repair.objects.filter(station__in=stations, mended_at__isnull=False)
    return stations, repairs, Gift.objects.filter(station__in=stations, mended_at__isnull=False)


def mended_by_month(stations: list[Station], today: date, months: int = 6) -> list[tuple[str, int]]:
    """(9月, 12) for the last months, this one last, of all that was mended here and not brought along."""
    here = Station.objects.filter(pk__in=[station.pk for station in stations])
    _brought, repairs, gifts = mended_at(here)
    found = []
    for back in range(months - 1, -1, -1):
        year, month = divmod(today.year * 12 + today.month - 1 - back, 12)
        of_month = {"mended_at__year": year, "mended_at__month": month + 1}
        given = gifts.filter(**of_month).aggregate(n=Sum("count"))["n"] or 0
        found.append((f"{month + 1}月", repairs.filter(**of_month).count() + given))
    return found


def hours_since(communities: set[int], today: date, days: int = 30) -> QuerySet[Help]:
    """Confirmed help of the last days."""
    return Help.objects.filter(
        community_id__in=communities, state=HoursState.CONFIRMED, on__gt=today - timedelta(days=days)
    )
