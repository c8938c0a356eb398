"""Needs on the desk: the list, one need with what may follow, filing one from a resident's page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
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
from jiamenkou.services.needs.access import access_need, needs_for
from jiamenkou.services.needs.actions import needs as acts
from jiamenkou.services.needs.forms.desk import MoveForm, NeedForm
from jiamenkou.services.needs.models import Category, Need
from jiamenkou.services.needs.models.need import ANSWER_DAYS, NeedQuerySet
from jiamenkou.services.needs.permissions import NeedsPermission
from jiamenkou.services.needs.states import Channel, FiledBy, NeedState, Party, open_moves

SORTS = {"name": "resident__name_key", "category": "category__order", "at": "at", "state": "state"}
# how a worker says it
ACTS = {
    NeedState.PLANNED: "在张罗了",
    NeedState.ANSWERED: "有回音了",
    NeedState.MET: "用上了",
    NeedState.OPEN: "放回等回音",
    NeedState.CANNOT: "眼下办不到",
    NeedState.WITHDRAWN: "本人不需要了",
}


def trail(page: str = "") -> list[dict[str, str]]:
    steps = [{"label": "供需", "href": ""}, {"label": "需求", "href": "/desk/needs/" if page else ""}]
    return [*steps, {"label": page, "href": ""}] if page else steps


def show_refusal(form: forms.BaseForm, refused: Refused) -> None:
    """Put a refusal beside the field it belongs to, else above the form."""
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)


def filtered(request: Visit, permission: str = NeedsPermission.PEOPLE) -> tuple[NeedQuerySet, str, dict[str, str]]:
    """The rows of the address, but for its view; the word and the filters."""
    rows = needs_for(request.actor, permission).counted().with_list_data()
    word = searched_word(request)
    categories = {str(pk): label for pk, label in Category.objects.values_list("pk", "label")}
    chosen = chosen_filters(
        request,
        {"state": NeedState.values, "only": ["late"], "channel": Channel.values, "category": categories},
    )
    if word:
        rows = rows.filter(
            Q(resident__name__icontains=word) | Q(words__icontains=word) | Q(category__label__icontains=word)
        )
    if "channel" in chosen:
        rows = rows.filter(channel=chosen["channel"])
    if "category" in chosen:
        rows = rows.filter(category=int(chosen["category"]))
    return rows, word, chosen


def narrowed(rows: NeedQuerySet, chosen: dict[str, str]) -> NeedQuerySet:
    """The rows of the chosen view."""
    if chosen.get("only") == "late":
        return rows.overdue(timezone.now())
    return rows.filter(state=chosen["state"]) if "state" in chosen else rows


@for_staff(NeedsPermission.PEOPLE)
def listing(request: Visit) -> HttpResponse:
    rows, word, chosen = filtered(request)
    counts = dict(rows.order_by("state").values_list("state").annotate(Count("id")))
    late = rows.overdue(timezone.now()).count()
    shown = Listing(paged(sorted_rows(narrowed(rows, chosen), request, SORTS, "-at"), request), word, chosen)
    viewed = {"state", "only"} & set(chosen)
    views = [
        {"label": "全部", "href": "?", "on": not viewed, "count": sum(counts.values())},
        {"label": "超期没回", "href": "?only=late", "on": chosen.get("only") == "late", "count": late},
        *(
            {"label": str(s.label), "href": f"?state={s}", "on": chosen.get("state") == s, "count": counts[s]}
            for s in NeedState
            if counts.get(s)
        ),
    ]
    context = {
        "listing": shown,
        "rows": [row_of(need) for need in shown.page],
        "views": views,
        "categories": list(Category.objects.filter(needs__isnull=False).distinct()),
        "channels": Channel.choices,
        "chosen_category": Category.objects.filter(pk=int(chosen["category"])).first()
        if "category" in chosen
        else None,
        "chosen_channel": Channel(chosen["channel"]).label if "channel" in chosen else "",
        "query": request.GET.urlencode(),
        "may_export": request.actor.may(Permission.RESIDENTS_EXPORT),
        "may_edit": request.actor.may(NeedsPermission.EDIT) and request.actor.may(Permission.RESIDENTS_VIEW),
        "trail": trail(),
    }
    return render(request, "needs/desk/needs.html", context)


def row_of(need: Need) -> dict[str, Any]:
    late = (timezone.now() - need.at - timedelta(days=ANSWER_DAYS)).days if need.state == NeedState.OPEN else -1
    return {
        "need": need,
        "who": need.resident.name if need.resident else f"{need.heads} 人（没记名字）",
        "state": NeedState(need.state),
        "late": f"超 {late} 天" if late > 0 else "",
        "href": f"/desk/needs/{need.pk}/",
    }


@for_staff(NeedsPermission.PEOPLE)
def detail(request: Visit, pk: int) -> HttpResponse:
    return _page(request, access_need(request.actor, pk), MoveForm())


def _page(request: Visit, need: Need, form: MoveForm, status: int = 200) -> HttpResponse:
    may = request.actor.may(NeedsPermission.EDIT)
    ends = [arrow.end for arrow in open_moves(need.state, Party.WORKER)] if may else []
    entries = [
        {
            "icon": "arrow-right",
            "tone": NeedState(entry.end).tone,
            "title": NeedState(entry.end).label,
            "who": entry.by.display_name if entry.by else "系统",
            "when": timezone.localtime(entry.at).strftime("%-m月%-d日 %H:%M"),
            "text": entry.text,
        }
        for entry in need.log.select_related("by").order_by("-id")
    ]
    context = {
        "need": need,
        "row": row_of(need),
        "state": NeedState(need.state),
        "acts": [{"label": ACTS[end], "to": end.value} for end in ends],
        "start": f"/desk/needs/gaps/{need.category_id}/project/" if may and need.state == NeedState.OPEN else "",
        "entries": entries,
        "form": form,
        "trail": trail(need.category.label),
    }
    return render(request, "needs/desk/need.html", context, status=status)


@require_POST
@for_staff(NeedsPermission.EDIT)
def move(request: Visit, pk: int) -> HttpResponse:
    need = access_need(request.actor, pk, NeedsPermission.EDIT)
    form, to = MoveForm(request.POST), request.POST.get("to", "")
    if form.is_valid():
        try:
            if to not in NeedState.values:
                raise Refused("没有这个操作。")
            text = form.cleaned_data["text"]
            acts.move_need(need, NeedState(to), party=Party.WORKER, by=request.actor, reason="登记回音", text=text)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return HttpResponseRedirect(f"/desk/needs/{pk}/")
    return _page(request, need, form, status=422)


@require_http_methods(["GET", "POST"])
@for_staff(NeedsPermission.EDIT)
def file(request: Visit, resident: int) -> HttpResponse:
    """From a resident's page, on the desk or on a grid worker's own phone at the door."""
    if not request.actor.may(Permission.RESIDENTS_VIEW):
        raise Http404
    person = access_resident(request.actor, resident)
    form = NeedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            need = acts.file_need(
                person,
                Category.objects.get(pk=data["category"]),
                by=request.actor,
                channel=Channel(data["channel"]),
                filed_by=FiledBy.WORKER,
                words=data["words"],
                reason="登记居民的需求",
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return HttpResponseRedirect(f"/desk/needs/{need.pk}/")
    known = needs_for(request.actor, NeedsPermission.PEOPLE).filter(resident=person).live().with_list_data()
    context = {
        "form": form,
        "person": person,
        "known": [row_of(need) for need in known.order_by("-at", "-id")[:20]],
        "trail": trail(person.name),
    }
    return render(request, "needs/desk/file.html", context, status=422 if form.errors else 200)
