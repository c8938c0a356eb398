"""Notice classes: what can be told, over which channels, and whether it can be switched off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from jiamenkou.foundation.messages.models import Channel, Message


@dataclass(frozen=True, slots=True)
class Notice:
    """``title`` and ``body`` are format strings over the variables.

    ``sms`` is the id of a template approved by the operator beforehand; its variables are the same names.
    ``wechat`` is the same for a subscription message. ``order``: which channel is tried first, and which when it fails.
    ``to_residents``: a resident may get it, and sees it among the choices.
    ``fresh`` gives further variables at the moment a delivery leaves the house (a signed link): they are in no row.
    """

    key: str
    label: str
    title: str
    body: str
    icon: str = "bell"
    tone: str = "green"
    sms: str = ""
    wechat: str = ""
    can_be_disabled: bool = True
    order: tuple[Channel, ...] = (Channel.WECHAT, Channel.SMS)
    to_residents: bool = True
    fresh: Callable[[Message], Mapping[str, str]] | None = None

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The screen, then those beyond it that there is a template for, in the order they are tried."""
        has = {Channel.SMS: self.sms, Channel.WECHAT: self.wechat}
        return (Channel.IN_APP, *(channel for channel in self.order if has.get(channel)))


_notices: dict[str, Notice] = {}


def register(*notices: Notice) -> None:
    """Make notices known; rooms call it from ``apps.ready``."""
    for notice in notices:
        _notices[notice.key] = notice


def notice(key: str) -> Notice:
    """The notice class of a stored message."""
    return _notices[key]


def find_notice(key: str) -> Notice | None:
    """As :func:`notice`; None for one that nobody knows any more."""
    return _notices.get(key)


def fresh_variables(message: Message) -> Mapping[str, str]:
    """What goes out beside the stored variables of a message; a notice nobody knows any more has none."""
    known = _notices.get(message.notice)
    return known.fresh(message) if known is not None and known.fresh is not None else {}


def all_notices() -> list[Notice]:
    return [_notices[key] for key in sorted(_notices)]
