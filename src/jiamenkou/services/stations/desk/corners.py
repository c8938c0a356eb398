"""An idle corner on the desk: its proposals and votes, who takes it, and when it opens."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.stations.access import access_for_staff, claim_for_staff
from jiamenkou.services.stations.actions import corners as corner_acts
from jiamenkou.services.stations.desk.given import how, number
from jiamenkou.services.stations.desk.lists import trail
from jiamenkou.services.stations.forms.phone import stored
from jiamenkou.services.stations.models import Corner
from jiamenkou.services.stations.permissions import StationsPermission

VIEW, EDIT = StationsPermission.VIEW, StationsPermission.EDIT


@require_safe
@for_staff(VIEW)
def corner(request: Visit, pk: int) -> HttpResponse:
    return _corner_page(request, access_for_staff(request.actor, _corners(), pk, VIEW))


def _corners() -> Any:
    return Corner.objects.select_related("community", "before", "after", "chosen")


def _corner_page(request: Visit, found: Corner, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    context = {
        "corner": found,
        "proposals": list(found.proposals.order_by("-votes", "at", "id")),
        "claims": list(found.claims.order_by("at", "id")),
        "ballots": corner_acts.counted(found),
        "before": found.before.href if found.before else "",
        "after": found.after.href if found.after else "",
        "act": f"/desk/stations/corners/{found.pk}/act/",
        "refused": refused,
        "may_edit": request.actor.may(EDIT),
        "trail": trail("闲置角落", "/desk/stations/corners/", found.name),
    }
    return render(request, "stations/desk/corner.html", context, status=status)


class OpenForm(forms.Form):
    photo = forms.FileField(required=False)


@require_POST
@for_staff(EDIT)
def corner_act(request: Visit, pk: int) -> HttpResponse:
    """close the vote, agree to a claim, open it with a photo, drop it."""
    found = access_for_staff(request.actor, _corners(), pk, EDIT)
    now = timezone.now()
    try:
        match request.POST.get("do"):
            case "close":
                corner_acts.close_vote(found, now=now, **how(request, "结束投票"))
            case "agree":
                claim = claim_for_staff(request.actor, number(request, "claim"))
                if claim.corner_id != found.pk:
                    raise Refused("没有这个认领。", code="unknown")
                corner_acts.agree(claim, now=now, **how(request, "同意认领"))
            case "open":
                form = OpenForm(request.POST, request.FILES)
                form.is_valid()
                photo = stored(form, "photo", by=request.actor, community=found.community_id, public=True)
                corner_acts.open_corner(
                    found, timezone.localdate(now), after=photo, now=now, **how(request, "角落开张")
                )
            case "drop":
                corner_acts.drop(found, request.POST.get("why", ""), now=now, **how(request, "不办了"))
            case _:
                raise Refused("没有这个操作。", code="unknown")
    except Refused as refused:
        found.refresh_from_db()
        return _corner_page(request, found, refused, 409)
    return HttpResponseRedirect(f"/desk/stations/corners/{pk}/")
