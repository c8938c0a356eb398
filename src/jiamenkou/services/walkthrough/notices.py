"""What this room tells people."""

from __future__ import annotations

from jiamenkou.foundation.messages.notices import Notice, register

ACCEPTED = Notice(
    "walks.accepted", "体验员通过", "您是体验员了", "{words}", "footprints", "teal", sms="WALKS_ACCEPTED"
)
REFUSED = Notice("walks.refused", "体验员没通过", "这次没能请您当体验员", "{words}", "footprints", "grey")
SIGNED_UP = Notice(
    "walks.signed_up", "有人报名体验员", "有居民报名体验员", "到“体验员”里看一看", "user-round-plus", "teal"
)
CHECK = Notice(
    "walks.check", "请您复核", "您发现的问题改了，请去看一眼", "{title}：{words}", "eye", "violet", sms="WALKS_CHECK"
)
FIXED = Notice(
    "walks.fixed", "走流程的结果", "陪您办事时发现的问题解决了", "{title}", "circle-check", "green", sms="WALKS_FIXED"
)
CANNOT = Notice(
    "walks.cannot", "走流程的结果", "陪您办事时发现的问题，暂时解决不了", "{title}", "circle-minus", "grey"
)  # fmt: skip


def register_all() -> None:
    register(ACCEPTED, REFUSED, SIGNED_UP, CHECK, FIXED, CANNOT)
