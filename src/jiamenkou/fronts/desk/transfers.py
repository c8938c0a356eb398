"""Requests of other communities for somebody who is registered here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.asking import Ask
from jiamenkou.foundation.events.contributions import Due
from jiamenkou.foundation.people.access import transfers_for
from jiamenkou.foundation.people.actions.moving import answer_transfer
from jiamenkou.foundation.people.models import TransferRequest
from jiamenkou.foundation.refusals import Refused
from jiamenkou.fronts.desk.acts import because
from jiamenkou.fronts.desk.residents import LIST, trail
from jiamenkou.fronts.desk.trail import when

HERE = "/desk/transfers/"


def _due(by: Actor, requests: list[TransferRequest]) -> Iterable[Due]:
    """On 今天: who is asked for, by which community."""
    for request in requests:
        yield Due(
            kind=_("转出"),
            icon="map-pin",
            tone="violet",
            title=_("%(place)s申请转入") % {"place": request.to_community.name},
            why=request.note or _("对方登记时发现证件号在这里"),
            who=request.resident.name,
            where=request.resident.grid.name if request.resident.grid else "",
            href=HERE,
            act=_("答复"),
            due=None,
        )


DUE = [Ask((transfers_for,), _due)]


@for_staff(Permission.RESIDENTS_EDIT)
@require_GET
def listing(request: Visit) -> HttpResponse:
    rows: list[dict[str, Any]] = [
        {
            "request": one,
            "person": one.resident,
            "href": f"{LIST}{one.resident_id}/",
            "answer": f"{HERE}{one.pk}/",
            "when": when(one.requested_at),
        }
        for one in transfers_for(request.actor)
    ]
    return render(request, "desk/residents/transfers.html", {"rows": rows, "trail": trail((_("转出申请"), ""))})


@because("答复转入申请")
@for_staff(Permission.RESIDENTS_EDIT)
@require_POST
def answer(request: Visit, pk: int) -> HttpResponse:
    found = transfers_for(request.actor).filter(pk=pk).first()
    if found is None or request.POST.get("do") not in {"yes", "no"}:
        raise Http404
    granted = request.POST["do"] == "yes"
    try:
        answer_transfer(
            found, granted, by=request.actor, now=timezone.now(), today=timezone.localdate(), reason="答复转入申请"
        )
    except Refused as refused:
        context = {"refused": refused, "back": HERE, "trail": trail((_("转出申请"), HERE))}
        return render(request, "desk/refused.html", context, status=409)
    messages.success(request, _("已经转出。") if granted else _("已经答复对方：不转。"))
    return HttpResponseRedirect(HERE)
