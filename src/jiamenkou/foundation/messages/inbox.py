"""A person's messages: read, opened, answered. Opening and answering are always a POST."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.messages.models import Message, MessageQuerySet
from jiamenkou.foundation.refusals import Conflict, Refused

# what is older is in the matter itself; a phone shows no more than this
SHOWN = 60
# the answer of a message whose matter has gone on without it
OVERTAKEN = "不用回了"


def inbox(by: Actor) -> MessageQuerySet:
    """Messages to the people this account acts for, newest first."""
    return Message.objects.to_residents([link.resident_id for link in by.residents])


def access_own_message(by: Actor, pk: int) -> Message:
    """One of them; others do not exist."""
    message = inbox(by).filter(pk=pk).first()
    if message is None:
        raise Http404
    return message


def mark_read(message: Message, *, by: Actor, now: datetime, reason: str) -> None:
    """The first reading counts."""
    inbox(by).filter(pk=message.pk).unread().update(read_at=now)


def mark_all_read(*, by: Actor, now: datetime, reason: str) -> int:
    """Notices only: what waits for an answer stays until it has one."""
    waiting = inbox(by).waiting().values("pk")
    return inbox(by).unread().exclude(pk__in=waiting).update(read_at=now)


def record_answer(message: Message, answer: str, *, by: Actor, now: datetime, reason: str) -> None:
    """One of the offered answers, once."""
    if answer not in message.answers and answer != OVERTAKEN:
        raise Refused("请点下面的一个回答。", field="answer", code="unknown")
    given = inbox(by).filter(pk=message.pk).waiting().update(answer=answer, answered_at=now)
    if not given:
        raise Conflict("这条已经回过了。", code="answered")
    mark_read(message, by=by, now=now, reason=reason)


def settle(resident: int, href: str, answer: str, *, by: Actor, now: datetime, reason: str) -> int:
    """The matter was answered on its own page: its messages no longer wait."""
    return (
        Message.objects.to_residents([resident])
        .waiting()
        .filter(href=href)
        .update(answer=answer, answered_at=now, read_at=now)
    )
