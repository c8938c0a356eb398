"""The table of days gets a version more: a year's decree, read from a file of the usual form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jiamenkou.engines.workdays import from_holiday_cn
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.cases import clocks
from jiamenkou.foundation.cases.models import CalendarVersion
from jiamenkou.foundation.cases.tasks import reclock
from jiamenkou.foundation.refusals import Refused


def import_year(document: Any, *, by: Actor, reason: str) -> CalendarVersion:
    """Days of a year, known before or the next one: ``{"year", "days": [{"date", "isOffDay"}]}``. Raises Refused at file.

    Open cases get their due times anew by a task, those that had none included.
    """
    if not isinstance(document, Mapping):
        raise Refused("不是一年的放假安排：要有 year 和 days。", field="file", code="form")
    try:
        year = from_holiday_cn([document])
    except ValueError as error:
        raise Refused(
            "不是一年的放假安排：要有 year 和 days，每天写 date 和 isOffDay。", field="file", code="form"
        ) from error
    if not year.days:
        raise Refused("文件里一天都没有。", field="file", code="empty")
    known = clocks.calendar()
    if year.since.year > known.through.year + 1:
        raise Refused(
            f"日历到 {known.through.year} 年，请先导入 {known.through.year + 1} 年。", field="file", code="gap"
        )
    kept = {day: kind for day, kind in known.days.items() if not year.since <= day <= year.through}
    days = kept | dict(year.days)
    row = CalendarVersion.objects.create(
        since=min(known.since, year.since),
        through=max(known.through, year.through),
        days={day.isoformat(): str(kind) for day, kind in sorted(days.items())},
        label=f"{year.since.year} 年放假安排"[:80],
        by=by.account,
    )
    reclock.defer()
    return row
