"""办件: the list, its views, its Excel."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.audit.exports import export_rows
from jiamenkou.foundation.cases.access import cases_for
from jiamenkou.foundation.cases.models import Case, CaseQuerySet
from jiamenkou.foundation.cases.permissions import CasesPermission
from jiamenkou.foundation.cases.routing import catalogue
from jiamenkou.foundation.cases.states import CaseState
from jiamenkou.foundation.listing import Listing, chosen_filters, paged, searched_word, sorted_rows
from jiamenkou.foundation.sheets.writing import Column
from jiamenkou.fronts.words import clock_words

SORTS = {"due": "due_at", "submitted": "submitted_at", "moved": "moved_at", "number": "number", "heat": "heat"}
VIEWS = {
    "open": "在办",
    "sign": "待我签收",
    "mine": "我的",
    "late": "逾期",
    "call": "待回访",
    "supervised": "督办",
    "dispatch": "待派单",
    "asking": "等批",
    "nodue": "没有期限",
    "all": "全部",
}


def viewed(request: Visit, rows: CaseQuerySet, view: str) -> CaseQuerySet:
    """One saved view of what the actor sees."""
    account = request.actor.account
    desks = Q()
    for held in request.actor.roles:
        desks |= Q(holder_place=held.place, holder_role=held.role)
    match view:
        case "sign":
            return rows.to_sign().filter(desks) if desks else rows.none()
        case "mine":
            return rows.open().held_by(account)
        case "late":
            return rows.late(timezone.now())
        case "call":
            return rows.to_call_back()
        case "supervised":
            return rows.open().filter(supervised=True)
        case "dispatch":
            return rows.to_dispatch()
        case "asking":
            return rows.open().exclude(asking="")
        case "nodue":
            return rows.without_due()
        case "all":
            return rows
        case _:
            return rows.open()


def filtered(request: Visit) -> tuple[CaseQuerySet, str, dict[str, str], str]:
    """The rows of the address, the word, the filters, the view."""
    rows = cases_for(request.actor)
    word = searched_word(request)
    known = {rule.category: rule.name for rule in catalogue().categories()}
    chosen = chosen_filters(request, {"category": known, "state": CaseState.values})
    if word:
        rows = rows.filter(Q(title__icontains=word) | Q(number__istartswith=word) | Q(upper_number=word))
    if "category" in chosen:
        rows = rows.filter(category=chosen["category"])
    if "state" in chosen:
        rows = rows.filter(state=chosen["state"])
    asked = request.GET.get("view", "")
    view = asked if asked in VIEWS else ("all" if word or "state" in chosen else "open")
    return viewed(request, rows, view), word, chosen, view


@require_safe
@for_staff(CasesPermission.VIEW)
def listing(request: Visit) -> HttpResponse:
    rows, word, chosen, view = filtered(request)
    ordered = sorted_rows(rows.with_list_data(), request, SORTS, "due" if view != "all" else "-submitted")
    shown = Listing(paged(ordered, request), word, chosen)
    known = catalogue()
    now = timezone.localtime()
    return render(
        request,
        "desk/cases/list.html",
        {
            "listing": shown,
            "rows": [row_of(case, known.label(case.category), now) for case in shown.page],
            "views": [{"label": _(label), "href": f"?view={key}", "on": key == view} for key, label in VIEWS.items()],
            "categories": [(rule.category, rule.name) for rule in known.categories()],
            "chosen_category": known.label(chosen["category"]) if "category" in chosen else "",
            "query": request.GET.urlencode(),
            "may_export": request.actor.may(Permission.RESIDENTS_EXPORT),
            "may_open": request.actor.may(CasesPermission.HANDLE),
            "trail": [{"label": _("办件"), "href": ""}, {"label": _("诉求办件"), "href": ""}],
        },
    )


def row_of(case: Case, category: str, now: Any) -> dict[str, Any]:
    state = CaseState(case.state)
    late = case.is_open and case.due_at is not None and case.due_at < now and case.paused_at is None
    return {
        "case": case,
        "category": category,
        "state": state,
        "late": late,
        "words": clock_words(case.due_at, now) if case.due_at and case.is_open else "",
        "holder": holder_words(case),
    }


def holder_words(case: Case) -> str:
    """Whose it is: the person once it is signed for, else the desk."""
    if case.holder is not None:
        return case.holder.display_name
    return case.holder_place.name if case.holder_place else "—"


COLUMNS = [
    Column("办件号"), Column("分类", 20), Column("什么事", 30), Column("在哪里", 20), Column("状态"), Column("开口时间"),
    Column("最晚办好"), Column("办结时间"), Column("在谁手里"), Column("退单"), Column("重办"), Column("剔除"),
]  # fmt: skip


@require_POST
@for_staff(Permission.RESIDENTS_EXPORT)
def export(request: Visit) -> HttpResponse:
    """What the list shows, without people and without words."""
    rows, _word, _chosen, _view = filtered(request)
    known = catalogue()
    cells = (
        [
            case.number, known.label(case.category), case.title, case.place.name if case.place else "",
            str(CaseState(case.state).label), _local(case.submitted_at), _local(case.due_at), _local(case.closed_at),
            holder_words(case), case.returns, case.reopens,
            str(case.get_excluded_display()) if case.excluded else "",
        ]
        for case in rows.with_list_data().order_by("-submitted_at", "-pk")
    )  # fmt: skip
    return export_rows("办件", COLUMNS, cells, by=request.actor, reason="导出办件")


def _local(moment: datetime | None) -> datetime | None:
    return timezone.localtime(moment) if moment else None
