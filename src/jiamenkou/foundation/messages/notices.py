"""Notice classes: what can be told, over which channels, and whether it can be switched off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from jiamenkou.foundation.messages.models import Channel, Message


@dataclass(frozen=True, slots=True)
class Notice:
    """``title`` and ``body`` are format strings over the variables.

    ``sms`` is the id of a template approved by the operator beforehand; its variables are the same names.
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
    fresh: Callable[[Message], Mapping[str, str]] | None = None

    @property
    def channels(self) -> tuple[Channel, ...]:
        found = [Channel.IN_APP]
        if self.sms:
            found.append(Channel.SMS)
        if self.wechat:
            found.append(Channel.WECHAT)
        return tuple(found)


_notices: dict[str, Notice] = {}


def register(*notices: Notice) -> None:
    """Make notices known; rooms call it from ``apps.ready``."""
    for notice in notices:
        _notices[notice.key] = notice


def notice(key: str) -> Notice:
    """The notice class of a stored message."""
    return _notices[key]


def fresh_variables(message: Message) -> Mapping[str, str]:
    """What goes out beside the stored variables of a message; a notice nobody knows any more has none."""
    known = _notices.get(message.notice)
    return known.fresh(message) if known is not None and known.fresh is not None else {}


def all_notices() -> list[Notice]:
    return [_notices[key] for key in sorted(_notices)]
