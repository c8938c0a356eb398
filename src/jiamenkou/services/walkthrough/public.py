"""What anybody may read: rounds, 问题清单 and 满意清单, what keeps coming back. Nobody's name, staff's words only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import Http404
from django.utils import timezone

from jiamenkou.services.walkthrough.access import whole
from jiamenkou.services.walkthrough.figures import Count, counted
from jiamenkou.services.walkthrough.models import Finding, Round
from jiamenkou.services.walkthrough.states import FindingKind, FindingState

ROUNDS_SHOWN = 12
RECURRING_SHOWN = 10


@dataclass(frozen=True, slots=True)
class ShownRound:
    pk: int
    number: int
    title: str
    first_on: date
    last_on: date
    count: Count
    running: bool

    @property
    def href(self) -> str:
        return f"/walks/rounds/{self.pk}/"


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """Published ones have words; the others are only counted by kind, errand and window."""

    kind: str
    where: str
    words: str
    fix: str
    state: FindingState
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Recurring:
    """The same kind at the same errand and window in several rounds."""

    kind: str
    where: str
    rounds: int


def rounds_of(community: int | None) -> list[ShownRound]:
    """The newest, with their counts, in one query."""
    with whole():
        return [
            _round(row)
            for row in counted(Round.objects.filter(community_id=community)).order_by("-number")[:ROUNDS_SHOWN]
        ]


def _round(row: Round) -> ShownRound:
    counts = vars(row)
    runs = row.runs_on(timezone.localdate())
    return ShownRound(
        row.pk,
        row.number,
        row.title,
        row.first_on,
        row.last_on,
        Count(counts["found"], counts["solved"], counts["cannot"]),
        runs,
    )


def round_shown(pk: int) -> tuple[ShownRound, list[ShownFinding]]:
    """A round with its list, unsolved first. 404 for none."""
    with whole():
        row = counted(Round.objects.filter(pk=pk)).first()
        if row is None:
            raise Http404
        findings = Finding.objects.filter(walk__round=row).with_list_data().order_by("at", "pk")
        return _round(row), [_finding(finding) for finding in findings]


def _finding(finding: Finding) -> ShownFinding:
    walk, photos = finding.walk, finding.photos_public
    published = finding.published_at is not None
    return ShownFinding(
        str(FindingKind(finding.kind).label),
        f"{walk.version.errand.name} · {walk.point.name}",
        finding.public_words if published else "",
        finding.public_fix if published else "",
        FindingState(finding.state),
        finding.before.href if photos and finding.before else "",
        finding.after.href if photos and finding.after else "",
    )


def recurring_of(community: int | None) -> list[Recurring]:
    """Most often first."""
    with whole():
        rows = Finding.objects.filter(community_id=community).recurring().with_list_data().order_by("pk")
        most: dict[tuple[str, str], int] = {}
        for row in rows:
            key = str(FindingKind(row.kind).label), f"{row.walk.version.errand.name} · {row.walk.point.name}"
            most[key] = max(most.get(key, 0), row.seen_before + 1)
    found = [Recurring(kind, where, rounds) for (kind, where), rounds in most.items()]
    return sorted(found, key=lambda one: (-one.rounds, one.where, one.kind))[:RECURRING_SHOWN]
