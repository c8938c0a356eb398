"""A vacancy as a resident sees it: pay and reasons decide; what stands against it stands in the same box."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from jiamenkou.engines.matching import Mark, Match, Opening, Reason, ReasonCode, Seeker, walk_minutes
from jiamenkou.services.jobs import matching, words
from jiamenkou.services.jobs.models import Vacancy
from jiamenkou.services.jobs.states import Settle, VacancyKind

ORDER = [ReasonCode.WALK, ReasonCode.HOURS, ReasonCode.CERTIFICATE, ReasonCode.RESERVED]


@dataclass(frozen=True, slots=True)
class Card:
    """``reasons``, ``minds`` and what is ``unknown`` are in the words of the match engine."""

    vacancy: Vacancy
    href: str
    pay: str
    unit: str
    where: str
    reasons: list[str] = field(default_factory=list)
    minds: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    tags: list[tuple[str, str]] = field(default_factory=list)
    end: str = ""
    walk_minutes: int | None = None


def card(vacancy: Vacancy, seeker: Seeker | None, today: date, match: Match | None = None) -> Card:
    opening = matching.opening_of(vacancy) if seeker else None
    reasons, minds, unknown = explained(seeker, opening) if seeker and opening else ([], [], [])
    return Card(
        vacancy=vacancy,
        href=f"/jobs/{vacancy.pk}/",
        pay=words.pay_figure(vacancy),
        unit=words.pay_unit(vacancy),
        where=f"{vacancy.employer.name} · {words.hours(vacancy)}",
        reasons=reasons,
        minds=minds,
        unknown=unknown,
        tags=tags(vacancy),
        end=" · ".join(part for part in (_fresh(vacancy, today), f"还招 {vacancy.places_left} 人") if part),
        walk_minutes=match.walk_min if match else walk_minutes(seeker, opening) if seeker and opening else None,
    )


def explained(seeker: Seeker, opening: Opening) -> tuple[list[str], list[str], list[str]]:
    """Words for, against, and what to ask; a refusal is said before a mere drawback, each once."""
    said, refusals = matching.explain(seeker, opening)
    reasons = [r.text for r in sorted(said, key=_first_in_a_list) if r.mark == Mark.FOR]
    minds = [refusal.text for refusal in refusals] + [r.text for r in said if r.mark == Mark.AGAINST]
    unknown = [reason.text for reason in said if reason.mark == Mark.UNKNOWN]
    return reasons, list(dict.fromkeys(minds)), unknown


def _first_in_a_list(reason: Reason) -> int:
    """The walk and the hours decide, then the certificate; a list has room for three."""
    return ORDER.index(reason.code) if reason.code in ORDER else len(ORDER)


def tags(vacancy: Vacancy) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if vacancy.kind == VacancyKind.PUBLIC_WELFARE:
        found.append(("公益岗", "teal"))
    elif vacancy.kind in {VacancyKind.GIG, VacancyKind.HOME_BASED, VacancyKind.PART_TIME}:
        found.append((str(VacancyKind(vacancy.kind).label), "blue"))
    if vacancy.settle == Settle.DAILY:
        found.append(("日结", "orange"))
    return found + [(benefit, "") for benefit in vacancy.benefits[:2]]


def _fresh(vacancy: Vacancy, today: date) -> str:
    if vacancy.published_at is None:
        return ""
    return "今天新发" if timezone.localdate(vacancy.published_at) == today else ""
