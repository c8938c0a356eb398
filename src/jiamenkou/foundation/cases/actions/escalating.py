"""The ladder: what is late climbs by itself, each rung once. 催办 and 督办 by hand stand beside it."""

from __future__ import annotations

from datetime import datetime, timedelta

from jiamenkou.engines.workdays import BeyondCalendar, WorkClock
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.cases import clocks, notices
from jiamenkou.foundation.cases.models import Case, CaseEvent
from jiamenkou.foundation.cases.recording import lock, record
from jiamenkou.foundation.cases.routing import catalogue, path_to
from jiamenkou.foundation.cases.standard import LADDER, SUPERVISED_FROM
from jiamenkou.foundation.cases.states import EventKind
from jiamenkou.foundation.cases.telling import tell_desk
from jiamenkou.foundation.refusals import Refused

# no rung lies further before the due time than a long holiday
_LOOK_AHEAD = timedelta(days=12)


def urge(case: Case, text: str, *, by: Actor, reason: str, now: datetime | None = None) -> Case:
    """催办: the holder hears of it, and it stands in the log."""
    locked = lock(case)
    record(locked, EventKind.URGED, by=by, at=now, text=text)
    tell_desk(locked, notices.CHASED, text=text or "请尽快办")
    return locked


def supervise(
    case: Case, text: str, *, by: Actor, reason: str, level: int = SUPERVISED_FROM, now: datetime | None = None
) -> Case:
    """督办 by somebody above: a requirement in words, answered in the log."""
    if not text.strip():
        raise Refused("督办要写清要求和期限。", field="text", code="required")
    locked = lock(case)
    record(locked, EventKind.SUPERVISED, by=by, at=now, data={"level": level}, text=text)
    tell_desk(locked, notices.CHASED, text=text[:200])
    return locked


def rung(clock: WorkClock, due: datetime, now: datetime) -> int:
    """The level a case has reached by now, 0 below the first rung. Beyond the calendar: late is at least level 2."""
    day = clock.hours.minutes
    try:
        if now < due:
            days: float = -clock.working_minutes(now, due) / day
        else:
            days = clock.working_minutes(due, now) / day
    except BeyondCalendar:
        return 2 if now >= due else 0
    return max((level for offset, level, _role, _words in LADDER if days >= offset), default=0)


def climb(now: datetime, *, by: Actor, reason: str) -> int:
    """Every open case to the rung it has reached. Run by the task each quarter of an hour; returns how many moved."""
    moved = 0
    words = {level: text for _offset, level, _role, text in LADDER}
    clocks_of: dict[int, WorkClock] = {}
    waiting = (
        Case.objects.open()
        .filter(due_at__lt=now + _LOOK_AHEAD, paused_at__isnull=True, level__lt=max(words))
        .select_related("community")
        .order_by("id")
    )
    for case in waiting:
        clock = clocks_of.setdefault(case.community_id, clocks.clock_for(case.community))
        if case.due_at is None or rung(clock, case.due_at, now) <= case.level:
            continue
        locked = lock(case)
        if not locked.is_open or locked.due_at is None or locked.paused_at is not None:
            continue
        level = rung(clock, locked.due_at, now)
        if level <= locked.level:
            continue
        kind = EventKind.SUPERVISED if level >= SUPERVISED_FROM else EventKind.ESCALATED
        record(locked, kind, by=by, at=now, data={"level": level}, text=words[level])
        tell_desk(locked, notices.CHASED, text=words[level])
        moved += 1
    return moved


def reclock(now: datetime, *, by: Actor, reason: str) -> int:
    """After a change of the calendar or the hours: open cases get the due times it gives, pauses and extensions kept.

    A case that had no due time because the calendar ended gets its first. Returns how many changed.
    """
    changed = 0
    known = catalogue()
    clocks_of: dict[int, WorkClock] = {}
    rows = Case.objects.open().filter(paused_at__isnull=True, extensions=0).select_related("community", "place")
    resumed = set(
        CaseEvent.objects.filter(kind=EventKind.RESUMED, case__in=rows).order_by().values_list("case_id", flat=True)
    )
    for case in rows.order_by("id"):
        if case.pk in resumed or case.submitted_at is None:
            continue
        clock = clocks_of.setdefault(case.community_id, clocks.clock_for(case.community))
        try:
            rule = known.rule(case.category, path_to(case.place or case.community).codes)
        except Refused:
            continue
        locked = lock(case)
        start = locked.created_at
        due = clocks.due_or_none(clock, start, rule.handle)
        response = clocks.due_or_none(clock, start, rule.response)
        if (due, response) == (_own(locked, "due"), _own(locked, "response_due")):
            continue
        data = {
            "due": due.isoformat() if due else None,
            "response_due": response.isoformat() if response else None,
        }
        record(locked, EventKind.RECLOCKED, by=by, at=now, data=data, text="工作日历改了")
        changed += 1
    return changed


def _own(case: Case, name: str) -> datetime | None:
    """The case's own due time as its log has it last, without that of merged ones."""
    last = (
        CaseEvent.objects.filter(case=case, kind__in=[EventKind.OPENED, EventKind.RECLOCKED]).order_by("-seq").first()
    )
    value = last.data.get(name) if last is not None else None
    return datetime.fromisoformat(value) if value else None
