"""Chinese working days and working minutes, from a versioned table that never guesses beyond its end."""

from jiamenkou.engines.workdays.calendar import (
    BeyondCalendar,
    Calendar,
    DayKind,
    from_chinesecalendar,
    from_holiday_cn,
)
from jiamenkou.engines.workdays.clock import CHINA, OfficeHours, WorkClock

__all__ = [
    "CHINA",
    "BeyondCalendar",
    "Calendar",
    "DayKind",
    "OfficeHours",
    "WorkClock",
    "from_chinesecalendar",
    "from_holiday_cn",
]
