"""Planning on the desk: windows, errands, rounds; officers looked at; findings published; lists printed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.walkthrough.access import errands_for, findings_for, officers_for, one, points_for, rounds_for
from jiamenkou.services.walkthrough.actions import planning, recruiting
from jiamenkou.services.walkthrough.actions.finding import publish_finding
from jiamenkou.services.walkthrough.figures import by_errand, count
from jiamenkou.services.walkthrough.forms import ErrandForm, PointForm, PublishForm, RoundForm
from jiamenkou.services.walkthrough.models import Errand, Finding, Round, ServicePoint, Walk
from jiamenkou.services.walkthrough.permissions import WalksPermission
from jiamenkou.services.walkthrough.states import FindingState

GET_POST = ["GET", "HEAD", "POST"]


def _home(request: Visit) -> Place:
    """Where something new belongs. 404 for whoever sits above the communities."""
    home = request.actor.home
    if home is None:
        raise Http404
    return home


def _form(request: Visit, form: forms.Form, title: str, back: str, **extra: Any) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "trail": [{"label": _("走流程"), "href": back}, {"label": title, "href": ""}],
    }
    return render(request, "walkthrough/desk/form.html", context | extra, status=422 if form.errors else 200)


def _refuse(form: forms.Form, refused: Refused) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)


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
                _refuse(form, refused)
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
            _refuse(form, refused)
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
            _refuse(form, refused)
    return _form(request, form, str(known) if known else _("安排一期"), "/desk/walks/rounds/", toggle="")


@require_safe
@for_staff(WalksPermission.VIEW)
def one_round(request: Visit, pk: int) -> HttpResponse:
    """A round with its figures; every figure opens its list."""
    found = one(rounds_for(request.actor), pk)
    walks = (
        Walk.objects.filter(round=found)
        .with_list_data()
        .prefetch_related("steps", "findings")
        .order_by("started_at", "pk")
    )
    context = {
        "round": found,
        "count": count(Finding.objects.filter(walk__round=found)),
        "walks": len(walks),
        "figures": by_errand(walks),
        "may_edit": request.actor.may(WalksPermission.EDIT),
        "list": f"/desk/walks/findings/?round={pk}",
        "solved_list": f"/desk/walks/findings/?round={pk}&state=solved",
        "edit": f"/desk/walks/rounds/{pk}/edit/",
        "paper": f"/desk/walks/rounds/{pk}/print/",
        "trail": [{"label": _("期"), "href": "/desk/walks/rounds/"}, {"label": str(found), "href": ""}],
    }
    return render(request, "walkthrough/desk/round.html", context)


@require_safe
@for_staff(WalksPermission.VIEW)
def paper(request: Visit, pk: int) -> HttpResponse:
    """问题清单 and 满意清单 on A4, nobody's name on it."""
    found = one(rounds_for(request.actor), pk)
    rows = list(Finding.objects.filter(walk__round=found).with_list_data().order_by("at", "pk"))
    context = {
        "round": found,
        "others_count": sum(row.state != FindingState.SOLVED for row in rows),
        "solved": [row for row in rows if row.state == FindingState.SOLVED],
        "others": [row for row in rows if row.state != FindingState.SOLVED],
        "today": timezone.localdate(),
    }
    return render(request, "walkthrough/desk/print.html", context)


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


@require_safe
@for_staff(WalksPermission.VIEW)
def finding(request: Visit, pk: int) -> HttpResponse:
    """A finding; its case has the rest."""
    row = one(findings_for(request.actor).with_list_data(), pk)
    start = {
        "public_words": row.public_words, "public_fix": row.public_fix, "photos": row.photos_public,
        "shown": row.published_at is not None,
    }  # fmt: skip
    return _finding(request, row, PublishForm(initial=start))


@require_POST
@for_staff(WalksPermission.EDIT)
def publish(request: Visit, pk: int) -> HttpResponse:
    """What the public reads of a finding."""
    row = one(findings_for(request.actor, WalksPermission.EDIT).with_list_data(), pk)
    form = PublishForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        try:
            publish_finding(
                row, told["public_words"], told["public_fix"], told["photos"], told["shown"], by=request.actor,
                now=timezone.now(), reason="公开走流程问题",
            )  # fmt: skip
            return HttpResponseRedirect(f"/desk/walks/findings/{pk}/")
        except Refused as refused:
            _refuse(form, refused)
    return _finding(request, row, form)


def _finding(request: Visit, row: Finding, form: PublishForm) -> HttpResponse:
    facts = [
        (_("哪一种"), row.get_kind_display()),
        (_("多要紧"), row.get_severity_display()),
        (_("哪一步"), row.step.name if row.step else "—"),
        (_("归谁管"), row.walk.point.charge),
        (_("发现人"), row.officer.account.display_name),
        (_("前几期出现过"), f"{row.seen_before} 次"),
        (_("复核"), row.check_words or "—"),
    ]
    context = {
        "finding": row,
        "state": FindingState(row.state),
        "facts": facts,
        "form": form,
        "may_edit": request.actor.may(WalksPermission.EDIT),
        "case": f"/desk/cases/{row.case_id}/" if row.case_id else "",
        "publish": f"/desk/walks/findings/{row.pk}/publish/",
        "trail": [{"label": _("问题"), "href": "/desk/walks/findings/"}, {"label": row.source_title, "href": ""}],
    }
    return render(request, "walkthrough/desk/finding.html", context, status=422 if form.errors else 200)
