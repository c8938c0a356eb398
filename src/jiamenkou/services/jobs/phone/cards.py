"""A vacancy as a resident sees it: pay and reasons decide; what stands against it stands in the same box."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from jiamenkou.engines.matching import Mark, Match, Opening, Seeker
from jiamenkou.services.jobs import matching, words
from jiamenkou.services.jobs.models import Vacancy
from jiamenkou.services.jobs.states import Settle, VacancyKind


@dataclass(frozen=True, slots=True)
class Card:
    """``reasons`` and ``minds`` are in the words of the match engine."""

    vacancy: Vacancy
    href: str
    pay: str
    unit: str
    where: str
    reasons: list[str] = field(default_factory=list)
    minds: list[str] = field(default_factory=list)
    tags: list[tuple[str, str]] = field(default_factory=list)
    end: str = ""
    walk_minutes: int | None = None


def card(vacancy: Vacancy, seeker: Seeker | None, today: date, match: Match | None = None) -> Card:
    reasons, minds = explained(seeker, matching.opening_of(vacancy)) if seeker else ([], [])
    return Card(
        vacancy=vacancy,
        href=f"/jobs/{vacancy.pk}/",
        pay=words.pay_figure(vacancy),
        unit=words.pay_unit(vacancy),
        where=f"{vacancy.employer.name} · {words.hours(vacancy)}",
        reasons=reasons,
        minds=minds,
        tags=tags(vacancy),
        end=" · ".join(part for part in (_fresh(vacancy, today), f"还招 {vacancy.places_left} 人") if part),
        walk_minutes=match.walk_min if match else None,
    )


def explained(seeker: Seeker, opening: Opening) -> tuple[list[str], list[str]]:
    """Words for and against; a refusal is said before a mere drawback, each once."""
    said, refusals = matching.explain(seeker, opening)
    reasons = [reason.text for reason in said if reason.mark == Mark.FOR]
    minds = [refusal.text for refusal in refusals] + [r.text for r in said if r.mark == Mark.AGAINST]
    return reasons, list(dict.fromkeys(minds))


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
