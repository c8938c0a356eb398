"""What a resident does not want sent to the phone. Notices that matter too much cannot be switched off."""

from __future__ import annotations

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.messages.models import Channel, OptOut
from jiamenkou.foundation.messages.notices import Notice, all_notices
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.refusals import Refused


def channels_for(notice: Notice, resident: Resident | None) -> tuple[Channel, ...]:
    """The channels a notice takes to this addressee; the screen always. At most one query."""
    beyond = len(notice.channels) > 1 and notice.can_be_disabled and resident is not None
    if beyond and OptOut.objects.filter(resident=resident, notice=notice.key).exists():
        return (Channel.IN_APP,)
    return notice.channels


def switch_off(resident: Resident, notice: Notice, *, by: Actor, reason: str) -> None:
    """No more SMS or WeChat of this notice. Refused for one that cannot be disabled."""
    if not notice.can_be_disabled:
        raise Refused("这类通知关系到您的约定，不能关。", code="needed")
    OptOut.objects.get_or_create(resident=resident, notice=notice.key)


def switch_on(resident: Resident, notice: Notice, *, by: Actor, reason: str) -> None:
    OptOut.objects.filter(resident=resident, notice=notice.key).delete()


def choices_of(resident: Resident) -> list[tuple[Notice, bool]]:
    """Every notice that goes to the phone, and whether it is on. One query."""
    off = set(OptOut.objects.filter(resident=resident).order_by("id").values_list("notice", flat=True))
    return [(notice, notice.key not in off) for notice in all_notices() if len(notice.channels) > 1]
