"""Employers: the list, one with its licence, vacancies and record, and links for those without an account."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.listing import Listing, chosen_filters, paged, searched_word, sorted_rows
from jiamenkou.foundation.people.access import access_organisation
from jiamenkou.foundation.people.actions.organisations import check_licence
from jiamenkou.foundation.people.models import LicenceState, Organisation
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.jobs import words
from jiamenkou.services.jobs.access import access_employer, applications_for, vacancies_for
from jiamenkou.services.jobs.actions.employers import link_path, make_employer_link, revoke_employer_link
from jiamenkou.services.jobs.desk.vacancies import show_refusal
from jiamenkou.services.jobs.forms.employer import LicenceForm
from jiamenkou.services.jobs.models import EmployerLink
from jiamenkou.services.jobs.permissions import JobsPermission
from jiamenkou.services.jobs.queries import employer_record
from jiamenkou.services.jobs.states import ApplicationState, VacancyState

SORTS = {"name": "name", "open": "open_vacancies", "until": "licence_until"}
TONES = {
    LicenceState.CHECKED: ("green", "badge-check"),
    LicenceState.UNCHECKED: ("orange", "circle-help"),
    LicenceState.REFUSED: ("red", "circle-x"),
}


def trail(page: str = "") -> list[dict[str, str]]:
    steps = [{"label": "供需", "href": ""}, {"label": "单位", "href": "/desk/jobs/employers/" if page else ""}]
    return [*steps, {"label": page, "href": ""}] if page else steps


@for_staff(JobsPermission.VIEW)
def listing(request: Visit) -> HttpResponse:
    today = timezone.localdate()
    rows = Organisation.objects.employers().annotate(
        open_vacancies=Count("vacancies", filter=Q(vacancies__state=VacancyState.OPEN))
    )
    word = searched_word(request)
    chosen = chosen_filters(request, {"licence": LicenceState.values})
    if word:
        rows = rows.filter(Q(name__icontains=word) | Q(contact__icontains=word) | Q(phone__icontains=word))
    counts = dict(rows.order_by("licence_state").values_list("licence_state").annotate(Count("id", distinct=True)))
    if "licence" in chosen:
        rows = rows.filter(licence_state=chosen["licence"])
    shown = Listing(paged(sorted_rows(rows, request, SORTS, "-open"), request), word, chosen)
    waiting = dict(
        applications_for(request.actor, JobsPermission.VIEW)
        .filter(state=ApplicationState.SENT, vacancy__employer__in=[o.pk for o in shown.page])
        .order_by()
        .values_list("vacancy__employer_id")
        .annotate(Count("id"))
    )
    now = chosen.get("licence", "")
    views = [{"label": "全部", "href": "?", "on": not now, "count": sum(counts.values())}]
    views += [
        {"label": str(state.label), "href": f"?licence={state}", "on": now == state, "count": counts[state]}
        for state in LicenceState
        if counts.get(state)
    ]
    return render(
        request,
        "jobs/desk/employers.html",
        {
            "listing": shown,
            "rows": [_row(o, waiting.get(o.pk, 0)) | {"late": not o.licence_is_good(today)} for o in shown.page],
            "views": views,
            "trail": trail(),
        },
    )


def _row(organisation: Organisation, waiting: int) -> dict[str, Any]:
    state = LicenceState(organisation.licence_state)
    tone, icon = TONES[state]
    return {"organisation": organisation, "state": state, "tone": tone, "icon": icon, "waiting": waiting}


def _employer(pk: int) -> Organisation:
    """Organisations are public nouns: any of them that employs."""
    organisation = Organisation.objects.employers().filter(pk=pk).first()
    if organisation is None:
        raise Http404
    return organisation


@for_staff(JobsPermission.VIEW)
def detail(request: Visit, pk: int) -> HttpResponse:
    return _page(request, _employer(pk))


def _page(
    request: Visit, organisation: Organisation, *, form: LicenceForm | None = None, made: str = "", status: int = 200
) -> HttpResponse:
    now = timezone.now()
    state = LicenceState(organisation.licence_state)
    vacancies = vacancies_for(request.actor).filter(employer=organisation).newest()[:30]
    facts = [
        ("信用代码", organisation.credit_code),
        ("地址", organisation.address),
        ("联系人", f"{organisation.contact} {organisation.phone}".strip()),
        ("证照有效期至", organisation.licence_until.isoformat() if organisation.licence_until else ""),
        ("核验说明", organisation.licence_note),
    ]
    context = {
        "organisation": organisation,
        "state": state,
        "tone": TONES[state],
        "record": employer_record(organisation.pk),
        "pairs": [(label, value) for label, value in facts if value],
        "vacancies": [
            {
                "vacancy": v,
                "pay": words.pay(v),
                "state": VacancyState(v.state),
                "href": f"/desk/jobs/vacancies/{v.pk}/",
            }
            for v in vacancies
        ],
        "links": list(EmployerLink.objects.good(now).filter(organisation=organisation).order_by("-made_at", "-id")),
        "form": form or LicenceForm.of(organisation),
        "may_check": request.actor.may(Permission.ORGANISATIONS_EDIT),
        "may_link": request.actor.may(JobsPermission.PEOPLE),
        "made": made,
        "told": f"{organisation.name}您好，这是社区发给贵单位的链接，点开就能给应聘的人回话，八天有效：{made}",
        "trail": trail(organisation.name),
    }
    return render(request, "jobs/desk/employer.html", context, status=status)


@require_POST
@for_staff(Permission.ORGANISATIONS_EDIT)
def licence(request: Visit, pk: int) -> HttpResponse:
    organisation = access_organisation(request.actor, _employer(pk).pk)
    form = LicenceForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            check_licence(
                organisation,
                LicenceState(said["state"]),
                until=said["until"],
                note=said["note"],
                by=request.actor,
                reason="核验证照",
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return HttpResponseRedirect(f"/desk/jobs/employers/{pk}/")
    return _page(request, organisation, form=form, status=422)


@require_POST
@for_staff(JobsPermission.PEOPLE)
def link(request: Visit, pk: int) -> HttpResponse:
    """A fresh link, shown this once: nothing but its digest is kept."""
    organisation = access_employer(request.actor, pk, JobsPermission.PEOPLE)
    token = make_employer_link(organisation, by=request.actor, reason="给单位发链接")
    return _page(request, organisation, made=f"{settings.PUBLIC_URL}{link_path(token)}")


@require_POST
@for_staff(JobsPermission.PEOPLE)
def revoke(request: Visit, pk: int, link: int) -> HttpResponse:
    organisation = access_employer(request.actor, pk, JobsPermission.PEOPLE)
    found = EmployerLink.objects.filter(organisation=organisation, pk=link).first()
    if found is None:
        raise Http404
    try:
        revoke_employer_link(found, by=request.actor, now=timezone.now(), reason="作废单位链接")
    except Refused as refused:
        context = {"refused": refused, "back": f"/desk/jobs/employers/{pk}/"}
        return render(request, "jobs/desk/refused.html", context, status=409)
    return HttpResponseRedirect(f"/desk/jobs/employers/{pk}/")
