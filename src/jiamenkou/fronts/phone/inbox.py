"""消息: what asks for an answer first, with the answers as buttons; then what is only told."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiamenkou.foundation.access.guards import for_residents
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.events.contributions import rooms
from jiamenkou.foundation.messages import inbox as box
from jiamenkou.foundation.messages.models import Message
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.fronts.phone.going import said


@for_residents
@require_safe
def inbox(request: Visit) -> HttpResponse:
    now = timezone.now()
    rows = [(message, said(message.made_at, now)) for message in box.inbox(request.actor)[: box.SHOWN]]
    waiting = [(message, when) for message, when in rows if message.answers and not message.answer]
    told = [(message, when) for message, when in rows if not message.answers or message.answer]
    return render(
        request,
        "phone/messages.html",
        {"waiting": waiting, "told": told, "fresh": any(m.read_at is None for m, _when in told)},
    )


@for_residents
@require_POST
def opened(request: Visit, pk: int) -> HttpResponse:
    """Opening a message marks it read and goes to its matter."""
    message = box.access_own_message(request.actor, pk)
    box.mark_read(message, by=request.actor, now=timezone.now(), reason="打开消息")
    return HttpResponseRedirect(message.href or "/me/messages/")


@for_residents
@require_POST
def all_read(request: Visit) -> HttpResponse:
    box.mark_all_read(by=request.actor, now=timezone.now(), reason="全部看过")
    return HttpResponseRedirect("/me/messages/")


@for_residents
@require_POST
def answered(request: Visit, pk: int) -> HttpResponse:
    """The room whose message it is does what the answer means; then the answer is kept."""
    by, now = request.actor, timezone.now()
    message = box.access_own_message(by, pk)
    answer = request.POST.get("answer", "")
    try:
        if answer not in message.answers:
            raise Refused(_("请点下面的一个回答。"))
        if message.answer:
            raise Refused(_("这条已经回过了。"))
        _act(request, message, answer)
        box.record_answer(message, answer, by=by, now=now, reason="回复消息")
    except Conflict as overtaken:
        box.record_answer(message, box.OVERTAKEN, by=by, now=now, reason="回复消息")
        messages.error(request, overtaken.message)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("已经回了：%(answer)s") % {"answer": answer})
    return HttpResponseRedirect("/me/messages/")


def _act(request: HttpRequest, message: Message, answer: str) -> None:
    for room in rooms():
        does = room.answers.get(message.notice)
        if does is not None:
            does(request.actor, message, answer)  # type: ignore[attr-defined]
