"""Planning on the desk: windows, errands, rounds; officers looked at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.walkthrough.access import errands_for, officers_for, one, points_for, rounds_for
from jiamenkou.services.walkthrough.actions import planning, recruiting
from jiamenkou.services.walkthrough.desk.shape import ROOT
from jiamenkou.services.walkthrough.forms import ErrandForm, PointForm, RoundForm, refuse
from jiamenkou.services.walkthrough.models import Errand, Round, ServicePoint
from jiamenkou.services.walkthrough.permissions import WalksPermission

GET_POST = ["GET", "HEAD", "POST"]
WIDE = (forms.Textarea, forms.CheckboxSelectMultiple)


def _home(request: Visit) -> Place:
    """Where something new belongs. 404 for whoever sits above the communities."""
    home = request.actor.home
    if home is None:
        raise Http404
    return home


def _form(request: Visit, form: forms.Form, title: str, back: str, **extra: Any) -> HttpResponse:
    context = {
        "form": form,
        "bounds": [(bound, "full" if isinstance(bound.field.widget, WIDE) else "") for bound in form],
        "title": title,
        "trail": [{"label": _("走流程"), "href": ROOT}, {"label": title, "href": ""}],
        "back": back,
    }
    return render(request, "walkthrough/desk/form.html", context | extra, status=422 if form.errors else 200)


@require_http_methods(GET_POST)
@for_staff(WalksPermission.EDIT)
def point(request: Visit, pk: int | None = None) -> HttpResponse:
    """A window. ``do=close`` and ``do=open`` stop and allow new walks there."""
    known: ServicePoint | None = one(points_for(request.actor, WalksPermission.EDIT), pk) if pk else None
    here = known.community if known else _home(request)
    names = ("name", "address", "charge", "hours")
    form = PointForm(
        request.POST if request.method == "POST" else None, initial={n: getattr(known, n, "") for n in names}
    )
    if request.method == "POST":
        do = request.POST.get("do", "")
        if known is not None and do in {"close", "open"}:
            planning.close_point(
                known, timezone.localdate() if do == "close" else None, by=request.actor, reason="窗口启停"
            )
            return HttpResponseRedirect("/desk/walks/points/")
        if form.is_valid():
            try:
                planning.save_point(known, here, form.cleaned_data, by=request.actor, reason="登记窗口")
                return HttpResponseRedirect("/desk/walks/points/")
            except Refused as refused:
                refuse(form, refused)
    toggle = ("open" if known.closed_on else "close") if known else ""
    return _form(request, form, known.name if known else _("登记窗口"), "/desk/walks/points/", toggle=toggle)


@require_http_methods(GET_POST)
@for_staff(WalksPermission.EDIT)
def errand(request: Visit, pk: int | None = None) -> HttpResponse:
    """An errand; a changed checklist becomes a new version."""
    known: Errand | None = one(errands_for(request.actor, WalksPermission.EDIT), pk) if pk else None
    here = known.community if known else _home(request)
    points = points_for(request.actor, WalksPermission.EDIT).filter(
        Q(closed_on=None) | Q(errands=known) if known else Q(closed_on=None), community=here
    )
    start: dict[str, Any] = {}
    if known is not None:
        version = known.current
        start = {
            "name": known.name, "points": list(known.points.order_by("pk")), "steps": version.steps, "papers": version.papers,
            "promised_minutes": version.promised_minutes, "fee": version.fee_fen // 100,
        }  # fmt: skip
    form = ErrandForm(
        request.POST if request.method == "POST" else None, points=points.distinct().order_by("name"), initial=start
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        checklist = planning.Checklist(
            tuple(told["steps"]), tuple(told["papers"] or ()), told["promised_minutes"], (told["fee"] or 0) * 100
        )
        try:
            planning.save_errand(
                known, here, told["name"], list(told["points"]), checklist, by=request.actor, reason="登记事项"
            )
            return HttpResponseRedirect("/desk/walks/errands/")
        except Refused as refused:
            refuse(form, refused)
    return _form(request, form, known.name if known else _("登记事项"), "/desk/walks/errands/", toggle="")


@require_http_methods(GET_POST)
@for_staff(WalksPermission.EDIT)
def edit_round(request: Visit, pk: int | None = None) -> HttpResponse:
    by = request.actor
    known: Round | None = one(rounds_for(by, WalksPermission.EDIT), pk) if pk else None
    here = known.community if known else _home(request)
    start: dict[str, Any] = {}
    if known is not None:
        start = {name: getattr(known, name) for name in ("title", "aims", "first_on", "last_on")}
        start["errands"] = list(known.errands.order_by("pk"))
        start["officers"] = list(known.officers.order_by("pk").values_list("officer_id", flat=True))
    form = RoundForm(
        request.POST if request.method == "POST" else None, initial=start,
        errands=errands_for(by, WalksPermission.EDIT).filter(community=here).order_by("name"),
        officers=officers_for(by, WalksPermission.EDIT).active().filter(community=here).select_related("account").order_by("pk"),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        fields = {name: told[name] for name in ("title", "aims", "first_on", "last_on")}
        try:
            saved = planning.save_round(
                known, here, fields, told["errands"], told["officers"], by=by, reason="安排一期"
            )
            return HttpResponseRedirect(f"/desk/walks/rounds/{saved.pk}/")
        except Refused as refused:
            refuse(form, refused)
    return _form(request, form, str(known) if known else _("安排一期"), ROOT, toggle="")


@require_POST
@for_staff(WalksPermission.EDIT)
def review(request: Visit, pk: int) -> HttpResponse:
    officer = one(officers_for(request.actor, WalksPermission.EDIT), pk)
    accept = request.POST.get("do") == "accept"
    try:
        recruiting.review(
            officer, accept, request.POST.get("note", ""), by=request.actor, now=timezone.now(), reason="审核体验员"
        )
    except Refused as refused:
        context = {"refused": refused, "back": "/desk/walks/officers/?state=asked"}
        return render(request, "walkthrough/desk/refused.html", context, status=422 if refused.field else 409)
    return HttpResponseRedirect("/desk/walks/officers/")


@require_POST
@for_staff(WalksPermission.EDIT)
def appoint_me(request: Visit) -> HttpResponse:
    """Staff walk themselves."""
    account = request.actor.account
    assert account is not None
    recruiting.appoint(account, _home(request), by=request.actor, now=timezone.now(), reason="工作人员当体验员")
    return HttpResponseRedirect("/desk/walks/officers/?state=active")
