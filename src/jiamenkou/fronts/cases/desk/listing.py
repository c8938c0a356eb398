"""办件: the list, its views, its Excel."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.audit.exports import export_rows
from jiamenkou.foundation.cases.models import Case
from jiamenkou.foundation.cases.permissions import CasesPermission
from jiamenkou.foundation.cases.routing import catalogue
from jiamenkou.foundation.cases.states import CaseState, Channel
from jiamenkou.foundation.listing import Listing, paged, sorted_rows
from jiamenkou.foundation.sheets.writing import Column
from jiamenkou.fronts.cases.desk.views import HANDS, VIEWS, Cut, communities_of, cut, grids_of
from jiamenkou.fronts.shape import address
from jiamenkou.fronts.words import clock_words

SORTS = {"due": "due_at", "submitted": "submitted_at", "moved": "moved_at", "number": "number", "heat": "heat"}


@require_safe
@for_staff(CasesPermission.VIEW)
def listing(request: Visit) -> HttpResponse:
    found = cut(request)
    ordered = sorted_rows(found.rows.with_list_data(), request, SORTS, "-submitted" if found.view == "all" else "due")
    shown = Listing(paged(ordered, request), found.word, found.chosen)
    known = catalogue()
    now = timezone.localtime()
    return render(
        request,
        "desk/cases/list.html",
        {
            "listing": shown,
            "rows": [row_of(case, known.label(case.category), now) for case in shown.page],
            "views": [
                {"label": _(label), "href": address(request, view=key, page=None, days=None), "on": key == found.view}
                for key, label in VIEWS.items()
            ],
            "chips": found.chips,
            "choices": choices(request, found),
            "kept": [(name, request.GET[name]) for name in ("view", "sort", "days") if request.GET.get(name)],
            "query": request.GET.urlencode(),
            "may_export": request.actor.may(Permission.RESIDENTS_EXPORT),
            "may_open": request.actor.may(CasesPermission.HANDLE),
            "trail": [{"label": _("办件"), "href": ""}, {"label": _("诉求办件"), "href": ""}],
        },
    )


def choices(request: Visit, found: Cut) -> list[dict[str, Any]]:
    """The conditions one may add: name, label, options, and which is on."""
    communities = communities_of(request)
    offered: list[tuple[str, str, Mapping[str, Any]]] = [
        ("category", _("分类"), {rule.category: rule.name for rule in catalogue().categories()}),
        ("state", _("状态"), {one.value: one.label for one in CaseState}),
        ("community", _("社区"), communities if len(communities) > 1 else {}),
        ("grid", _("网格"), grids_of(request)),
        ("hand", _("在哪一岗"), {role.value: role.label for role in HANDS}),
        ("channel", _("来源"), {one.value: one.label for one in Channel}),
    ]
    return [
        {"name": name, "label": label, "options": options.items(), "now": found.chosen.get(name, "")}
        for name, label, options in offered
        if options
    ]


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
    known = catalogue()
    cells = (
        [
            case.number, known.label(case.category), case.title, case.place.name if case.place else "",
            str(CaseState(case.state).label), local(case.submitted_at), local(case.due_at), local(case.closed_at),
            holder_words(case), case.returns, case.reopens,
            str(case.get_excluded_display()) if case.excluded else "",
        ]
        for case in cut(request).rows.with_list_data().order_by("-submitted_at", "-pk")
    )  # fmt: skip
    return export_rows("办件", COLUMNS, cells, by=request.actor, reason="导出办件")


def local(moment: datetime | None) -> datetime | None:
    return timezone.localtime(moment) if moment else None
