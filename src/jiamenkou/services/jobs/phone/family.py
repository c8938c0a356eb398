"""The page behind the link of a text message: a relative wants to apply for you. Whoever holds the link is the person asked."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jiamenkou.foundation.access import scope as scopes
from jiamenkou.foundation.access.guards import for_everyone
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.people.models import AccountResident, Relation
from jiamenkou.services.jobs import words
from jiamenkou.services.jobs.actions.family import (
    Outcome,
    answer_family,
    family_path,
    good_family_link,
    note_answer,
    outcome_of,
)
from jiamenkou.services.jobs.models import Application, FamilyLink
from jiamenkou.services.jobs.states import Party

# the link says what the person is to whoever asks: here it is the other way round
_ASKERS: dict[str, str] = {Relation.SPOUSE: "您爱人", Relation.CHILD: "您父母", Relation.PARENT: "您子女"}
HOW = "点了短信里的链接"


@require_http_methods(["GET", "HEAD", "POST"])
@for_everyone
def family(request: Visit, token: str) -> HttpResponse:
    """Opening changes nothing; the two buttons do."""
    now = timezone.now()
    with scopes.scope(scopes.EVERYTHING):
        link = good_family_link(token, now)
    if link is None:
        return _private(render(request, "jobs/phone/family_gone.html", status=410))
    scopes.apply(request.actor.scope().plus(residents=[link.resident_id]))
    application = Application.objects.with_list_data().select_related("filed_account").get(pk=link.application_id)
    if request.method != "POST":
        return _private(_page(request, application, token, outcome_of(application, now)))
    do = request.POST.get("do", "")
    if do not in {"yes", "no"}:
        return _private(_page(request, application, token, outcome_of(application, now), status=422))
    return _private(_answered(request, link, application, token, yes=do == "yes"))


def _answered(request: Visit, link: FamilyLink, application: Application, token: str, *, yes: bool) -> HttpResponse:
    now, by, reason = timezone.now(), request.actor, "本人在短信链接里回话"
    scopes.declare(f"family-link:{link.pk}", reason)
    outcome = answer_family(
        application,
        yes,
        party=Party.RESIDENT,
        how=HOW,
        by=by,
        now=now,
        reason=reason,
        always=request.POST.get("always") == "1",
    )
    note_answer(link, by=by, now=now, reason=reason)
    if outcome in {Outcome.SENT, Outcome.REFUSED, Outcome.CLOSED}:
        return HttpResponseRedirect(family_path(token))
    application.refresh_from_db(fields=["state", "unagreed"])
    return _page(request, application, token, outcome, status=409)


def _page(
    request: Visit, application: Application, token: str, outcome: Outcome | None, status: int = 200
) -> HttpResponse:
    vacancy, person = application.vacancy, application.resident
    context = {
        "application": application,
        "vacancy": vacancy,
        "who": f"{person.name[:1]}**",
        "asker": _asker(application),
        "pay": words.pay(vacancy),
        "hours": words.hours(vacancy),
        "proofs": vacancy.certificates,
        "due": timezone.localtime(application.answer_due_at) if application.answer_due_at else None,
        "outcome": outcome,
        "page": family_path(token),
        "vacancy_page": f"/jobs/{vacancy.pk}/",
    }
    return render(request, "jobs/phone/family.html", context, status=status)


def _asker(application: Application) -> str:
    """Who asks, as the person would say it. Never a name: a link may be passed on."""
    links = AccountResident.objects.current().filter(account=application.filed_account)
    link = links.filter(resident=application.resident).order_by("id").first()
    return _ASKERS.get(link.relation, "家里人") if link is not None else "家里人"


def _private(answer: HttpResponse) -> HttpResponse:
    """Nobody is signed in, and still the page is one person's."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
