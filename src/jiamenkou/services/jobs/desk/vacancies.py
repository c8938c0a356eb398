"""Vacancies: list, page, form, publish, pause, take down."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.listing import Listing, chosen_filters, paged, searched_word, sorted_rows
from jiamenkou.foundation.people.actions.organisations import register_organisation
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.jobs import words
from jiamenkou.services.jobs.access import (
    access_own_vacancy,
    access_vacancy,
    applications_for,
    editable_vacancies,
    vacancies_for,
)
from jiamenkou.services.jobs.actions import vacancies as acts
from jiamenkou.services.jobs.forms.vacancy import ReasonForm, StaffVacancyForm, employer_named
from jiamenkou.services.jobs.models import Vacancy
from jiamenkou.services.jobs.models.vacancy import VacancyQuerySet
from jiamenkou.services.jobs.permissions import JobsPermission
from jiamenkou.services.jobs.showing import Reach, reach_of, reached, showing_for
from jiamenkou.services.jobs.states import LIVE, ApplicationState, Source, VacancyKind, VacancyState

SORTS = {"title": "title", "published": "published_at", "closes": "closes_on", "left": "headcount"}


@for_staff(JobsPermission.VIEW)
def listing(request: Visit) -> HttpResponse:
    rows, word, chosen = filtered(request)
    counts = dict(rows.order_by("state").values_list("state").annotate(Count("id")))
    if "state" in chosen:
        rows = rows.filter(state=chosen["state"])
    counted = sorted_rows(rows, request, SORTS, "-published").annotate(
        in_play=Count("applications", filter=Q(applications__state__in=sorted(LIVE)))
    )
    shown = Listing(paged(counted, request), word, chosen)
    on_page = [vacancy.pk for vacancy in shown.page]
    owned = set(editable_vacancies(request.actor).filter(pk__in=on_page).order_by("id").values_list("pk", flat=True))
    return render(
        request,
        "jobs/desk/vacancies.html",
        {
            "listing": shown,
            "rows": [_row(vacancy, owned) for vacancy in shown.page],
            "may_edit": request.actor.may(JobsPermission.EDIT),
            "may_see_people": request.actor.may(JobsPermission.PEOPLE),
            "views": _views(request, counts, chosen.get("state", "")),
            "kinds": VacancyKind.choices,
            "reaches": Reach.choices,
            "query": request.GET.urlencode(),
            "may_export": request.actor.may(Permission.RESIDENTS_EXPORT),
            "empty_actions": [
                {"label": "看全部", "href": "?", "kind": "line", "icon": "list"},
                {"label": "粘贴招工", "href": "/desk/jobs/paste/", "kind": "soft", "icon": "clipboard-paste"},
            ],
            "trail": trail(),
        },
    )


def filtered(request: Visit) -> tuple[VacancyQuerySet, str, dict[str, str]]:
    """The rows of the address, but for its state; the word and the filters."""
    rows = vacancies_for(request.actor).with_employer().select_related("owner")
    word = searched_word(request)
    chosen = chosen_filters(request, {"state": VacancyState.values, "kind": VacancyKind.values, "shown": Reach.values})
    if word:
        rows = rows.filter(Q(title__icontains=word) | Q(employer__name__icontains=word) | Q(address__icontains=word))
    if "kind" in chosen:
        rows = rows.filter(kind=chosen["kind"])
    if "shown" in chosen:
        rows = rows.filter(reached(Reach(chosen["shown"])))
    return rows, word, chosen


def trail(page: str = "") -> list[dict[str, str]]:
    """Where this page stands: 供需 › 岗位 › page."""
    steps = [{"label": "供需", "href": ""}, {"label": "岗位", "href": "/desk/jobs/vacancies/" if page else ""}]
    return [*steps, {"label": page, "href": ""}] if page else steps


def _row(vacancy: Vacancy, owned: set[int]) -> dict[str, Any]:
    return {
        "vacancy": vacancy,
        "pay": words.pay(vacancy),
        "hours": words.hours(vacancy),
        "state": VacancyState(vacancy.state),
        "in_play": getattr(vacancy, "in_play", 0),
        "people": f"/desk/jobs/vacancies/{vacancy.pk}/people/",
        "edit": f"/desk/jobs/vacancies/{vacancy.pk}/edit/",
        "owned": vacancy.pk in owned,
        # a post that is only its own place's needs no word
        "reach": "" if reach_of(vacancy) == Reach.COMMUNITY else str(reach_of(vacancy).label),
    }


def _views(request: Visit, counts: dict[str, int], now: str) -> list[dict[str, Any]]:
    views = [{"label": "全部", "href": "?", "on": not now, "count": sum(counts.values())}]
    views += [
        {"label": str(state.label), "href": f"?state={state}", "on": now == state, "count": counts[state]}
        for state in VacancyState
        if counts.get(state)
    ]
    return views


@for_staff(JobsPermission.VIEW)
def detail(request: Visit, pk: int) -> HttpResponse:
    vacancy = access_vacancy(request.actor, pk)
    may_see_people = request.actor.may(JobsPermission.PEOPLE)
    live = applications_for(request.actor).filter(vacancy=vacancy).with_list_data().order_by("-moved_at", "-id")
    counts = dict(
        applications_for(request.actor, JobsPermission.VIEW)
        .filter(vacancy=vacancy)
        .order_by()
        .values_list("state")
        .annotate(Count("id"))
    )
    return render(
        request,
        "jobs/desk/vacancy.html",
        {
            "vacancy": vacancy,
            "pairs": _facts(vacancy),
            "meter_words": f"已上岗 {vacancy.taken} 人，还招 {vacancy.places_left} 人",
            "edit_href": f"/desk/jobs/vacancies/{pk}/edit/",
            "people_href": f"/desk/jobs/vacancies/{pk}/people/",
            "poster_href": f"/desk/jobs/vacancies/{pk}/poster/",
            "state": VacancyState(vacancy.state),
            "may_edit": editable_vacancies(request.actor).filter(pk=pk).exists(),
            "may_see_people": may_see_people,
            "applications": list(live[:50]) if may_see_people else [],
            "counts": [(state.label, counts[state]) for state in ApplicationState if counts.get(state)],
            "reports": list(vacancy.reports.filter(handled_at__isnull=True).order_by("id")),
            "form": ReasonForm(),
            "trail": trail(vacancy.title),
        },
    )


def _facts(vacancy: Vacancy) -> list[tuple[str, str]]:
    """What is known, without the empty lines."""
    known = [
        ("工资", words.pay(vacancy)),
        ("时间", words.hours(vacancy)),
        ("休息", vacancy.rest),
        ("地点", vacancy.address),
        ("怎么走", vacancy.landmark),
        ("要求", "、".join(vacancy.requirements)),
        ("必须有的证", "、".join(vacancy.certificates)),
        ("待遇", "、".join(vacancy.benefits)),
        ("联系人", f"{vacancy.contact} {vacancy.phone}".strip()),
        ("截止", vacancy.closes_on.isoformat() if vacancy.closes_on else ""),
        ("来源", vacancy.get_source_display()),
        ("给谁看", _shown_to(vacancy)),
        ("谁管", vacancy.owner.name),
    ]
    return [(label, value) for label, value in known if value]


def _shown_to(vacancy: Vacancy) -> str:
    """The community, or the street with all of its communities, by name."""
    if vacancy.community is not None:
        return str(vacancy.community.name)
    return f"{vacancy.street.name}各社区" if vacancy.street is not None else str(Reach.EVERYONE.label)


@require_http_methods(["GET", "POST"])
@for_staff(JobsPermission.EDIT)
def edit(request: Visit, pk: int | None = None) -> HttpResponse:
    """A new vacancy, or a change to one. Input that is wrong comes back as it was typed, the error beside it."""
    vacancy = access_own_vacancy(request.actor, pk) if pk is not None else None
    showing = showing_for(request.actor, vacancy)
    if request.method == "POST":
        form = StaffVacancyForm(request.POST, showing=showing)
        if form.is_valid():
            try:
                saved = _save(request, form, vacancy)
            except Refused as refused:
                show_refusal(form, refused)
            else:
                return HttpResponseRedirect(f"/desk/jobs/vacancies/{saved.pk}/")
    elif vacancy is not None:
        form = StaffVacancyForm.of(vacancy, showing=showing)
    else:
        form = StaffVacancyForm(showing=showing)
    context = {
        "form": form,
        "vacancy": vacancy,
        "trail": trail("登记岗位" if vacancy is None else vacancy.title),
    }
    return render(request, "jobs/desk/vacancy_form.html", context, status=422 if form.errors else 200)


def _save(request: Visit, form: StaffVacancyForm, vacancy: Vacancy | None) -> Vacancy:
    by, reason = request.actor, "登记岗位"
    if vacancy is not None:
        version = form.cleaned_data["version"] or 0
        vacancy = acts.change_vacancy(vacancy, form.values(), version=version, by=by, reason="修改岗位")
    else:
        name = form.cleaned_data["employer"]
        employer = employer_named(name) or register_organisation(
            name, kind="employer", community=by.home, contact=form.cleaned_data["contact"], by=by, reason=reason
        )
        fields = form.values() | {"owner": form.showing.owner}
        vacancy = acts.draft_vacancy(employer, fields, by=by, source=Source.FORM, reason=reason)
    if request.POST.get("do") == "publish" and vacancy.state != VacancyState.OPEN:
        acts.publish_vacancy(vacancy, by=by, now=timezone.now(), reason="发布岗位")
    return vacancy


def show_refusal(form: forms.Form, refused: Refused) -> None:
    """Put a refusal beside the field it belongs to, else above the form."""
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)


@require_POST
@for_staff(JobsPermission.EDIT)
def act(request: Visit, pk: int) -> HttpResponse:
    """publish, pause or take down."""
    vacancy = access_own_vacancy(request.actor, pk)
    form = ReasonForm(request.POST)
    try:
        match request.POST.get("do"):
            case "publish":
                acts.publish_vacancy(vacancy, by=request.actor, now=timezone.now(), reason="发布岗位")
            case "pause":
                acts.pause_vacancy(vacancy, by=request.actor, reason="暂停岗位")
            case "take_down":
                why = form.cleaned_data["why"] if form.is_valid() else ""
                acts.take_down_vacancy(vacancy, by=request.actor, why=why, reason="下架岗位")
            case _:
                raise Refused("没有这个操作。")
    except Refused as refused:
        return render(
            request, "jobs/desk/refused.html", {"refused": refused, "back": f"/desk/jobs/vacancies/{pk}/"}, status=409
        )
    return HttpResponseRedirect(f"/desk/jobs/vacancies/{pk}/")
