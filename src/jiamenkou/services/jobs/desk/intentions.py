"""Intentions: the list, filing one for a resident, and the phone round that keeps them fresh."""

from __future__ import annotations

from datetime import date, datetime, time
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
from jiamenkou.foundation.people.access import access_resident
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.jobs import words
from jiamenkou.services.jobs.access import access_intention, intentions_for
from jiamenkou.services.jobs.actions import intentions as acts
from jiamenkou.services.jobs.desk.counts import intentions_counted
from jiamenkou.services.jobs.forms.intention import CallForm, IntentionForm
from jiamenkou.services.jobs.models import Intention
from jiamenkou.services.jobs.models.intention import IntentionQuerySet
from jiamenkou.services.jobs.permissions import JobsPermission
from jiamenkou.services.jobs.states import CallOutcome, FiledBy, IntentionState

SORTS = {"name": "resident__name_key", "confirmed": "confirmed_on", "renew": "renew_on"}


def trail(page: str = "") -> list[dict[str, str]]:
    steps = [{"label": "供需", "href": ""}, {"label": "求职意向", "href": "/desk/jobs/intentions/" if page else ""}]
    return [*steps, {"label": page, "href": ""}] if page else steps


def filtered(request: Visit, permission: str = JobsPermission.PEOPLE) -> tuple[IntentionQuerySet, str, dict[str, str]]:
    """The rows of the address, but for its view; the word and the filters."""
    rows = intentions_for(request.actor, permission).with_resident()
    word = searched_word(request)
    chosen = chosen_filters(request, {"state": IntentionState.values, "only": ["stale"]})
    if word:
        rows = rows.filter(Q(resident__name__icontains=word) | Q(wanted__icontains=word))
    return rows, word, chosen


def narrowed(rows: IntentionQuerySet, chosen: dict[str, str], today: date) -> IntentionQuerySet:
    """The rows of the chosen view."""
    if chosen.get("only") == "stale":
        return rows.stale(today)
    return rows.filter(state=chosen["state"]) if "state" in chosen else rows


@for_staff(JobsPermission.VIEW)
def listing(request: Visit) -> HttpResponse:
    if not request.actor.may(JobsPermission.PEOPLE):
        return intentions_counted(request)
    today = timezone.localdate()
    rows, word, chosen = filtered(request)
    counts = dict(rows.order_by("state").values_list("state").annotate(Count("id")))
    stale = rows.stale(today).count()
    rows = narrowed(rows, chosen, today)
    shown = Listing(paged(sorted_rows(rows, request, SORTS, "renew"), request), word, chosen)
    views = [
        {"label": "全部", "href": "?", "on": not chosen, "count": sum(counts.values())},
        {"label": "该再问了", "href": "?only=stale", "on": chosen.get("only") == "stale", "count": stale},
        *(
            {"label": str(s.label), "href": f"?state={s}", "on": chosen.get("state") == s, "count": counts[s]}
            for s in IntentionState
            if counts.get(s)
        ),
    ]
    context = {
        "listing": shown,
        "rows": [_row(intention, today) for intention in shown.page],
        "views": views,
        "stale": stale,
        "query": request.GET.urlencode(),
        "may_export": request.actor.may(Permission.RESIDENTS_EXPORT),
        "trail": trail(),
    }
    return render(request, "jobs/desk/intentions.html", context)


def _row(intention: Intention, today: date) -> dict[str, Any]:
    limits = [
        f"{intention.max_walk_minutes} 分钟内" if intention.max_walk_minutes else "",
        "要接孩子" if intention.school_run else "",
        f"{words.clock(intention.not_before)} 后" if intention.not_before is not None else "",
        f"{words.clock(intention.not_after)} 前" if intention.not_after is not None else "",
    ]
    return {
        "intention": intention,
        "state": IntentionState(intention.state),
        "limits": " · ".join(part for part in limits if part),
        "stale_days": max((today - intention.renew_on).days, 0) if intention.state == IntentionState.OPEN else 0,
        "is_stale": intention.state == IntentionState.OPEN and intention.renew_on <= today,
        "href": f"/desk/jobs/intentions/{intention.pk}/",
        "reveal": f"/desk/residents/{intention.resident_id}/?reveal=phone",
    }


@require_http_methods(["GET", "POST"])
@for_staff(JobsPermission.PEOPLE)
def edit(request: Visit, pk: int | None = None, resident: int | None = None) -> HttpResponse:
    """A resident's wish, asked at the door or on the phone."""
    today = timezone.localdate()
    intention = access_intention(request.actor, pk) if pk is not None else None
    if intention is None and resident is None:
        raise Http404
    person = intention.resident if intention else access_resident(request.actor, resident or 0)
    form = IntentionForm.of(intention) if intention else IntentionForm()
    if request.method == "POST":
        form = IntentionForm(request.POST)
        if form.is_valid():
            try:
                if intention is None:
                    intention = acts.file_intention(
                        person,
                        form.values(),
                        by=request.actor,
                        filed_by=FiledBy.WORKER,
                        today=today,
                        reason="代登记求职意向",
                    )
                else:
                    acts.change_intention(
                        intention, form.values(), by=request.actor, today=today, reason="修改求职意向"
                    )
            except Refused as refused:
                form.add_error(None, refused.message)
            else:
                return HttpResponseRedirect("/desk/jobs/intentions/")
    return render(
        request,
        "jobs/desk/intention_form.html",
        {"form": form, "person": person, "intention": intention, "trail": trail(person.name)},
        status=422 if form.errors else 200,
    )


@for_staff(JobsPermission.PEOPLE)
def phone_round(request: Visit) -> HttpResponse:
    """Next person, dial, outcome, next."""
    return _round_page(request, CallForm())


def _round_page(request: Visit, form: CallForm, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    queue = intentions_for(request.actor).to_call(today).with_resident()
    first = queue.first()
    called = _called_today(request, today)
    return render(
        request,
        "jobs/desk/round.html",
        {
            "intention": first,
            "row": _row(first, today) if first else None,
            "calls": list(first.calls.select_related("by")[:3]) if first else [],
            "left": queue.count(),
            "called": called,
            "total": called + queue.count(),
            "outcomes": list(CallOutcome),
            "form": form,
            "trail": trail("电话回访"),
        },
        status=status,
    )


def _called_today(request: Visit, today: date) -> int:
    start = timezone.make_aware(datetime.combine(today, time.min))
    return intentions_for(request.actor).filter(calls__at__gte=start).distinct().count()


@require_POST
@for_staff(JobsPermission.PEOPLE)
def call(request: Visit, pk: int) -> HttpResponse:
    """Write down what came of the call and go on to the next person."""
    intention = access_intention(request.actor, pk)
    form = CallForm(request.POST)
    if not form.is_valid():
        return _round_page(request, form, status=422)
    acts.record_call(
        intention,
        CallOutcome(form.cleaned_data["outcome"]),
        by=request.actor,
        today=timezone.localdate(),
        reason="电话回访",
        note=form.cleaned_data["note"],
        call_again_on=form.cleaned_data["call_again_on"],
    )
    return HttpResponseRedirect("/desk/jobs/round/")
