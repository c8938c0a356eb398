"""What a resident wants on the phone, and over which channel. Notices that matter too much cannot be switched off."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.messages.models import Channel, OptOut
from jiamenkou.foundation.messages.notices import Notice, all_notices
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.refusals import Refused

EVERY = ""  # an opt-out of every channel beyond the screen


@dataclass(frozen=True, slots=True)
class Choice:
    """A notice that goes to the phone; ``over``: the channels that the resident has left on."""

    notice: Notice
    over: frozenset[Channel]


def channels_for(notice: Notice, resident: Resident | None) -> tuple[Channel, ...]:
    """The channels a notice takes to this addressee, in order; the screen always. At most two queries.

    WeChat only for a resident who has accepted a message that is not used up.
    """
    channels = notice.channels
    if resident is None:
        return tuple(channel for channel in channels if channel != Channel.WECHAT)
    if len(channels) == 1:
        return channels
    if notice.can_be_disabled:
        off = set(
            OptOut.objects.filter(resident=resident, notice=notice.key)
            .values_list("channel", flat=True)
            .order_by("id")
        )
        channels = tuple(c for c in channels if c == Channel.IN_APP or not off & {EVERY, c})
    if Channel.WECHAT in channels:
        from jiamenkou.foundation.messages.wechat.acceptances import has_one

        if not has_one(resident.pk, notice.wechat):
            channels = tuple(channel for channel in channels if channel != Channel.WECHAT)
    return channels


def switch_off(resident: Resident, notice: Notice, *, by: Actor, reason: str) -> None:
    """No more SMS or WeChat of this notice. Refused for one that cannot be disabled."""
    choose(resident, notice, (), by=by, reason=reason)


def switch_on(resident: Resident, notice: Notice, *, by: Actor, reason: str) -> None:
    OptOut.objects.filter(resident=resident, notice=notice.key).delete()


def choose(resident: Resident, notice: Notice, over: Collection[Channel], *, by: Actor, reason: str) -> None:
    """Only over these channels beyond the screen from now on; none of them: on the screen only."""
    beyond = notice.channels[1:]
    off = [channel for channel in beyond if channel not in over]
    if off and not notice.can_be_disabled:
        raise Refused("这类通知关系到您的约定，不能关。", code="needed")
    wanted = {EVERY} if off and len(off) == len(beyond) else set(map(str, off))
    OptOut.objects.filter(resident=resident, notice=notice.key).exclude(channel__in=wanted).delete()
    for channel in sorted(wanted):
        OptOut.objects.get_or_create(resident=resident, notice=notice.key, channel=channel)


def choices_of(resident: Resident) -> list[Choice]:
    """Every notice that goes to a resident's phone. One query."""
    off: dict[str, set[str]] = {}
    for key, channel in OptOut.objects.filter(resident=resident).order_by("id").values_list("notice", "channel"):
        off.setdefault(key, set()).add(channel)
    return [
        Choice(notice, frozenset(c for c in notice.channels[1:] if not off.get(notice.key, set()) & {EVERY, c}))
        for notice in all_notices()
        if len(notice.channels) > 1 and notice.to_residents
    ]
