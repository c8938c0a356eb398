"""What an answer to one of the room's messages does: the same as the buttons on the matter's own page."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.messages.models import Message
from jiamenkou.foundation.people.models import Relation
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from jiamenkou.services.jobs import notices
from jiamenkou.services.jobs.access import access_own_application, own_intention
from jiamenkou.services.jobs.actions.applications import move_application
from jiamenkou.services.jobs.actions.family import AGREE, Outcome, answer_family
from jiamenkou.services.jobs.actions.intentions import close_intention, renew_intention
from jiamenkou.services.jobs.models import Application
from jiamenkou.services.jobs.states import ApplicationReason, ApplicationState, Party

YES, NO = "想去", "不去"
STILL, STOP = "还在找", "不找了"


def answer_recommendation(by: Actor, message: Message, answer: str) -> None:
    number = message.href.rstrip("/").rpartition("/")[2]
    if not number.isdigit():
        raise Refused("这条消息没有对应的岗位，请打电话给社区。")
    application = access_own_application(by, int(number))
    if application.state != ApplicationState.RECOMMENDED:
        raise Conflict("这件事已经办过了，看看我的事。", code="overtaken")
    to, why = (ApplicationState.SENT, "") if answer == YES else (ApplicationState.DECLINED, ApplicationReason.OTHER)
    move_application(application, to, party=Party.RESIDENT, by=by, reason="本人回消息", why=why)


def say(application: Application, yes: bool, *, by: Actor, own: bool) -> None:
    """The person's own answer to a relative's wish, in their own account."""
    if not own:
        raise NotAllowed("要本人点头，家里人不能替。", code="not_yours")
    outcome = answer_family(
        application, yes, party=Party.RESIDENT, how="本人在手机上点的", by=by, now=timezone.now(), reason="本人答复"
    )
    if outcome == Outcome.CLOSED:
        raise Conflict("岗位已经不招了，没有投出去。", code="closed")
    if outcome not in {Outcome.SENT, Outcome.REFUSED}:
        raise Conflict("这件事已经办过了，看看我的事。", code="overtaken")


def answer_family_message(by: Actor, message: Message, answer: str) -> None:
    number = message.href.rstrip("/").rpartition("/")[2]
    application = access_own_application(by, int(number) if number.isdigit() else 0)
    own = any(link.resident_id == application.resident_id and link.relation == Relation.SELF for link in by.residents)
    say(application, answer == AGREE, by=by, own=own)


def answer_renewal(by: Actor, message: Message, answer: str) -> None:
    intention = own_intention(by, message.resident_id) if message.resident_id else None
    if intention is None:
        raise Conflict("求职意向已经结束了。", code="overtaken")
    if answer == STOP:
        close_intention(intention, by=by, why="本人说不找了", reason="本人回消息")
    else:
        renew_intention(intention, by=by, today=timezone.localdate(), reason="本人回消息")


ANSWERS: dict[str, Callable[[Actor, Message, str], None]] = {
    notices.RECOMMENDED.key: answer_recommendation,
    notices.RENEW.key: answer_renewal,
    notices.FAMILY_ASK.key: answer_family_message,
}
