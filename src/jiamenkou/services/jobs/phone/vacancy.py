"""One vacancy: reasons, the day against the school run, the employer's record; applying, saving, reporting."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from jiamenkou.foundation.access.guards import for_everyone, for_residents
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.access.where import acting_for, community_of
from jiamenkou.foundation.people.actions.archive import give_consent
from jiamenkou.foundation.people.models import ConsentPurpose, Resident
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.jobs import matching, words
from jiamenkou.services.jobs.access import access_public_vacancy, own_applications
from jiamenkou.services.jobs.actions.applications import apply_for
from jiamenkou.services.jobs.actions.saving import toggle_saved
from jiamenkou.services.jobs.actions.vacancies import report_vacancy
from jiamenkou.services.jobs.models import Vacancy
from jiamenkou.services.jobs.phone.cards import card
from jiamenkou.services.jobs.queries import employer_record
from jiamenkou.services.jobs.search import find_vacancies
from jiamenkou.services.jobs.states import FiledBy


@for_everyone
def detail(request: Visit, pk: int) -> HttpResponse:
    vacancy = access_public_vacancy(pk)
    return _page(request, vacancy)


def _page(request: Visit, vacancy: Vacancy, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    person = acting_for(request)
    seeker = matching.resident_seeker(person, today) if person else None
    mine = own_applications(request.actor).filter(vacancy=vacancy).order_by("-id").first() if person else None
    is_open = vacancy.is_open(today)
    here = community_of(request)
    similar = [] if is_open else [v for v in find_vacancies(vacancy.title[:2], here.id, limit=4) if v.pk != vacancy.pk]
    return render(
        request,
        "jobs/phone/vacancy.html",
        {
            "vacancy": vacancy,
            "card": card(vacancy, seeker, today),
            "is_open": is_open,
            "mine": mine,
            "person": person,
            "start": words.clock(vacancy.start_minute) if vacancy.start_minute is not None else "",
            "end": words.clock(vacancy.end_minute) if vacancy.end_minute is not None else "",
            "days": words.days(vacancy.weekdays),
            "record": employer_record(vacancy.employer_id),
            "facts": _facts(vacancy),
            "similar": [card(v, seeker, today) for v in similar],
            "refused": refused,
            "asked": request.GET.get("ask") == "1",
        },
        status=status,
    )


def _facts(vacancy: Vacancy) -> list[tuple[str, str]]:
    known = [
        ("时间", words.hours(vacancy)),
        ("休息", vacancy.rest),
        ("地点", vacancy.address),
        ("怎么走", vacancy.landmark),
        ("要求", "、".join(vacancy.requirements)),
        ("要有的证", "、".join(vacancy.certificates)),
        ("待遇", "、".join(vacancy.benefits)),
        ("结算", vacancy.get_settle_display() if vacancy.settle else ""),
        ("截止", f"{vacancy.closes_on.month}月{vacancy.closes_on.day}日" if vacancy.closes_on else ""),
    ]
    return [(label, str(value)) for label, value in known if value]


@require_http_methods(["GET", "POST"])
@for_residents
def apply(request: Visit, pk: int) -> HttpResponse:
    """Tap 1 opens the sheet (or this page without the script), tap 2 sends. Nothing to type."""
    vacancy = access_public_vacancy(pk)
    person = acting_for(request)
    if person is None:
        return HttpResponseRedirect(f"/me/link/?next=/jobs/{pk}/apply/")
    if request.method == "GET":
        return render(
            request, "jobs/phone/apply.html", {"vacancy": vacancy, "person": person, "card": _sheet(vacancy)}
        )
    try:
        application = apply_for(
            vacancy,
            person,
            by=request.actor,
            filed_by=filed_by(request, person),
            now=timezone.now(),
            reason="投递岗位",
        )
    except Refused as refused:
        return _page(request, vacancy, refused, status=409)
    give_consent(person, ConsentPurpose.SHARE_EMPLOYER, how="投递时同意", by=request.actor, reason="投递岗位")
    return HttpResponseRedirect(f"/jobs/applications/{application.pk}/?sent=1")


def _sheet(vacancy: Vacancy) -> dict[str, str]:
    return {"pay": words.pay(vacancy), "hours": words.hours(vacancy)}


def filed_by(request: Visit, person: Resident) -> FiledBy:
    """Self where the account is this person's own, else family."""
    own = next((link for link in request.actor.residents if link.resident_id == person.pk), None)
    return FiledBy.SELF if own is not None and own.relation == "self" else FiledBy.FAMILY


@require_http_methods(["GET", "POST"])
@for_everyone
def report(request: Visit, pk: int) -> HttpResponse:
    """Anybody may say what is wrong; the employer never learns who."""
    vacancy = access_public_vacancy(pk)
    refused = None
    if request.method == "POST":
        try:
            report_vacancy(vacancy, request.POST.get("what", ""), by=request.actor, reason="反映岗位问题")
        except Refused as error:
            refused = error
        else:
            return render(request, "jobs/phone/reported.html", {"vacancy": vacancy})
    return render(
        request, "jobs/phone/report.html", {"vacancy": vacancy, "refused": refused}, status=422 if refused else 200
    )


@require_POST
@for_residents
def save(request: Visit, pk: int) -> HttpResponse:
    """Keep for later, or let go."""
    vacancy = access_public_vacancy(pk)
    person = acting_for(request)
    if person is not None:
        toggle_saved(vacancy, person, by=request.actor, reason="收藏岗位")
    return HttpResponseRedirect(f"/jobs/{pk}/")
