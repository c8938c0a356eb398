"""Fairs on the phone: what there is, a place for so many people, one tap when one is there."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiamenkou.foundation.access.guards import for_everyone, for_residents
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.access.where import acting_for
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.needs.access import access_public_fair, fair_of_code, own_sign_up
from jiamenkou.services.needs.actions import fairs as acts
from jiamenkou.services.needs.forms.fairs import JoinForm
from jiamenkou.services.needs.models import Fair
from jiamenkou.services.needs.phone.views import filed_by
from jiamenkou.services.needs.states import FairState, SignUpState

TONES = {
    SignUpState.COMING: "green",
    SignUpState.WAITING: "orange",
    SignUpState.HERE: "green",
    SignUpState.CANCELLED: "grey",
}


@require_safe
@for_everyone
def fair(request: Visit, pk: int) -> HttpResponse:
    return _page(request, access_public_fair(pk))


def _page(
    request: Visit, found: Fair, refused: Refused | None = None, form: JoinForm | None = None, status: int = 200
) -> HttpResponse:
    person = acting_for(request)
    mine = own_sign_up(request.actor, found.pk, person.pk if person else None)
    going = found.state == FairState.PLANNED and found.ends_at > timezone.now()
    left = found.places_left
    state = SignUpState(mine.state) if mine else None
    context: dict[str, Any] = {
        "fair": found,
        "stands": found.stands.order_by("id"),
        "facts": [("时间", acts.when_where(found)["when"]), ("地点", found.place_words), ("名额", _places(found))],
        "mine": mine,
        "state": state,
        "tone": TONES[state] if state else "",
        "form": form or JoinForm(),
        "going": going,
        "full": left <= 0,
        "over": str(FairState(found.state).label) if found.state != FairState.PLANNED else "已经结束",
        "person": person,
        "several": len(request.actor.residents) > 1,
        "refused": refused,
    }
    return render(request, "needs/phone/fair.html", context, status=status)


def _places(found: Fair) -> str:
    if found.places_left > 0:
        return f"{found.capacity} 个，还剩 {found.places_left} 个"
    return f"{found.capacity} 个，满了，可以排队"


@require_POST
@for_residents
def join(request: Visit, pk: int) -> HttpResponse:
    found, person = access_public_fair(pk), acting_for(request)
    if person is None:
        return HttpResponseRedirect(f"/me/link/?next=/needs/fairs/{pk}/")
    form = JoinForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    try:
        acts.sign_up(
            found, person, form.cleaned_data["heads"], by=request.actor, filed_by=filed_by(request, person),
            now=timezone.now(), reason="居民报名",
        )  # fmt: skip
    except Refused as refused:
        return _page(request, found, refused, form, 409)
    return HttpResponseRedirect(f"/needs/fairs/{pk}/")


@require_POST
@for_residents
def leave(request: Visit, pk: int) -> HttpResponse:
    """Not coming after all: the place goes to the queue."""
    found, person = access_public_fair(pk), acting_for(request)
    mine = own_sign_up(request.actor, pk, person.pk if person else None)
    if mine is None:
        raise Http404
    try:
        acts.cancel(mine, by=request.actor, now=timezone.now(), reason="居民取消报名")
    except Refused as refused:
        return _page(request, found, refused, status=409)
    return HttpResponseRedirect(f"/needs/fairs/{pk}/")


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def here(request: Visit, code: str) -> HttpResponse:
    """The code that hangs at the entrance: whoever scans it says "I am here", signed up before or not."""
    found, person = fair_of_code(code), acting_for(request)
    if person is None:
        return HttpResponseRedirect(f"/me/link/?next=/needs/fairs/in/{code}/")
    mine = own_sign_up(request.actor, found.pk, person.pk)
    refused, status = None, 200
    if request.method == "POST":
        try:
            acts.arrive(
                found, person, by=request.actor, filed_by=filed_by(request, person), now=timezone.now(),
                reason="扫码签到",
            )  # fmt: skip
        except Refused as error:
            refused, status = error, 409
        else:
            return HttpResponseRedirect(f"/needs/fairs/in/{code}/")
    context = {
        "fair": found,
        "mine": mine,
        "done": mine is not None and mine.state == SignUpState.HERE,
        "person": person,
        "when": acts.when_where(found)["when"],
        "fair_href": f"/needs/fairs/{found.pk}/",
        "refused": refused,
    }
    return render(request, "needs/phone/here.html", context, status=status)
