"""Notice classes: what can be told, over which channels, and whether it can be switched off."""

from __future__ import annotations

from dataclasses import dataclass

from jiamenkou.foundation.messages.models import Channel


@dataclass(frozen=True, slots=True)
class Notice:
    """``title`` and ``body`` are format strings over the variables.

    ``sms`` is the id of a template approved by the operator beforehand; its variables are the same names.
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


def all_notices() -> list[Notice]:
    return [_notices[key] for key in sorted(_notices)]
