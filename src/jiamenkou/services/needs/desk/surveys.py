"""Surveys on the desk: the list, drafting, results, filling one in for somebody without a phone, the code on paper."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.listing import Listing, chosen_filters, paged, searched_word, sorted_rows
from jiamenkou.foundation.people.access import access_resident, residents_for
from jiamenkou.foundation.people.finding import looks_like_number, matching
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.needs.access import access_survey, answers_for, surveys_for
from jiamenkou.services.needs.actions.surveys import answer_survey, close_survey, make_survey, open_survey
from jiamenkou.services.needs.desk.needs import show_refusal
from jiamenkou.services.needs.forms.surveys import AnswerSurveyForm, SurveyForm
from jiamenkou.services.needs.models import Survey, SurveyAnswer
from jiamenkou.services.needs.permissions import NeedsPermission
from jiamenkou.services.needs.states import FiledBy, SurveyState

SORTS = {"title": "title", "closes": "closes_on", "answers": "number"}
TONES = {SurveyState.DRAFT: "orange", SurveyState.OPEN: "green", SurveyState.CLOSED: "grey"}
FOUND = 8


def trail(page: str = "") -> list[dict[str, str]]:
    steps = [{"label": "供需", "href": ""}, {"label": "问卷", "href": "/desk/needs/surveys/" if page else ""}]
    return [*steps, {"label": page, "href": ""}] if page else steps


@for_staff(NeedsPermission.VIEW)
def listing(request: Visit) -> HttpResponse:
    rows, word = surveys_for(request.actor), searched_word(request)
    chosen = chosen_filters(request, {"state": SurveyState.values})
    if word:
        rows = rows.filter(Q(title__icontains=word) | Q(words__icontains=word))
    counts = dict(rows.order_by("state").values_list("state").annotate(Count("id")))
    if "state" in chosen:
        rows = rows.filter(state=chosen["state"])
    rows = rows.annotate(number=Count("answers"))
    shown = Listing(paged(sorted_rows(rows, request, SORTS, "-closes"), request), word, chosen)
    views = [
        {"label": "全部", "href": "?", "on": not chosen, "count": sum(counts.values())},
        *(
            {"label": str(s.label), "href": f"?state={s}", "on": chosen.get("state") == s, "count": counts[s]}
            for s in SurveyState
            if counts.get(s)
        ),
    ]
    context = {
        "listing": shown,
        "rows": [row_of(one) for one in shown.page],
        "views": views,
        "query": request.GET.urlencode(),
        "may_make": request.actor.may(NeedsPermission.EDIT) and bool(request.actor.home),
        "trail": trail(),
    }
    return render(request, "needs/desk/surveys.html", context)


def row_of(survey: Survey) -> dict[str, Any]:
    state = SurveyState(survey.state)
    over = state == SurveyState.OPEN and not survey.is_going(timezone.localdate())
    return {
        "survey": survey,
        "state": "到期了" if over else str(state.label),
        "tone": "orange" if over else TONES[state],
        "href": f"/desk/needs/surveys/{survey.pk}/",
    }


@require_http_methods(["GET", "POST"])
@for_staff(NeedsPermission.EDIT)
def edit(request: Visit, pk: int | None = None) -> HttpResponse:
    survey = access_survey(request.actor, pk, NeedsPermission.EDIT) if pk is not None else None
    home = request.actor.home
    if home is None:
        raise Http404
    initial: dict[str, Any] = {}
    if survey is not None:
        initial = {name: getattr(survey, name) for name in ("title", "closes_on", "words", "question")}
        initial["categories"] = list(survey.categories.order_by("order").values_list("pk", flat=True))
    form = SurveyForm(request.POST) if request.method == "POST" else SurveyForm(initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = make_survey(home, form.cleaned_data, by=request.actor, reason="写问卷", survey=survey)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return HttpResponseRedirect(f"/desk/needs/surveys/{made.pk}/")
    context = {"form": form, "survey": survey, "trail": trail(survey.title if survey else "写一份")}
    return render(request, "needs/desk/survey_form.html", context, status=422 if form.errors else 200)


@for_staff(NeedsPermission.VIEW)
def detail(request: Visit, pk: int) -> HttpResponse:
    return _page(request, access_survey(request.actor, pk))


def _page(request: Visit, survey: Survey, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    people = request.actor.may(NeedsPermission.PEOPLE)
    rows = answers_for(request.actor).filter(survey=survey).select_related("resident", "grid")
    word = searched_word(request)
    if word:
        rows = rows.filter(Q(resident__name__icontains=word) | Q(words__icontains=word))
    shown = Listing(paged(rows.order_by("-at", "-id"), request), word, {})
    going = survey.is_going(timezone.localdate())
    address = request.build_absolute_uri(f"/q/{survey.code}")
    number = answers_for(request.actor, NeedsPermission.VIEW).filter(survey=survey).count()
    context = {
        "survey": survey,
        "row": row_of(survey),
        "results": results_of(request, survey),
        "number": number,
        "listing": shown,
        "rows": list(shown.page) if people else [],
        "labels": dict(survey.categories.values_list("pk", "label")),
        "people": people,
        "may": request.actor.may(NeedsPermission.EDIT),
        "may_export": request.actor.may(Permission.RESIDENTS_EXPORT) and people,
        "going": going,
        "address": address,
        "text": f"【{survey.title}】\n{survey.words}\n点开填，一分钟：{address}",
        "query": request.GET.urlencode(),
        "refused": refused,
        **_found(request, survey, going=going),
        "trail": trail(survey.title),
    }
    return render(request, "needs/desk/survey.html", context, status=status)


def results_of(request: Visit, survey: Survey) -> list[tuple[str, int]]:
    """How many ticked each, the most first. Two queries."""
    counted: dict[int, int] = {}
    for ticked in (
        answers_for(request.actor, NeedsPermission.VIEW).filter(survey=survey).values_list("ticked", flat=True)
    ):
        for pk in ticked:
            counted[pk] = counted.get(pk, 0) + 1
    offered = survey.categories.order_by("order", "id")
    return sorted(((one.label, counted.get(one.pk, 0)) for one in offered), key=lambda row: -row[1])


def _found(request: Visit, survey: Survey, *, going: bool) -> dict[str, Any]:
    """Residents whom the word of ``?who=`` finds, to fill it in with."""
    who = " ".join(request.GET.get("who", "").split())[:40]
    may = going and request.actor.may(NeedsPermission.EDIT) and request.actor.may(Permission.RESIDENTS_VIEW)
    number = looks_like_number(who)
    found: list[Any] = []
    if may and who and not number:
        there = residents_for(request.actor).present().filter(community_id=survey.community_id)
        people = matching(there, who).select_related("household", "grid").by_name()[:FOUND]
        found = [{"person": one, "href": f"/desk/needs/surveys/{survey.pk}/for/{one.pk}/"} for one in people]
    return {"may_proxy": may, "who": "" if number else who, "found": found, "numbered": number}


@require_POST
@for_staff(NeedsPermission.EDIT)
def act(request: Visit, pk: int) -> HttpResponse:
    """Send it out, or end it."""
    survey, do = access_survey(request.actor, pk, NeedsPermission.EDIT), request.POST.get("do", "")
    try:
        if do == "open":
            open_survey(survey, by=request.actor, today=timezone.localdate(), reason="发问卷")
        elif do == "close":
            close_survey(survey, by=request.actor, reason="收问卷")
        else:
            raise Refused("没有这个操作。")
    except Refused as refused:
        return _page(request, survey, refused, 422)
    return HttpResponseRedirect(f"/desk/needs/surveys/{pk}/")


@require_http_methods(["GET", "POST"])
@for_staff(NeedsPermission.EDIT)
def fill_in(request: Visit, pk: int, resident: int) -> HttpResponse:
    """With somebody who has no phone, at the door or at the counter."""
    if not request.actor.may(Permission.RESIDENTS_VIEW):
        raise Http404
    survey, person = access_survey(request.actor, pk, NeedsPermission.EDIT), access_resident(request.actor, resident)
    form = AnswerSurveyForm(survey, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            answer_survey(
                survey, person, data["ticked"], data["words"], by=request.actor, filed_by=FiledBy.WORKER,
                today=timezone.localdate(), reason="替居民填问卷",
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return HttpResponseRedirect(f"/desk/needs/surveys/{pk}/")
    known = SurveyAnswer.objects.filter(survey=survey, resident=person).exists()
    context = {"form": form, "survey": survey, "person": person, "known": known, "trail": trail(person.name)}
    return render(request, "needs/desk/survey_fill.html", context, status=422 if form.errors else 200)


@for_staff(NeedsPermission.VIEW)
def poster(request: Visit, pk: int) -> HttpResponse:
    """To be hung up: the code opens the survey on a phone."""
    survey = access_survey(request.actor, pk)
    context = {
        "title": survey.title,
        "lines": [survey.words, "扫一扫，勾几样，一分钟填完。", f"收到 {survey.closes_on:%-m月%-d日}。"],
        "signed": survey.community.name,
        "address": request.build_absolute_uri(f"/q/{survey.code}"),
        "qr_words": "扫码填问卷",
        "day": timezone.localdate(),
    }
    return render(request, "needs/paper/notice.html", context)
