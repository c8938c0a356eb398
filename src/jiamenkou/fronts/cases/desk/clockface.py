"""The two clocks of a case's page: what is gone of the time, where the due line stands, what happened on the way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from jiamenkou.engines.workdays import WorkClock
from jiamenkou.foundation.cases import clocks
from jiamenkou.foundation.cases.models import Case, CaseEvent
from jiamenkou.foundation.cases.states import EventKind

_TONES = {"late": "red", "today": "orange", "later": "green"}
# what is a dot on the case clock: it went on all the same
_MARKS = {
    EventKind.RETURNED: "violet",
    EventKind.RULED: "violet",
    EventKind.HANDLED: "green",
    EventKind.REOPENED: "red",
    EventKind.SUPERVISED: "violet",
}
# the bar ends a little after what comes last, so that it can be seen
_ROOM = 1.06


def clock_cards(
    case: Case, events: Sequence[CaseEvent], undone: set[int], now: datetime, holder: str
) -> list[dict[str, Any]]:
    """The case's clock and this hand's, in working time. ``holder``: in whose hands it is."""
    clock = clocks.clock_for(case.community)
    end = case.handled_at or case.closed_at or case.paused_at or now
    marks = [event for event in events if event.kind in _MARKS and event.seq not in undone]
    return [
        _clock(clock, _("办件钟"), _("从居民开口算，不归零"), "hourglass", case.submitted_at, case.due_at, end, marks),
        _clock(
            clock, _("经手钟"), _("现在在 %(who)s 手里") % {"who": holder}, "user-round-check", case.holder_since,
            case.holder_due, end, [],
        ),
    ]  # fmt: skip


def _clock(
    clock: WorkClock, label: str, about: str, icon: str, start: datetime | None, due: datetime | None, end: datetime,
    marks: Sequence[CaseEvent],
) -> dict[str, Any]:  # fmt: skip
    card = {"label": label, "about": about, "icon": icon, "start": start, "due": due, "level": "later", "bar": None}
    if start is None:
        return card | {"words": "—", "tone": "grey"}
    if due is None:
        return card | {"words": _("没有期限：工作日历到头了"), "level": "late", "tone": "red"}
    if end > due:
        words, level = late_words(clock, due, end), "late"
    else:
        words = _("还剩 %(long)s") % {"long": clocks.working_words(clock, end, due)}
        level = "today" if (due - end).total_seconds() < 86400 else "later"
    return card | {"words": words, "level": level, "tone": _TONES[level], "bar": bar(start, due, end, marks)}


def late_words(clock: WorkClock, due: datetime, end: datetime) -> str:
    """How long, in working time; between closing and opening nothing of it has gone by yet."""
    if (end - due).total_seconds() >= 60 and clocks.working_words(clock, due, end) == "0 分钟":
        return _("过了期限，上班起算")
    return _("超 %(long)s") % {"long": clocks.working_words(clock, due, end)}


def bar(start: datetime, due: datetime, end: datetime, marks: Sequence[CaseEvent]) -> dict[str, Any]:
    """Percentages of its width: how much is gone, where the due line stands, how much beyond it, the dots."""
    whole = max((max(due, end) - start).total_seconds() * _ROOM, 1)

    def at(moment: datetime) -> float:
        return round(min(max(100 * (moment - start).total_seconds() / whole, 0), 100), 2)

    gone, line = at(end), at(due)
    dots = [
        {
            "x": at(event.at),
            "tone": _MARKS[EventKind(event.kind)],
            "words": f"{timezone.localtime(event.at):%-m/%-d} {EventKind(event.kind).label}",
        }
        for event in sorted(marks, key=lambda event: event.seq)
        if start <= event.at <= end
    ]
    return {"gone": min(gone, line), "due": line, "over": round(max(gone - line, 0), 2), "dots": dots}
