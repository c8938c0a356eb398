"""没送到的消息: people to be phoned instead."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.listing import Listing, paged, searched_word
from jiamenkou.foundation.messages.calls import access_not_reached, not_reached_for, record_message_call
from jiamenkou.foundation.messages.models import Delivery


def _rows(request: Visit, permission: Permission = Permission.RESIDENTS_VIEW) -> tuple[QuerySet[Delivery], str]:
    """The rows of the address and the word, the newest first."""
    rows, word = not_reached_for(request.actor, permission), searched_word(request)
    if word:
        rows = rows.filter(
            Q(message__resident__name__icontains=word)
            | Q(message__organisation__name__icontains=word)
            | Q(message__title__icontains=word)
        )
    return rows.order_by("-at", "-id"), word


@for_staff(Permission.RESIDENTS_VIEW)
def not_reached(request: Visit) -> HttpResponse:
    rows, word = _rows(request)
    shown = Listing(paged(rows, request), word, {})
    context = {
        "listing": shown,
        "rows": [_row(delivery) for delivery in shown.page],
        "may_call": request.actor.may(Permission.RESIDENTS_EDIT),
        "may_export": request.actor.may(Permission.RESIDENTS_EXPORT),
        "query": request.GET.urlencode(),
        "trail": [{"label": "没送到的消息", "href": ""}],
    }
    return render(request, "desk/messages.html", context)


@require_POST
@for_staff(Permission.RESIDENTS_EXPORT)
def export(request: Visit) -> HttpResponse:
    """The list as a sheet: numbers of people stay masked."""
    from jiamenkou.foundation.audit.exports import export_rows
    from jiamenkou.foundation.sheets.writing import Column

    rows, word = _rows(request, Permission.RESIDENTS_EXPORT)
    columns = [Column(heading, 18) for heading in ("谁", "电话", "要告诉的事", "怎么发的", "为什么没到", "时间")]
    cells = (
        [
            row["name"],
            row["phone"],
            row["delivery"].message.title,
            str(row["channel"]),
            row["delivery"].problem,
            timezone.localtime(row["delivery"].at),
        ]
        for row in map(_row, rows)
    )
    conditions = "q=…" if word else ""  # the word is left out: it may be somebody's name
    return export_rows(
        "没送到的消息", columns, cells, by=request.actor, reason="导出没送到的消息", conditions=conditions
    )


def _row(delivery: Delivery) -> dict[str, Any]:
    message = delivery.message
    to = message.resident or message.organisation
    phone = (
        message.resident.phone_masked
        if message.resident
        else message.organisation.phone
        if message.organisation
        else ""
    )
    reveal = f"/desk/residents/{message.resident_id}/?reveal=phone" if message.resident else ""
    return {
        "delivery": delivery,
        "name": to.name if to else "",
        "phone": phone,
        "reveal": reveal,
        "channel": delivery.get_channel_display(),
        "act": f"/desk/messages/{delivery.pk}/called/",
    }


@require_POST
@for_staff(Permission.RESIDENTS_EDIT)
def called(request: Visit, pk: int) -> HttpResponse:
    """Written down: got through, or not yet."""
    delivery = access_not_reached(request.actor, pk)
    reached = request.POST.get("outcome") == "reached"
    record_message_call(delivery, reached=reached, by=request.actor, reason="电话告知")
    return HttpResponseRedirect("/desk/messages/")
