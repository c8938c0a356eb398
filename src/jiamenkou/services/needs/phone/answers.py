"""用上了 / 没用上: the same under a message and on the need's own page."""

from __future__ import annotations

from collections.abc import Callable

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.messages.models import Message
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.needs import notices
from jiamenkou.services.needs.access import access_own_need
from jiamenkou.services.needs.actions.needs import move_need
from jiamenkou.services.needs.states import NeedState, Party

YES, NO = "用上了", "没用上"


def answer_message(by: Actor, message: Message, answer: str) -> None:
    number = message.href.rstrip("/").rpartition("/")[2]
    if not number.isdigit():
        raise Refused("这条消息没有对应的需求，请打电话给社区。")
    need = access_own_need(by, int(number))
    if need.state != NeedState.ANSWERED:
        raise Conflict("这件事已经回过了，看看我的事。", code="overtaken")
    to = NeedState.MET if answer == YES else NeedState.OPEN
    move_need(need, to, party=Party.RESIDENT, by=by, reason="本人回消息", text="" if answer == YES else NO)


ANSWERS: dict[str, Callable[[Actor, Message, str], None]] = {
    notices.OPENED.key: answer_message,
    notices.ANSWERED.key: answer_message,
}
