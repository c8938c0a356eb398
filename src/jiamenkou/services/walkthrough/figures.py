"""Figures of walks: minutes per step against what was promised, papers beyond the list, findings per window."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from django.db import models
from django.db.models import Q, QuerySet

from jiamenkou.services.walkthrough.models import ErrandVersion, FindingQuerySet, Round, Walk, WalkStep
from jiamenkou.services.walkthrough.states import FindingState


def beyond_list(step: WalkStep, version: ErrandVersion) -> list[str]:
    """Papers that were asked for and do not stand on the published list."""
    return [paper for paper in step.asked if paper not in version.papers]


@dataclass(frozen=True, slots=True)
class StepFigure:
    """A step over several walks: how often, the median of its minutes and of the wait (None where nobody said)."""

    name: str
    times: int
    minutes: float | None
    waiting: float | None


@dataclass(frozen=True, slots=True)
class ErrandFigure:
    """An errand at a window: walks that ended, median minutes from start to end, what was promised."""

    errand: str
    point: str
    walks: int
    minutes: float | None
    promised: int | None
    beyond: tuple[str, ...]
    steps: tuple[StepFigure, ...]
    # what narrows a list to this errand at this window
    query: str
    found: int
    solved: int

    @property
    def late(self) -> bool:
        return self.minutes is not None and self.promised is not None and self.minutes > self.promised


@dataclass(frozen=True, slots=True)
class Count:
    """7 项问题 · 已解决 6 项."""

    found: int
    solved: int
    cannot: int

    @property
    def open(self) -> int:
        return self.found - self.solved - self.cannot


def counted(rounds: QuerySet[Round]) -> QuerySet[Round]:
    """Rounds with ``walked``, ``found``, ``solved`` and ``cannot``."""
    findings = "walks__findings"
    return rounds.annotate(
        walked=models.Count("walks", distinct=True),
        found=models.Count(findings, distinct=True),
        solved=models.Count(findings, distinct=True, filter=Q(walks__findings__state=FindingState.SOLVED)),
        cannot=models.Count(findings, distinct=True, filter=Q(walks__findings__state=FindingState.CANNOT)),
    )


def count(findings: FindingQuerySet) -> Count:
    return count_states(findings.order_by().values_list("state", flat=True))


def count_states(of: Iterable[str]) -> Count:
    states = list(of)
    return Count(len(states), states.count(FindingState.SOLVED), states.count(FindingState.CANNOT))


def by_errand(walks: Iterable[Walk]) -> list[ErrandFigure]:
    """One row for each errand and window, by name. Walks come with steps and findings prefetched."""
    groups: dict[tuple[str, str, int, int], list[Walk]] = defaultdict(list)
    for walk in walks:
        errand = walk.version.errand
        groups[errand.name, walk.point.name, errand.pk, walk.point_id].append(walk)
    return [_errand(*key, some) for key, some in sorted(groups.items())]


def _errand(errand: str, point: str, errand_id: int, point_id: int, walks: list[Walk]) -> ErrandFigure:
    ended = [walk for walk in walks if walk.ended_at is not None]
    took = [(walk.ended_at - walk.started_at).total_seconds() / 60 for walk in ended if walk.ended_at is not None]
    steps: dict[str, list[WalkStep]] = defaultdict(list)
    beyond: dict[str, None] = {}
    for walk in walks:
        for step in walk.steps.all():
            steps[step.name].append(step)
            beyond.update(dict.fromkeys(beyond_list(step, walk.version)))
    findings = [finding for walk in walks for finding in walk.findings.all()]
    newest = max(walks, key=lambda walk: walk.started_at)
    return ErrandFigure(
        errand,
        point,
        len(ended),
        round(median(took), 1) if took else None,
        newest.version.promised_minutes,
        tuple(beyond),
        tuple(_step(name, some) for name, some in steps.items()),
        f"errand={errand_id}&point={point_id}",
        len(findings),
        sum(finding.state == FindingState.SOLVED for finding in findings),
    )


def _step(name: str, steps: list[WalkStep]) -> StepFigure:
    minutes = [step.minutes for step in steps if step.minutes is not None]
    waits = [step.waiting_minutes for step in steps if step.waiting_minutes is not None]
    return StepFigure(name, len(minutes), median(minutes) if minutes else None, median(waits) if waits else None)
