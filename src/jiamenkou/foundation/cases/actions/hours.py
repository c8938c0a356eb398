"""When an office works: what its clocks go by. A place without hours of its own goes by the one above."""

from __future__ import annotations

from collections.abc import Sequence

from jiamenkou.engines.workdays import OfficeHours
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.cases.models import OfficeHoursOf
from jiamenkou.foundation.cases.tasks import reclock
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Refused

SHORTEST = 60


def set_hours(place: Place, spans: Sequence[tuple[int, int]], *, by: Actor, reason: str) -> OfficeHours:
    """``spans`` in minutes after midnight, in order and apart. Raises Refused at ``morning_from``.

    Open cases of the place get their due times anew by a task.
    """
    try:
        hours = OfficeHours(tuple(spans))
    except ValueError as error:
        raise Refused("时间要从早到晚，上午下午不能重叠。", field="morning_from", code="order") from error
    if hours.minutes < SHORTEST:
        raise Refused("一天至少上一个小时班。", field="morning_from", code="short")
    OfficeHoursOf.objects.update_or_create(place=place, defaults={"spans": [list(span) for span in hours.spans]})
    reclock.defer()
    return hours


def as_above(place: Place, *, by: Actor, reason: str) -> None:
    """No hours of its own any more."""
    OfficeHoursOf.objects.filter(place=place).delete()
    reclock.defer()
