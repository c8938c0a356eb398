"""My hours account: what I gave, what I may use, the certificate."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jiamenkou.foundation.access import scope as scopes
from jiamenkou.foundation.access.guards import for_everyone, for_residents
from jiamenkou.foundation.access.limits import Rate
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.access.where import acting_for
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.stations import words
from jiamenkou.services.stations.actions import hours as acts
from jiamenkou.services.stations.finding import called_so, count
from jiamenkou.services.stations.forms.phone import GiveForm, HelpForm, SpendForm
from jiamenkou.services.stations.models import Certificate, Help
from jiamenkou.services.stations.phone.asking import put_error, to_link

SEARCHES = (Rate(10, 60), Rate(50, 86_400))
KINDS = {"hours.earned": "帮忙", "hours.given": "送时长", "hours.spent": "用时长"}


@for_residents
@require_safe
def account(request: Visit) -> HttpResponse:
    person = acting_for(request)
    if person is None:
        return to_link(request)
    return _page(request, person)


def _page(request: Visit, person: Resident, form: forms.Form | None = None, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    key = secrets.token_hex(8)
    given = {
        "help": HelpForm(initial={"on": today}),
        "give": GiveForm(initial={"key": key}),
        "spend": SpendForm(initial={"key": key}),
    }
    open_ = ""
    if form is not None:
        open_ = {HelpForm: "help", GiveForm: "give", SpendForm: "spend"}[type(form)]
        given[open_] = form
    waiting = Help.objects.given_by([person.pk]).filter(state="waiting").order_by("-id")[:20]
    lines = reversed(acts.book_of(person)[-40:])
    return render(
        request,
        "stations/phone/hours.html",
        {
            "balance": words.minutes(acts.balance(person)),
            "lines": [
                {
                    "title": line.reason,
                    "sub": f"{KINDS.get(line.kind, '')} · {timezone.localtime(line.at):%-m月%-d日}",
                    "end": f"{'＋' if line.amount > 0 else '−'}{abs(line.amount)} 分钟",
                }
                for line in lines
            ],
            "waiting": [{"title": one.what, "sub": f"{one.helped_called} · {words.minutes(one.minutes)}"} for one in waiting],
            "forms": given,
            "open": open_,
            "person": person,
        },
        status=status,
    )  # fmt: skip


@require_POST
@for_residents
def act(request: Visit) -> HttpResponse:
    """help: claim minutes; give: hand some on; spend: use some."""
    person = acting_for(request)
    if person is None:
        return to_link(request)
    kinds: dict[str, type[forms.Form]] = {"help": HelpForm, "give": GiveForm, "spend": SpendForm}
    do = request.POST.get("do", "")
    if do not in kinds:
        raise Http404
    form = kinds[do](request.POST)
    if form.is_valid():
        try:
            _do(request, do, person, form.cleaned_data)
            return HttpResponseRedirect("/stations/hours/")
        except Refused as refused:
            put_error(form, refused)
    return _page(request, person, form, 422)


def _do(request: Visit, do: str, person: Resident, data: dict[str, Any]) -> None:
    how: dict[str, Any] = {"by": request.actor, "now": timezone.now()}
    if do == "spend":
        acts.spend(person, data["minutes"], data["on_what"], f"{person.pk}:{data['key']}", reason="用时长", **how)
        return
    other = _neighbour(request, person, data["name"], data["building"])
    if do == "help":
        acts.claim(person, other, data["what"], data["minutes"], data["on"], reason="登记帮忙", **how)
    else:
        acts.give(person, other, data["minutes"], f"{person.pk}:{data['key']}", reason="送时长", **how)


def _neighbour(request: Visit, person: Resident, name: str, building: str) -> Resident:
    """The one neighbour with this whole name in this building; counted, and the answer never says who else is there."""
    count("stations.neighbour", person.pk, *SEARCHES)
    if not any(sign.isdigit() for sign in building):
        raise Refused("请写楼号，例如 3 栋。", field="building", code="required")
    found = [one for one in called_so(person.community_id, name, building) if one.pk != person.pk]
    if len(found) != 1:
        raise Refused("没找准这个人，请核对全名和楼号，或请站长帮忙登记。", field="name", code="unknown")
    return found[0]


@require_POST
@for_residents
def make_certificate(request: Visit) -> HttpResponse:
    person = acting_for(request)
    if person is None:
        return to_link(request)
    try:
        made = acts.certify(person, by=request.actor, now=timezone.now(), reason="开志愿时长证明")
    except Refused as refused:
        form = HelpForm({"on": timezone.localdate()})
        form.errors.clear()
        form.add_error(None, refused.message)
        return _page(request, person, form, 409)
    return HttpResponseRedirect(f"/stations/hours/certificate/{made.pk}/")


@for_residents
@require_safe
def certificate(request: Visit, pk: int) -> HttpResponse:
    """A4, with the whole name: one's own only."""
    ids = [link.resident_id for link in request.actor.residents]
    found = Certificate.objects.filter(pk=pk, resident_id__in=ids).select_related("resident", "community").first()
    if found is None:
        raise Http404
    helps = (
        Help.objects.given_by([found.resident_id]).confirmed().filter(on__lte=found.until).order_by("-on", "-id")[:30]
    )
    context = {
        "certificate": found,
        "hours": words.minutes(found.minutes),
        "helps": [
            {"on": one.on, "what": one.what, "minutes": words.minutes(one.minutes), "way": one.get_way_display()}
            for one in helps
        ],
        "check": f"{settings.PUBLIC_URL}/stations/certificate/{found.code}/",
    }
    return render(request, "stations/paper/certificate.html", context)  # fmt: skip


@for_everyone
@require_safe
def check(request: Visit, code: str) -> HttpResponse:
    """Anybody with the code: is it real, and does it still hold. Shows one sign of the name."""
    with scopes.scope(scopes.EVERYTHING):
        found = Certificate.objects.filter(code=code).select_related("community").first()
    context = {"certificate": found, "hours": words.minutes(found.minutes) if found else ""}
    return render(request, "stations/phone/check.html", context, status=200 if found else 404)
