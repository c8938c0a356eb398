"""Applications: the list, the board by vacancy, one application with its log, and moving it."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.listing import Listing, chosen_filters, paged, searched_word, sorted_rows
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.jobs import words
from jiamenkou.services.jobs.access import access_application, applications_for
from jiamenkou.services.jobs.actions import applications as acts
from jiamenkou.services.jobs.actions.family import Outcome, answer_family
from jiamenkou.services.jobs.desk.counts import applications_counted
from jiamenkou.services.jobs.forms.application import MoveForm, StartForm
from jiamenkou.services.jobs.models import Application
from jiamenkou.services.jobs.models.application import ApplicationQuerySet
from jiamenkou.services.jobs.permissions import JobsPermission
from jiamenkou.services.jobs.states import ApplicationState, Party, open_moves

SORTS = {"moved": "moved_at", "due": "answer_due_at", "name": "resident__name_key"}
COLUMNS = ["recommended", "sent", "interview", "hired", "placed"]
SILENT_DAYS = 3
LANES = 40


def trail(page: str = "") -> list[dict[str, str]]:
    steps = [{"label": "供需", "href": ""}, {"label": "投递", "href": "/desk/jobs/applications/" if page else ""}]
    return [*steps, {"label": page, "href": ""}] if page else steps


def filtered(
    request: Visit, permission: str = JobsPermission.PEOPLE
) -> tuple[ApplicationQuerySet, str, dict[str, str]]:
    """The rows of the address, the word and the filters."""
    rows = applications_for(request.actor, permission).with_list_data()
    word = searched_word(request)
    chosen = chosen_filters(request, {"state": ApplicationState.values, "only": ["silent", "mine"]})
    vacancy = request.GET.get("vacancy", "")
    if vacancy.isdigit() and len(vacancy) < 18:
        rows = rows.filter(vacancy_id=int(vacancy))
        chosen["vacancy"] = vacancy
    if word:
        rows = rows.filter(
            Q(resident__name__icontains=word)
            | Q(vacancy__title__icontains=word)
            | Q(vacancy__employer__name__icontains=word)
        )
    if "state" in chosen:
        rows = rows.filter(state=chosen["state"])
    if chosen.get("only") == "silent":
        rows = rows.unanswered(timezone.now())
    return rows, word, chosen


@for_staff(JobsPermission.VIEW)
def listing(request: Visit) -> HttpResponse:
    if not request.actor.may(JobsPermission.PEOPLE):
        return applications_counted(request)
    rows, word, chosen = filtered(request)
    shown = Listing(paged(sorted_rows(rows, request, SORTS, "-moved"), request), word, chosen)
    now = timezone.now()
    views = [
        {"label": "列表", "href": "/desk/jobs/applications/", "on": not chosen.get("only")},
        {"label": "看板", "href": "/desk/jobs/board/", "on": False},
        {"label": "单位没回话", "href": "?only=silent", "on": chosen.get("only") == "silent"},
    ]
    return render(
        request,
        "jobs/desk/applications.html",
        {
            "listing": shown,
            "rows": [_row(a, now) for a in shown.page],
            "views": views,
            "query": request.GET.urlencode(),
            "may_export": request.actor.may(Permission.RESIDENTS_EXPORT),
            "trail": trail(),
        },
    )


def _row(application: Application, now: datetime) -> dict[str, Any]:
    state = ApplicationState(application.state)
    due = application.answer_due_at
    overdue = state == ApplicationState.SENT and due is not None and due < now
    phone = application.vacancy.phone or application.vacancy.employer.phone
    return {
        "application": application,
        "href": f"/desk/jobs/applications/{application.pk}/",
        "state": state,
        "late": words.late((now - due).total_seconds()) if overdue and due else "",
        "phone": phone,
        "tel": f"tel:{phone}",
    }


@for_staff(JobsPermission.VIEW)
def board(request: Visit) -> HttpResponse:
    """One lane for each vacancy with somebody in play or lately placed, fullest need first."""
    if not request.actor.may(JobsPermission.PEOPLE):
        return applications_counted(request)
    rows = (
        applications_for(request.actor)
        .filter(state__in=COLUMNS)
        .with_list_data()
        .order_by("-vacancy__published_at", "vacancy_id", "moved_at", "id")
    )
    now = timezone.now()
    lanes = []
    for _, group in groupby(rows[: LANES * 25], key=lambda a: a.vacancy_id):
        cards = [_row(a, now) for a in group]
        vacancy = cards[0]["application"].vacancy
        live = sum(card["state"].is_live for card in cards)
        interviews = sum(card["state"] == ApplicationState.INTERVIEW for card in cards)
        lanes.append(
            {
                "vacancy": vacancy,
                "pay": words.pay(vacancy),
                "live": live,
                "interviews": interviews,
                "full": live >= vacancy.cap,
                "silent": any(card["late"] for card in cards),
                "columns": [[c for c in cards if c["state"] == column] for column in COLUMNS],
                "words": f"招 {vacancy.headcount} 人，已上岗 {vacancy.taken} 人，面试 {interviews} 人",
            }
        )
    heads = [ApplicationState(column).label for column in COLUMNS]
    views = [
        {"label": "列表", "href": "/desk/jobs/applications/", "on": False},
        {"label": "看板", "href": "/desk/jobs/board/", "on": True},
        {"label": "单位没回话", "href": "/desk/jobs/applications/?only=silent", "on": False},
    ]
    context = {"lanes": lanes[:LANES], "heads": heads, "views": views, "trail": trail("看板")}
    return render(request, "jobs/desk/board.html", context)


@for_staff(JobsPermission.PEOPLE)
def detail(request: Visit, pk: int) -> HttpResponse:
    return _page(request, access_application(request.actor, pk), MoveForm(), StartForm())


def _page(
    request: Visit, application: Application, form: MoveForm, start: StartForm, status: int = 200
) -> HttpResponse:
    arrows = open_moves(application.state, Party.WORKER)
    entries = [
        {
            "icon": "arrow-right",
            "tone": ApplicationState(entry.end).tone,
            "title": ApplicationState(entry.end).label,
            "who": entry.by.display_name if entry.by else "系统",
            "when": timezone.localtime(entry.at).strftime("%-m月%-d日 %H:%M"),
            "text": " ".join(part for part in (entry.get_reason_display(), entry.text) if part),
        }
        for entry in application.log.select_related("by").order_by("-id")
    ]
    return render(
        request,
        "jobs/desk/application.html",
        {
            "application": application,
            "state": ApplicationState(application.state),
            "row": _row(application, timezone.now()),
            "arrows": [arrow for arrow in arrows if arrow.end != ApplicationState.PLACED],
            "can_place": any(arrow.end == ApplicationState.PLACED for arrow in arrows),
            "entries": entries,
            "form": form,
            "start": start,
            "pay": words.pay(application.vacancy),
            "hours": words.hours(application.vacancy),
            "trail": trail(application.resident.name),
        },
        status=status,
    )


@require_POST
@for_staff(JobsPermission.PEOPLE)
def move(request: Visit, pk: int) -> HttpResponse:
    """A worker writes down what the employer or the resident said."""
    application = access_application(request.actor, pk)
    form = MoveForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        to = ApplicationState(data["to"])
        try:
            if application.state == ApplicationState.ASKED and to in {
                ApplicationState.SENT,
                ApplicationState.DECLINED,
            }:
                return _asked_in_person(request, application, to == ApplicationState.SENT, data["text"])
            acts.move_application(
                application,
                to,
                party=Party.WORKER,
                by=request.actor,
                reason="登记单位或本人的答复",
                why=data["why"],
                text=data["text"],
                interview_at=data["interview_at"],
                interview_place=data["interview_place"],
                starts_on=data["starts_on"],
            )
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            return HttpResponseRedirect(f"/desk/jobs/applications/{pk}/")
    return _page(request, application, form, StartForm(), status=422)


def _asked_in_person(request: Visit, application: Application, yes: bool, words: str) -> HttpResponse:
    """The worker asked somebody whose family wants to apply for them, and writes down the answer."""
    outcome = answer_family(
        application,
        yes,
        party=Party.WORKER,
        how=f"社区当面问的{'：' if words else ''}{words}"[:60],
        by=request.actor,
        now=timezone.now(),
        reason="登记本人的答复",
    )
    if outcome == Outcome.LATE:
        raise Conflict("过了日子，这份没有投。本人还想去，请重新推荐。", code="late")
    if outcome not in {Outcome.SENT, Outcome.REFUSED}:
        raise Conflict("岗位已经不招了，或者别人刚动过这份投递，请刷新看看。", code="changed")
    return HttpResponseRedirect(f"/desk/jobs/applications/{application.pk}/")


@require_POST
@for_staff(JobsPermission.PEOPLE)
def start(request: Visit, pk: int) -> HttpResponse:
    """Confirm that the person has started."""
    application = access_application(request.actor, pk)
    form = StartForm(request.POST)
    if form.is_valid():
        try:
            acts.confirm_start(
                application, form.cleaned_data["started_on"], party=Party.WORKER, by=request.actor, reason="确认上岗"
            )
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            return HttpResponseRedirect(f"/desk/jobs/applications/{pk}/")
    return _page(request, application, MoveForm(), form, status=422)


@require_POST
@for_staff(JobsPermission.PEOPLE)
def chased(request: Visit, pk: int) -> HttpResponse:
    """The employer was called about its silence."""
    application = access_application(request.actor, pk)
    acts.record_chase(application, by=request.actor, now=timezone.now(), reason="打电话催单位回话")
    return HttpResponseRedirect(f"/desk/jobs/applications/{pk}/")
