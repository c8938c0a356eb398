"""What this room tells people."""

from __future__ import annotations

from jiamenkou.foundation.messages.notices import Notice, register

PLANNED = Notice(
    "needs.planned",
    "需求有回音",
    "您说的“{category}”，社区在张罗了",
    "{title}，打算 {when} 开。开好了再告诉您。",
    "megaphone",
    "blue",
)
OPENED = Notice(
    "needs.opened",
    "需求开好了",
    "您说的“{category}”开好了：{title}",
    "{when}，{where}。去过以后回一句，用上了没有。",
    "megaphone",
    "green",
    sms="NEEDS_OPENED",
)
DROPPED = Notice(
    "needs.dropped", "没办成", "{title} 这次没办成", "{why}。您的需求还记着，我们接着想办法。", "info", "orange",
    can_be_disabled=False,
)  # fmt: skip
CANNOT = Notice(
    "needs.cannot", "眼下办不到", "您说的“{category}”眼下办不到", "{why}。", "info", "orange", can_be_disabled=False
)
ANSWERED = Notice("needs.answered", "需求有回音", "您说的“{category}”有回音了", "{words}", "message-circle", "green")
SIGNED_UP = Notice(
    "needs.signed_up", "市集报名", "报上名了：{title}", "{when}，{where}。", "ticket", "green", can_be_disabled=False
)
MOVED_UP = Notice(
    "needs.moved_up", "排到您了", "{title} 有名额了，给您留好了", "{when}，{where}。不来请点一下取消，好让给后面的人。",
    "ticket", "green", sms="NEEDS_MOVED_UP", can_be_disabled=False,
)  # fmt: skip
CALLED_OFF = Notice(
    "needs.called_off", "市集取消", "{title} 取消了", "{why}。", "circle-x", "orange", sms="NEEDS_CALLED_OFF",
    can_be_disabled=False,
)  # fmt: skip
HANDED_OVER = Notice(
    "needs.handed_over", "换人负责", "您家这一片换了{role}", "以后有事找{name}，电话在这里。", "users", "blue"
)


def register_all() -> None:
    """Make the notices of this room known."""
    register(PLANNED, OPENED, DROPPED, CANNOT, ANSWERED, SIGNED_UP, MOVED_UP, CALLED_OFF, HANDED_OVER)
