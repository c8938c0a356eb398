"""What the house tells people about their cases, and staff about theirs."""

from __future__ import annotations

from jiamenkou.foundation.messages.notices import Notice, register

RECEIVED = Notice(
    "cases.received", "收到", "收到了：{title}", "编号 {number}。{promise}", "inbox", "teal", can_be_disabled=False
)
PROGRESS = Notice("cases.progress", "有进展", "{title}：有进展", "{text}", "message-circle", "teal")
EXTENDED = Notice(
    "cases.extended",
    "要晚几天",
    "{title}：要晚几天",
    "{text}。新的日子：{due}。",
    "clock",
    "orange",
    can_be_disabled=False,
)
HANDLED = Notice(
    "cases.handled", "办好了吗", "{title}：办好了吗？", "{text}。请您说一句：解决了没有，满不满意。", "circle-check", "green",
    sms="CASES_HANDLED", can_be_disabled=False,
)  # fmt: skip
CANNOT = Notice(
    "cases.cannot", "办不了", "{title}：这件事我们办不了", "{text}", "info", "orange", sms="CASES_CANNOT",
    can_be_disabled=False,
)  # fmt: skip
REOPENED = Notice(
    "cases.reopened", "重办", "{title}：我们接着办", "您说的我们记下了，接着办，不用再报一遍。", "rotate-ccw", "orange"
)
DECLINED = Notice(
    "cases.declined", "不受理", "{title}：这件事不归这里办", "{text}", "info", "orange", can_be_disabled=False
)
ASSIGNED = Notice("cases.assigned", "新办件", "派给您：{title}", "编号 {number}，请签收。", "inbox", "blue")
CHASED = Notice("cases.chased", "催办", "催办：{title}", "编号 {number}。{text}", "megaphone", "orange")
ASKING = Notice("cases.asking", "等您批", "等您批：{title}", "编号 {number}。{text}", "clock", "violet")


def register_all() -> None:
    """Make the notices of cases known."""
    register(RECEIVED, PROGRESS, EXTENDED, HANDLED, CANNOT, REOPENED, DECLINED, ASSIGNED, CHASED, ASKING)
