"""响应率, 按时办结率, 解决率, 满意率, 参评率: one pure function from the logs, the words beside it.

响应率 = cases whose first real contact was in time ÷ cases whose time to answer fell into the period.
按时办结率 = cases first handed in in time ÷ cases whose due time fell into the period.
解决率 = answers "解决了" ÷ people reached. 满意率 = 很满意、满意、基本满意 ÷ people who rated.
参评率 = closed cases with a rating ÷ closed cases. Beside them: returned, reopened, taken out (剔除).
Below thirty ratings a count is shown, no percentage.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime

from jiamenkou.foundation.cases.folding import Derived, Fact, fold, standing
from jiamenkou.foundation.cases.states import CONTENT, CaseState, EventKind, Solved

FEWEST = 30
_NOT_COUNTED = frozenset({CaseState.DECLINED, CaseState.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Log:
    """The log of one case. ``community`` is where it counts."""

    case: int
    community: int
    facts: Sequence[Fact]


@dataclass(frozen=True, slots=True)
class Share:
    """``part`` of ``whole``; part ≤ whole always."""

    part: int = 0
    whole: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.part <= self.whole:
            raise ValueError(f"{self.part} of {self.whole}")

    def __add__(self, other: Share) -> Share:
        return Share(self.part + other.part, self.whole + other.whole)

    @property
    def percent(self) -> float | None:
        """One decimal; None where there is nothing to divide by."""
        return round(100 * self.part / self.whole, 1) if self.whole else None

    @property
    def words(self) -> str:
        """``93.4%``, or ``14 / 16`` below thirty, or ``—``."""
        if not self.whole:
            return "—"
        return f"{self.part} / {self.whole}" if self.whole < FEWEST else f"{self.percent:.1f}%"


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts only, so that a street is the sum of its communities."""

    received: int = 0
    closed: int = 0
    excluded: int = 0
    responded: Share = Share()
    in_time: Share = Share()
    solved: Share = Share()
    satisfied: Share = Share()
    rated: Share = Share()
    reached: Share = Share()
    returned: Share = Share()
    reopened: Share = Share()
    cannot: int = 0
    open: int = 0
    late: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Figures)))


@dataclass(slots=True)
class _Matter:
    """A root case with everything merged into it, seen as one."""

    community: int
    root: Derived
    members: list[Derived] = field(default_factory=list)
    answers: dict[int, Fact] = field(default_factory=dict)


def figures(logs: Iterable[Log], since: datetime, until: datetime, now: datetime) -> dict[int, Figures]:
    """By community. The period is since ≤ moment < until; what is open or late is as of ``now``.

    A matter that was merged counts once: first report, first contact and earliest due time of all its members, so
    that the order of merging changes nothing.
    """
    found: dict[int, Figures] = {}
    for matter in _matters(logs):
        found[matter.community] = found.get(matter.community, Figures()) + _of(matter, since, until, now)
    return found


def total(by_community: dict[int, Figures]) -> Figures:
    return sum(by_community.values(), Figures())


def _matters(logs: Iterable[Log]) -> Iterable[_Matter]:
    derived: dict[int, tuple[Log, Derived]] = {log.case: (log, fold(log.facts)) for log in logs}
    matters: dict[int, _Matter] = {}
    for case, (log, one) in derived.items():
        root = case
        while (target := derived[root][1].merged_into_id) is not None and target in derived:
            root = target
        matter = matters.setdefault(root, _Matter(derived[root][0].community, derived[root][1]))
        matter.members.append(one)
        if case == root:
            for fact in standing(log.facts):
                if fact.kind == EventKind.REOPENED or (fact.kind == EventKind.SUPERVISED and fact.data.get("unhappy")):
                    # what counts is what people say of the end
                    matter.answers.clear()
                elif fact.kind == EventKind.CALLED_BACK:
                    matter.answers[fact.data["follower"]] = fact
    return matters.values()


def _of(matter: _Matter, since: datetime, until: datetime, now: datetime) -> Figures:
    def inside(moment: datetime | None) -> bool:
        return moment is not None and since <= moment < until

    root = matter.root
    submitted = _earliest(one.own_submitted for one in matter.members)
    if root.state in _NOT_COUNTED:
        return Figures(received=int(inside(submitted)))
    if root.excluded:
        return Figures(received=int(inside(submitted)), excluded=int(inside(submitted)))
    response_due = _earliest(one.own_response_due for one in matter.members)
    responded = _earliest(one.responded_at for one in matter.members)
    due = _earliest(one.own_due for one in matter.members)
    handled = root.first_handled_at
    closed = inside(root.closed_at)
    reached = [fact for fact in matter.answers.values() if fact.data.get("reached")]
    said = [fact.data.get("solved") for fact in reached]
    rated = [fact.data.get("satisfaction") for fact in reached if fact.data.get("satisfaction")]
    is_open = root.state not in {CaseState.CLOSED, CaseState.HANDLED, CaseState.MERGED}
    return Figures(
        received=int(inside(submitted)),
        closed=int(closed),
        responded=_share(inside(response_due), responded is not None and response_due is not None and responded <= response_due),
        in_time=_share(inside(due), handled is not None and due is not None and handled <= due),
        solved=Share(sum(word == Solved.YES for word in said), len(said)) if closed else Share(),
        satisfied=Share(sum(word in CONTENT for word in rated), len(rated)) if closed else Share(),
        rated=_share(closed, bool(rated)),
        reached=Share(len(reached), len(matter.answers)) if closed else Share(),
        returned=_share(inside(submitted), any(one.returns for one in matter.members)),
        reopened=_share(closed, root.reopens > 0),
        cannot=int(closed and root.outcome == "cannot"),
        open=int(is_open),
        late=int(is_open and due is not None and due < now and root.paused_at is None),
    )  # fmt: skip


def _share(counts: bool, good: bool) -> Share:
    return Share(int(good), 1) if counts else Share()


def _earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((one for one in moments if one is not None), default=None)
