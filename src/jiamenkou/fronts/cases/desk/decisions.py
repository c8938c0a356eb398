"""督办和审批: what waits for somebody above the handler, each with what was asked, why, and since when."""

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
from jiamenkou.foundation.cases.actions.returning import MOST_RETURNS
from jiamenkou.foundation.cases.models import Case, CaseEvent, CaseQuerySet
from jiamenkou.foundation.cases.permissions import CasesPermission
from jiamenkou.foundation.cases.routing import catalogue
from jiamenkou.foundation.cases.states import CaseState, EventKind
from jiamenkou.foundation.listing import Listing, paged, searched_word, sorted_rows
from jiamenkou.foundation.sheets.writing import Column
from jiamenkou.fronts.cases.desk.listing import holder_words, local, row_of
from jiamenkou.fronts.shape import address
from jiamenkou.fronts.words import how_long

HOME = "/desk/cases/decisions/"
SORTS = {"moved": "moved_at", "due": "due_at", "number": "number"}
# kind → label, icon, tone, the permission it takes, what the button says
KINDS: dict[str, tuple[str, str, str, str, str]] = {
    "extension": ("延期", "calendar-plus", "orange", CasesPermission.APPROVE, "去批"),
    "suspension": ("挂账", "clock", "violet", CasesPermission.APPROVE, "去批"),
    "returned": ("退单", "undo-2", "red", CasesPermission.DISPATCH, "另派"),
    "ruling": ("裁定", "scale", "red", CasesPermission.RULE, "去裁定"),
    "supervised": ("督办", "megaphone", "violet", CasesPermission.HANDLE, "看办得怎样"),
}
_ASKED = {
    "extension": EventKind.EXTENSION_ASKED,
    "suspension": EventKind.SUSPENSION_ASKED,
    "returned": EventKind.RETURNED,
    "ruling": EventKind.RETURNED,
    "supervised": EventKind.SUPERVISED,
}


def waiting(rows: CaseQuerySet, kind: str) -> CaseQuerySet:
    """The cases of one kind of decision; of all of them for any other word."""
    found = rows.open()
    match kind:
        case "extension":
            return found.filter(asking=EventKind.EXTENSION_ASKED)
        case "suspension":
            return found.filter(asking=EventKind.SUSPENSION_ASKED)
        case "returned":
            return found.filter(state=CaseState.RETURNED, returns__lt=MOST_RETURNS)
        case "ruling":
            return found.filter(state=CaseState.RETURNED, returns__gte=MOST_RETURNS)
        case "supervised":
            return found.filter(supervised=True)
        case _:
            return found.filter(~Q(asking="") | Q(state=CaseState.RETURNED) | Q(supervised=True))


def kind_of(case: Case) -> str:
    """What a case waits for first: a request, then a return, then it is watched."""
    if case.asking:
        return "extension" if case.asking == EventKind.EXTENSION_ASKED else "suspension"
    if case.state == CaseState.RETURNED:
        return "ruling" if case.returns >= MOST_RETURNS else "returned"
    return "supervised"


def _cut(request: Visit) -> tuple[CaseQuerySet, str, str]:
    rows, word = cases_for(request.actor), searched_word(request)
    kind = request.GET.get("kind", "")
    if word:
        rows = rows.filter(Q(title__icontains=word) | Q(number__istartswith=word) | Q(upper_number=word))
    return waiting(rows, kind), word, kind if kind in KINDS else ""


@require_safe
@for_staff(CasesPermission.VIEW)
def page(request: Visit) -> HttpResponse:
    rows, word, kind = _cut(request)
    ordered = sorted_rows(rows.with_list_data().select_related("asked_by"), request, SORTS, "moved")
    shown = Listing(paged(ordered, request), word, {"kind": kind} if kind else {})
    cases = list(shown.page)
    asked, now, known = _asked(cases, kind), timezone.localtime(), catalogue()
    every = cases_for(request.actor)
    pills = [{"label": _("全部"), "href": address(request, kind=None, page=None), "on": not kind}]
    pills += [
        {
            "label": _(label),
            "href": address(request, kind=key, page=None),
            "on": key == kind,
            "count": waiting(every, key).count(),
        }
        for key, (label, *_rest) in KINDS.items()
    ]
    return render(
        request,
        "desk/cases/decisions.html",
        {
            "listing": shown,
            "rows": [_row(request, case, asked, kind, known.label(case.category), now) for case in cases],
            "views": pills,
            "kept": [(name, request.GET[name]) for name in ("kind", "sort") if request.GET.get(name)],
            "query": request.GET.urlencode(),
            "may_export": request.actor.may(Permission.RESIDENTS_EXPORT),
            "trail": [{"label": _("办件"), "href": ""}, {"label": _("督办和审批"), "href": ""}],
        },
    )


def _asked(cases: list[Case], kind: str) -> dict[int, CaseEvent]:
    """The step that made each case wait. One query."""
    kinds = {_ASKED[kind or kind_of(case)] for case in cases}
    events = CaseEvent.objects.filter(case__in=cases, kind__in=kinds).select_related("by").order_by("case_id", "seq")
    found: dict[int, CaseEvent] = {}
    wanted = {case.pk: _ASKED[kind or kind_of(case)] for case in cases}
    for event in events:
        if event.kind == wanted[event.case_id]:
            found[event.case_id] = event
    return found


def _row(
    request: Visit, case: Case, asked: dict[int, CaseEvent], kind: str, category: str, now: datetime
) -> dict[str, Any]:
    what = kind or kind_of(case)
    label, icon, tone, permission, act = KINDS[what]
    event = asked.get(case.pk)
    mine = request.actor.account is not None and case.asked_by_id == request.actor.account.pk
    may = request.actor.may(permission, case.community_id, case.grid_id) and not mine
    days = event.data.get("days") if event is not None else None
    return row_of(case, category, now) | {
        "kind": _(label),
        "icon": icon,
        "tone": tone,
        "who": event.by.display_name if event is not None and event.by else _("系统"),
        "why": event.text if event is not None else "",
        "days": days,
        "waited": how_long(event.at, now) if event is not None else "",
        "act": _(act) if may else _("打开"),
        "may_grant": may and what in {"extension", "suspension"},
    }


COLUMNS = [
    Column("办件号"), Column("等什么"), Column("分类", 20), Column("什么事", 30), Column("在哪里", 20), Column("最近变化"),
    Column("最晚办好"), Column("在谁手里"),
]  # fmt: skip


@require_POST
@for_staff(Permission.RESIDENTS_EXPORT)
def export(request: Visit) -> HttpResponse:
    """What the list shows, without words."""
    rows, _word, kind = _cut(request)
    known = catalogue()
    cells = (
        [
            case.number, KINDS[kind or kind_of(case)][0], known.label(case.category), case.title,
            case.place.name if case.place else "", local(case.moved_at), local(case.due_at), holder_words(case),
        ]
        for case in rows.with_list_data().order_by("moved_at", "pk")
    )  # fmt: skip
    return export_rows("督办和审批", COLUMNS, cells, by=request.actor, reason="导出督办和审批")
