"""Between our rows and ``engines.matching``: who seeks and what is open, as the engine knows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from math import isqrt
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from jiamenkou.engines.matching import (
    Education,
    Kind,
    Match,
    Opening,
    PayUnit,
    Reason,
    Refusal,
    Seeker,
    Spot,
    Window,
    feasible,
    rank,
    rank_people,
    reasons,
    spot,
    walking,
)
from jiamenkou.foundation.asking import values
from jiamenkou.foundation.people.models import ArchiveItem, ArchiveKind, Evidence, Resident
from jiamenkou.services.jobs.models import Intention, Vacancy
from jiamenkou.services.jobs.models.intention import IntentionQuerySet
from jiamenkou.services.jobs.states import PayUnit as OurUnit
from jiamenkou.services.jobs.states import VacancyKind

# distances are measured from one point of the city; the flat projection is good for tens of kilometres
ORIGIN = (31.78, 119.97)
HARD_TO_EMPLOY = "就业困难人员"
KINDS: dict[str, Kind] = {
    VacancyKind.FULL_TIME: Kind.FULL_TIME,
    VacancyKind.PART_TIME: Kind.PART_TIME,
    VacancyKind.GIG: Kind.CASUAL,
    VacancyKind.PUBLIC_WELFARE: Kind.PUBLIC_POST,
    VacancyKind.HOME_BASED: Kind.HOME,
}
SCHOOL_OUT = 15 * 60 + 30
SCHOOL_IN = 8 * 60
HOURS_A_DAY = 8


@lru_cache(maxsize=50_000)
def _spot(latitude: float | None, longitude: float | None) -> Spot | None:
    return None if latitude is None or longitude is None else spot(latitude, longitude, ORIGIN)


class _Facts(NamedTuple):
    """The columns of a vacancy that matching reads, in the order of :data:`_COLUMNS`."""

    pk: int
    title: str
    kind: str
    code: str
    headcount: int
    taken: int
    pay_min_fen: int | None
    pay_max_fen: int | None
    pay_unit: str
    weekdays: int | None
    start: int | None
    end: int | None
    latitude: float | None
    longitude: float | None
    certificates: list[str]
    physical: list[str]
    education: int | None


_LATITUDE, _LONGITUDE = (Coalesce(name, f"employer__{name}") for name in ("latitude", "longitude"))
_PLACE = {"north_of": _LATITUDE, "east_of": _LONGITUDE}
# fmt: off
_COLUMNS = (
    "pk", "title", "kind", "occupation_code", "headcount", "taken", "pay_min_fen", "pay_max_fen", "pay_unit",
    "weekdays", "start_minute", "end_minute", *_PLACE, "certificates", "physical", "education",
)
# fmt: on


def opening_of(vacancy: Vacancy) -> Opening:
    """A vacancy for the engine. A year's pay is a twelfth a month."""
    return _opening(
        _Facts(
            vacancy.pk,
            vacancy.title,
            vacancy.kind,
            vacancy.occupation_code,
            vacancy.headcount,
            vacancy.taken,
            vacancy.pay_min_fen,
            vacancy.pay_max_fen,
            vacancy.pay_unit,
            vacancy.weekdays,
            vacancy.start_minute,
            vacancy.end_minute,
            vacancy.latitude if vacancy.latitude is not None else vacancy.employer.latitude,
            vacancy.longitude if vacancy.longitude is not None else vacancy.employer.longitude,
            vacancy.certificates,
            vacancy.physical,
            vacancy.education,
        )
    )


def _opening(facts: _Facts) -> Opening:
    low, high, unit = facts.pay_min_fen, facts.pay_max_fen, facts.pay_unit
    if unit == OurUnit.YEAR:
        low, high, unit = low and low // 12, high and high // 12, OurUnit.MONTH
    return Opening(
        id=str(facts.pk),
        title=facts.title,
        kind=KINDS[facts.kind],
        code=facts.code,
        spot=_spot(facts.latitude, facts.longitude),
        days=facts.weekdays or None,
        start=facts.start,
        end=None if facts.end is None else facts.end % 1440,
        pay_min_fen=low,
        pay_max_fen=high,
        pay_unit=PayUnit(unit) if unit else PayUnit.MONTH,
        certificates=frozenset(facts.certificates),
        demands=frozenset(facts.physical),
        education=Education(facts.education) if facts.education else None,
        reserved=facts.kind == VacancyKind.PUBLIC_WELFARE,
        places_left=facts.headcount - facts.taken,
    )


def windows_of(intention: Intention) -> tuple[Window, ...]:
    """When the person can be at work; the school run closes both ends of weekdays."""
    start = intention.not_before if intention.not_before is not None else 0
    end = intention.not_after if intention.not_after is not None else 1440
    since, until = "", ""
    if intention.school_run:
        if intention.not_before is None:
            start, since = SCHOOL_IN, "送孩子"
        if intention.not_after is None or intention.not_after >= SCHOOL_OUT:
            end, until = SCHOOL_OUT, "接孩子"
        else:
            until = "接孩子"
    if (start, end, intention.weekdays) == (0, 1440, 127):
        return ()
    return (Window(intention.weekdays, start, end, since, until),)


def seeker_of(intention: Intention, certificates: Iterable[str] = ()) -> Seeker:
    """An intention for the engine. ``intention.resident`` with its household's unit should be loaded."""
    resident = intention.resident
    at_door = resident.household.unit if resident.household_id and resident.household else None
    place = at_door if at_door is not None and at_door.latitude is not None else resident.community
    pay, unit = intention.min_pay_fen, intention.min_pay_unit
    hourly = {OurUnit.HOUR: pay, OurUnit.DAY: pay and pay // HOURS_A_DAY}.get(OurUnit(unit)) if pay and unit else None
    monthly = {OurUnit.MONTH: pay, OurUnit.YEAR: pay and pay // 12}.get(OurUnit(unit)) if pay and unit else None
    return Seeker(
        id=str(intention.pk),
        spot=_spot(place.latitude, place.longitude),
        windows=windows_of(intention),
        max_walk_min=intention.max_walk_minutes,
        min_hourly_fen=hourly,
        wish_monthly_fen=monthly,
        certificates=frozenset(certificates),
        limits=frozenset(intention.cannot),
        education=Education(intention.education) if intention.education else None,
        hard_to_employ=HARD_TO_EMPLOY in resident.categories,
        wanted_codes=frozenset(intention.occupation_codes),
        wanted_words=frozenset(word for word in intention.wanted.replace("，", "、").split("、") if word.strip()),
        accepts=frozenset(KINDS[VacancyKind(kind)] for kind in intention.kinds),
    )


def certificates_of(residents: Iterable[int], today: date) -> dict[int, set[str]]:
    """Certificates that are valid today, by resident: seen or certified, not merely said."""
    found: dict[int, set[str]] = {}
    items = ArchiveItem.objects.filter(_good_certificate(today), resident_id__in=list(residents)).order_by("id")
    for resident, text in items.values_list("resident_id", "text"):
        found.setdefault(resident, set()).add(text)
    return found


def _good_certificate(today: date) -> Q:
    return Q(
        Q(valid_until__isnull=True) | Q(valid_until__gte=today),
        kind=ArchiveKind.CERTIFICATE,
        evidence__in=[Evidence.SEEN, Evidence.CERTIFIED],
    )


def seekers(intentions: Iterable[Intention], today: date) -> dict[int, Seeker]:
    """Seekers by intention id, in two queries."""
    rows = list(intentions)
    known = certificates_of((row.resident_id for row in rows), today)
    return {row.pk: seeker_of(row, known.get(row.resident_id, ())) for row in rows}


def explain(seeker: Seeker, opening: Opening) -> tuple[list[Reason], list[Refusal]]:
    """What speaks for and against, in the words of the engine; refusals are the hard ones."""
    return reasons(seeker, opening), feasible(seeker, opening)


def to_staff(text: str) -> str:
    """The engine speaks to the person; on the desk it is about them: 正是您想找的活 → 正是本人想找的活."""
    return text.replace("您", "本人")


def best_vacancies(seeker: Seeker, vacancies: Iterable[Vacancy], *, reach: bool = True) -> list[tuple[Vacancy, Match]]:
    """Vacancies a person can take (with ``reach`` also those one errand away), best first."""
    rows: Mapping[str, Vacancy] = {str(v.pk): v for v in vacancies}
    found = rank(seeker, [opening_of(v) for v in rows.values()], reach=reach)
    return [(rows[m.opening_id], m) for m in found]


def best_of(seeker: Seeker, vacancies: QuerySet[Vacancy], *, among: int, top: int) -> list[tuple[Vacancy, Match]]:
    """The ``top`` best of the first ``among`` rows that the person's firm conditions leave. Two queries.

    Only the columns that decide are read of all of them, whole rows only of the best.
    """
    return best_among(seeker, list(facts_of(_thinkable(seeker, vacancies))[:among]), top=top)


def facts_of(vacancies: QuerySet[Vacancy]) -> QuerySet[Vacancy, dict[str, Any]]:
    """Of each vacancy with a free place, the columns that decide."""
    facts: QuerySet[Vacancy, dict[str, Any]] = (
        vacancies.filter(taken__lt=F("headcount")).annotate(**_PLACE).values(*_COLUMNS)
    )
    return facts


def best_among(seeker: Seeker, facts: Iterable[Mapping[str, Any]], *, top: int) -> list[tuple[Vacancy, Match]]:
    """The ``top`` best of these :func:`facts_of` vacancies. One query, for the best ones whole."""
    found = rank(seeker, [_opening(_Facts(*map(row.__getitem__, _COLUMNS))) for row in facts], reach=True)[:top]
    best = values([int(m.opening_id) for m in found], [_whole])[0] if found else []
    rows = {row.pk: row for row in best}
    return [(rows[int(m.opening_id)], m) for m in found]


def _whole(vacancies: list[int]) -> QuerySet[Vacancy]:
    return Vacancy.objects.with_employer().filter(pk__in=vacancies).order_by("pk")


def _thinkable(seeker: Seeker, vacancies: QuerySet[Vacancy]) -> QuerySet[Vacancy]:
    """Without what SQL can rule out: another form, farther than the person walks. Never a row the engine keeps."""
    rows = vacancies
    if seeker.accepts:
        rows = rows.filter(kind__in=sorted(ours for ours, kind in KINDS.items() if kind in seeker.accepts))
    if seeker.max_walk_min is None or seeker.spot is None:
        return rows
    metres = isqrt(walking.reach_squared(seeker.max_walk_min)) + 2
    at, degree = seeker.spot, spot(ORIGIN[0] + 1, ORIGIN[1] + 1, ORIGIN)
    (south, north), (west, east) = (
        (first + (place - metres) / scale, first + (place + metres) / scale)
        for first, place, scale in ((ORIGIN[0], at.y, degree.y), (ORIGIN[1], at.x, degree.x))
    )
    near = Q(north_of__range=(south, north), east_of__range=(west, east))
    unknown = Q(north_of__isnull=True) | Q(east_of__isnull=True)
    return rows.alias(**_PLACE).filter(near | unknown | Q(kind=VacancyKind.HOME_BASED))


def best_people(vacancy: Vacancy, intentions: Iterable[Intention], today: date) -> list[tuple[Intention, Match]]:
    """Intentions whose person can take the vacancy, best first."""
    rows = {row.pk: row for row in intentions}
    found = rank_people(opening_of(vacancy), seekers(rows.values(), today).values(), reach=True)
    return [(rows[int(m.seeker_id)], m) for m in found]


def resident_seeker(resident: Resident, today: date) -> Seeker | None:
    """The seeker of a resident's current intention; None where there is none. One query: every page asks it."""
    intention = next(iter(current_intention(resident.pk, today)), None)
    return seeker_with(resident, intention) if intention is not None else None


def current_intention(resident: int, today: date) -> IntentionQuerySet:
    """At most one, with the certificates its person holds."""
    held = ArchiveItem.objects.filter(_good_certificate(today), resident=OuterRef("resident")).order_by("id")
    mine = Intention.objects.open().filter(resident_id=resident).annotate(held=ArraySubquery(held.values("text")))
    return mine.order_by("pk")[:1]


def seeker_with(resident: Resident, intention: Intention) -> Seeker:
    """The seeker of an intention that :func:`current_intention` read."""
    intention.resident = resident  # with the door and the community that were read with the person
    return seeker_of(intention, vars(intention)["held"])
