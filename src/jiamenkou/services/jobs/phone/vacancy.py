"""One vacancy: reasons, the day against the school run, the employer's record; applying, saving, reporting."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiamenkou.engines.matching import Seeker
from jiamenkou.foundation.access.guards import for_everyone, for_residents
from jiamenkou.foundation.access.own import relatives
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.access.where import acting_for, community_of
from jiamenkou.foundation.messages.send import tell
from jiamenkou.foundation.people.access import access_own_resident
from jiamenkou.foundation.people.actions.archive import give_consent, has_consent
from jiamenkou.foundation.people.models import Consent, ConsentPurpose, Resident
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.jobs import matching, notices, words
from jiamenkou.services.jobs.access import access_public_vacancy, own_applications, saved_by
from jiamenkou.services.jobs.actions.applications import apply_for
from jiamenkou.services.jobs.actions.family import ask_family
from jiamenkou.services.jobs.actions.saving import keep_or_let_go
from jiamenkou.services.jobs.actions.vacancies import report_vacancy
from jiamenkou.services.jobs.forms.phone import ReportForm
from jiamenkou.services.jobs.models import Application, Vacancy
from jiamenkou.services.jobs.phone.cards import card
from jiamenkou.services.jobs.queries import employer_record
from jiamenkou.services.jobs.search import find_vacancies
from jiamenkou.services.jobs.states import ApplicationState, FiledBy

MOST_LANDMARKS = 4
LONGEST_LANDMARK = 12
# minutes between work and the school's gate: who is off by 15:30 is there by 15:50
WAY_TO_SCHOOL = 20
# instead of a vacancy that is closed, the best three among so many of the newest
SIMILAR = 3
AMONG = 200


@for_everyone
@require_safe
def detail(request: Visit, pk: int) -> HttpResponse:
    vacancy = access_public_vacancy(pk)
    return _page(request, vacancy)


def _page(request: Visit, vacancy: Vacancy, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    person = acting_for(request)
    seeker = matching.resident_seeker(person, today) if person else None
    mine = own_applications(request.actor).filter(vacancy=vacancy).order_by("-id").first() if person else None
    is_open = vacancy.is_open(today)
    similar = [] if is_open else _instead_of(vacancy, community_of(request).id, seeker)
    return render(
        request,
        "jobs/phone/vacancy.html",
        {
            "vacancy": vacancy,
            "card": card(vacancy, seeker, today),
            "is_open": is_open,
            "mine": mine if mine and ApplicationState(mine.state).is_live else None,
            "person": person,
            "day": _day(vacancy, seeker),
            "way": _way(vacancy.landmark),
            "record": employer_record(vacancy.employer_id),
            "checked": vacancy.employer.licence_is_good(today),
            "facts": _facts(vacancy, community_of(request).id),
            "similar": [card(v, None, today) for v in similar],
            "saved": vacancy.pk in saved_by(request.actor) if person else False,
            "refused": refused,
            "apply_page": f"/jobs/{vacancy.pk}/apply/",
            "share_page": f"/jobs/{vacancy.pk}/share/",
            "report_page": f"/jobs/{vacancy.pk}/report/",
            "mine_page": f"/jobs/applications/{mine.pk}/" if mine else "",
            **_sheet(request, vacancy, person),
            **_sharing(vacancy),
        },
        status=status,
    )


def _instead_of(vacancy: Vacancy, community: int | None, seeker: Seeker | None) -> list[Vacancy]:
    """What sounds alike; else what suits best; else what is new."""
    alike = find_vacancies(vacancy.title[:2], community, limit=SIMILAR)
    if alike:
        return alike
    others = find_vacancies("", community, limit=AMONG if seeker else SIMILAR)
    return [found for found, _match in matching.best_vacancies(seeker, others)][:SIMILAR] if seeker else others


def _day(vacancy: Vacancy, seeker: Seeker | None) -> dict[str, str] | None:
    """The working day for the day bar, with the school run where the person has one."""
    if vacancy.start_minute is None or vacancy.end_minute is None:
        return None
    since = {window.since for window in seeker.windows} if seeker else set()
    until = {window.until for window in seeker.windows} if seeker else set()
    return {
        "start": _clock(vacancy.start_minute),
        "end": _clock(vacancy.end_minute),
        "bring": _clock(matching.SCHOOL_IN - WAY_TO_SCHOOL) if since - {""} else "",
        "fetch": _clock(matching.SCHOOL_OUT + WAY_TO_SCHOOL) if until - {""} else "",
    }


def _clock(minute: int) -> str:
    return f"{minute % 1440 // 60}:{minute % 60:02d}"


def _way(landmark: str) -> list[str]:
    """Landmarks in walking order, where the words have an order: 小区东门→幼儿园右拐→绿招牌一楼."""
    steps = [step.strip() for step in re.split(r"→|->|，|,|；|;|、|再|然后", landmark) if step.strip()]
    return steps if 2 <= len(steps) <= MOST_LANDMARKS and all(len(step) <= LONGEST_LANDMARK for step in steps) else []


def _facts(vacancy: Vacancy, here: int | None) -> list[tuple[str, str]]:
    known = [
        ("时间", words.hours(vacancy)),
        ("休息", vacancy.rest),
        ("地点", vacancy.address),
        ("怎么走", "" if _way(vacancy.landmark) else vacancy.landmark),
        ("要求", "、".join(vacancy.requirements)),
        ("要有的证", "、".join(vacancy.certificates)),
        ("待遇", "、".join(vacancy.benefits)),
        ("结算", vacancy.get_settle_display() if vacancy.settle else ""),
        ("截止", f"{vacancy.closes_on.month}月{vacancy.closes_on.day}日" if vacancy.closes_on else ""),
        # a neighbour's post says whose it is: that community answers for it
        ("谁登记的", "" if vacancy.owner_id == here else vacancy.owner.name),
    ]
    return [(label, str(value)) for label, value in known if value]


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def apply(request: Visit, pk: int) -> HttpResponse:
    """Tap 1 opens the sheet (or this page without the script), tap 2 sends. Nothing to type."""
    vacancy = access_public_vacancy(pk)
    person = acting_for(request)
    if person is None:
        return HttpResponseRedirect(f"/me/link/?next=/jobs/{pk}/apply/")
    if request.method != "POST":
        context = {"vacancy": vacancy, "card": card(vacancy, None, timezone.localdate())}
        return render(request, "jobs/phone/apply.html", context | _sheet(request, vacancy, person))
    chosen = request.POST.get("resident", str(person.pk))
    who = access_own_resident(request.actor, int(chosen)) if chosen.isdigit() and len(chosen) < 19 else person
    try:
        application = send_or_ask(request, vacancy, who)
    except Refused as refused:
        return _page(request, vacancy, refused, status=409)
    return HttpResponseRedirect(f"/jobs/applications/{application.pk}/?sent=1")


def send_or_ask(request: Visit, vacancy: Vacancy, who: Resident) -> Application:
    """For oneself, or for a relative: who has agreed to it is told and can take it back, who has not is asked first."""
    by, how = request.actor, filed_by(request, who)
    if how == FiledBy.FAMILY and not has_consent(who.pk, ConsentPurpose.FAMILY):
        return ask_family(vacancy, who, by=by, now=timezone.now(), reason="替家人投岗位")
    application = apply_for(vacancy, who, by=by, filed_by=how, now=timezone.now(), reason="投递岗位")
    give_consent(who, ConsentPurpose.SHARE_EMPLOYER, how="投递时同意", by=by, reason="投递岗位")
    if how == FiledBy.FAMILY:
        href = f"/jobs/applications/{application.pk}/"
        tell(notices.FILED, who, href=href, title=vacancy.title, employer=vacancy.employer.name)
    return application


def _sheet(request: Visit, vacancy: Vacancy, person: Resident | None) -> dict[str, Any]:
    """Whom one may apply for. Without a person the button leads to signing in."""
    people = relatives(request.actor) if person else []
    return {
        "people": people,
        "agreed": _agreed([relative.resident.pk for relative in people]),
        "chosen": person.pk if person else None,
        "family": any(not relative.is_self for relative in people),
        "proofs": vacancy.certificates,
        "pay": words.pay(vacancy),
        "hours": words.hours(vacancy),
    }


def _agreed(people: list[int]) -> set[int]:
    """Who let their family act for them, and so is not asked each time."""
    given = Consent.objects.filter(
        resident__in=people, purpose=ConsentPurpose.FAMILY, withdrawn_at__isnull=True
    ).order_by("id")
    return set(given.values_list("resident_id", flat=True)) if len(people) > 1 else set()


@for_everyone
@require_safe
def share(request: Visit, pk: int) -> HttpResponse:
    """The code for a poster and the text for the chat group; no personal data in either."""
    vacancy = access_public_vacancy(pk)
    return render(
        request, "jobs/phone/share.html", {"vacancy": vacancy, "vacancy_page": f"/jobs/{pk}/"} | _sharing(vacancy)
    )


def _sharing(vacancy: Vacancy) -> dict[str, str]:
    address = f"{settings.PUBLIC_URL}/q/{vacancy.code}"
    lines = [
        f"【{vacancy.title}】{words.pay(vacancy)}",
        f"{vacancy.employer.name}，招 {vacancy.places_left} 人",
        words.hours(vacancy),
        vacancy.address,
        _("不收任何费用，点开就能投：%(address)s") % {"address": address},
    ]
    return {"share_address": address, "share_text": "\n".join(line for line in lines if line)}


def filed_by(request: Visit, person: Resident) -> FiledBy:
    """Self where the account is this person's own, else family."""
    own = next((link for link in request.actor.residents if link.resident_id == person.pk), None)
    return FiledBy.SELF if own is not None and own.relation == "self" else FiledBy.FAMILY


@require_http_methods(["GET", "HEAD", "POST"])
@for_everyone
def report(request: Visit, pk: int) -> HttpResponse:
    """Anybody may say what is wrong; the employer never learns who."""
    vacancy = access_public_vacancy(pk)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        report_vacancy(vacancy, form.words(), by=request.actor, reason="反映岗位问题")
        return render(request, "jobs/phone/reported.html", {"vacancy": vacancy})
    context = {"vacancy": vacancy, "vacancy_page": f"/jobs/{pk}/", "form": form}
    return render(request, "jobs/phone/report.html", context, status=422 if form.errors else 200)


@require_POST
@for_residents
def save(request: Visit, pk: int) -> HttpResponse:
    """Keep for later, or let go: what was on the page when it was pressed (``keep``), else the other way round."""
    vacancy = access_public_vacancy(pk)
    person = acting_for(request)
    if person is None:
        return HttpResponseRedirect(f"/me/link/?next=/jobs/{pk}/")
    wanted = {"yes": True, "no": False}.get(request.POST.get("keep", ""))
    kept = keep_or_let_go(vacancy, person, wanted, by=request.actor, reason="收藏岗位")
    messages.success(request, _("收好了，在“我收藏的”里。") if kept else _("不收了。"))
    return HttpResponseRedirect(f"/jobs/{pk}/")
