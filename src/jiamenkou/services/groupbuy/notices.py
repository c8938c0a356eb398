"""What community choice tells people."""

from __future__ import annotations

from jiamenkou.foundation.messages.notices import Notice, register

PLACED = Notice(
    "groupbuy.placed", "下单", "已下单：{items}", "请在 {until} 前付款，过时货会让给别人。", "shopping-basket", "red"
)
PAID = Notice("groupbuy.paid", "付款成功", "付款成功：{items}", "{arrives}到货，到了告诉您。", "circle-check", "green")
LATE = Notice(
    "groupbuy.late", "付款晚了", "钱到晚了，已原路退回", "{title}的货已经让给别人，{amount} 退回您付款的地方。",
    "undo-2", "orange", can_be_disabled=False,
)  # fmt: skip
ENDED = Notice(
    "groupbuy.ended", "没付成", "没付成：{title}", "{why}。货先让给别人了，您可以再下一单。", "circle-x", "orange"
)
FAILED = Notice(
    "groupbuy.failed", "没成团", "没成团：{title}", "{why}。付过的钱全部退回。", "circle-x", "orange",
    sms="GROUPBUY_FAILED", can_be_disabled=False,
)  # fmt: skip
ARRIVED = Notice(
    "groupbuy.arrived", "到货", "货到了：{items}", "到 {point} 取，{until} 前都能取。取货码 {code}。", "package", "green",
    sms="GROUPBUY_ARRIVED", can_be_disabled=False,
)  # fmt: skip
SHORT = Notice(
    "groupbuy.short", "少到货", "{item} 少到了 {count} 份", "差的 {amount} 退给您。", "circle-alert", "orange",
    sms="GROUPBUY_SHORT", can_be_disabled=False,
)  # fmt: skip
MISSED = Notice(
    "groupbuy.missed", "没取货", "{title} 还没取", "取货时间已过，请打给主理人{leader}。", "clock", "orange",
    sms="GROUPBUY_MISSED", can_be_disabled=False,
)  # fmt: skip
WITHDRAWN = Notice(
    "groupbuy.withdrawn", "召回", "请先不要吃：{item}", "批次 {lot} 召回：{why}。请留着包装，打社区电话。", "siren", "red",
    sms="GROUPBUY_WITHDRAWN", can_be_disabled=False,
)  # fmt: skip
ANSWERED = Notice(
    "groupbuy.answered", "售后答复", "售后：{decision}", "{item}。{answer}", "message-circle-reply", "blue"
)
REFUNDED = Notice("groupbuy.refunded", "退款到了", "{amount} 已退回", "{title}。", "undo-2", "green")
REVIEWED = Notice("groupbuy.reviewed", "审核结果", "{what}：{decision}", "{words}", "badge-check", "blue")
PROXY = Notice(
    "groupbuy.proxy",
    "代您下单",
    "替您订了：{items}",
    "{by}代下的单。不要的话，截单前打社区电话。",
    "hand-helping",
    "blue",
)


MOVED = Notice(
    "groupbuy.moved", "改时间", "{title} 改时间了", "{arrives}到货，{until}前都能取。", "calendar-clock", "orange",
    sms="GROUPBUY_MOVED", can_be_disabled=False,
)  # fmt: skip


def register_all() -> None:
    """Make the notices of this room known."""
    register(
        PLACED,
        PAID,
        LATE,
        ENDED,
        FAILED,
        ARRIVED,
        SHORT,
        MISSED,
        WITHDRAWN,
        ANSWERED,
        REFUNDED,
        REVIEWED,
        PROXY,
        MOVED,
    )
