"""The employer's page: who applied, one answer each, and writing a vacancy for the community to check."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.jobs.access import employer_applications
from jiamenkou.services.jobs.actions import applications as acts
from jiamenkou.services.jobs.actions.employers import show_phone
from jiamenkou.services.jobs.actions.vacancies import draft_vacancy
from jiamenkou.services.jobs.employer.cards import ANSWERS, applicants
from jiamenkou.services.jobs.employer.door import Guest, for_employers
from jiamenkou.services.jobs.forms.application import MoveForm, StartForm
from jiamenkou.services.jobs.forms.vacancy import VacancyForm
from jiamenkou.services.jobs.models import Application, Vacancy
from jiamenkou.services.jobs.queries import owner_for
from jiamenkou.services.jobs.states import ApplicationState, Party, Source

SHOWN = 100
WAITING = [ApplicationState.SENT, ApplicationState.INTERVIEW, ApplicationState.HIRED]
ENDED = [ApplicationState.PLACED, ApplicationState.REFUSED, ApplicationState.NO_ANSWER]


class EmployerVacancyForm(VacancyForm):
    """The employer is known; the occupation is the community's to choose."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("employer", "occupation_code", "occupation_name", "version"):
            del self.fields[name]
        self.fields["title"].widget.attrs = {}

    def values(self) -> dict[str, Any]:
        self.cleaned_data |= {"occupation_code": "", "occupation_name": ""}
        return super().values()


@require_safe
@for_employers
def home(request: Visit, guest: Guest) -> HttpResponse:
    return _page(request, guest)


def _page(
    request: Visit,
    guest: Guest,
    *,
    tried: tuple[int, str, MoveForm | StartForm] | None = None,
    shown: tuple[int, str] | None = None,
    refused: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.localtime()
    mine = employer_applications(guest.organisation.pk).with_list_data()
    waiting = mine.filter(state__in=WAITING).order_by("answer_due_at", "id")[:SHOWN]
    ended = mine.filter(state__in=ENDED).order_by("-moved_at", "-id")[:20]
    people = applicants(waiting, now.date(), now, tried=tried, shown=shown)
    context = {
        "guest": guest,
        "organisation": guest.organisation,
        "answerless": [one for one in people if one.state == ApplicationState.SENT],
        "past": [one for one in people if one.past],
        "agreed": [one for one in people if one.state != ApplicationState.SENT and not one.past],
        "ended": applicants(ended, now.date(), now, tried=tried, shown=shown),
        "vacancies": list(
            Vacancy.objects.filter(employer=guest.organisation).newest().exclude(state="taken_down")[:30]
        ),
        "refused": refused,
        "place": guest.organisation.community,
    }
    return render(request, "jobs/employer/home.html", context, status=status)


def _application(guest: Guest, pk: int) -> Application:
    found = employer_applications(guest.organisation.pk).with_list_data().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_POST
@for_employers
def answer(request: Visit, guest: Guest, pk: int) -> HttpResponse:
    """约面试, 录用, 没录用, 已上岗: one arrow of the table on the employer's behalf."""
    application = _application(guest, pk)
    to = request.POST.get("to", "")
    if to not in ANSWERS:
        raise Http404
    kind = StartForm if to == ApplicationState.PLACED else MoveForm
    form = kind(request.POST, auto_id=f"a{pk}-{to}-%s")
    if form.is_valid():
        try:
            _answer(request, application, ApplicationState(to), form.cleaned_data)
        except Refused as refused:
            if refused.field in form.fields:
                form.add_error(refused.field, refused.message)
                return _page(request, guest, tried=(pk, to, form), status=422)
            return _page(request, guest, refused=refused, status=409)
        return HttpResponseRedirect(f"{guest.base}#a{pk}")
    return _page(request, guest, tried=(pk, to, form), status=422)


def _answer(request: Visit, application: Application, to: ApplicationState, said: dict[str, Any]) -> None:
    by, reason = request.actor, "单位回话"
    if to == ApplicationState.PLACED:
        started: date = said["started_on"]
        acts.confirm_start(application, started, party=Party.EMPLOYER, by=by, reason=reason)
        return
    acts.move_application(
        application,
        to,
        party=Party.EMPLOYER,
        by=by,
        reason=reason,
        why=said["why"],
        text=said["text"],
        interview_at=said["interview_at"],
        interview_place=said["interview_place"],
        starts_on=said["starts_on"],
    )


@require_POST
@for_employers
def phone(request: Visit, guest: Guest, pk: int) -> HttpResponse:
    """The number of somebody an interview is agreed with. Asking for it is kept."""
    application = _application(guest, pk)
    try:
        number = show_phone(application, by=request.actor, reason="联系面试")
    except Refused as refused:
        return _page(request, guest, refused=refused, status=409)
    return _page(request, guest, shown=(pk, number))


@require_http_methods(["GET", "POST"])
@for_employers
def new_vacancy(request: Visit, guest: Guest) -> HttpResponse:
    """A vacancy in the employer's own words: a draft until the community has checked it."""
    form = EmployerVacancyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        fields = form.values() | {
            "community": guest.organisation.community,
            "owner": owner_for(guest.organisation),
        }
        draft_vacancy(guest.organisation, fields, by=request.actor, source=Source.EMPLOYER, reason="单位自己写的岗位")
        return HttpResponseRedirect(f"{guest.base}#vacancies")
    context = {"guest": guest, "organisation": guest.organisation, "form": form}
    return render(request, "jobs/employer/vacancy_form.html", context, status=422 if form.errors else 200)
