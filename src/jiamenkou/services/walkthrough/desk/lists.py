"""The lists of this room: one shape for all, with search, views, sorting and pages from the URL."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.audit.exports import export_rows
from jiamenkou.foundation.listing import Listing, chosen_filters, paged, searched_word, sorted_rows
from jiamenkou.foundation.sheets.writing import Column
from jiamenkou.services.walkthrough.access import (
    errands_for,
    findings_for,
    officers_for,
    points_for,
    rounds_for,
    walks_for,
)
from jiamenkou.services.walkthrough.figures import count
from jiamenkou.services.walkthrough.models import Errand, Finding, FindingQuerySet, Officer, Round, ServicePoint, Walk
from jiamenkou.services.walkthrough.permissions import WalksPermission
from jiamenkou.services.walkthrough.states import FindingKind, FindingState, OfficerState

Row = TypeVar("Row", bound=Model)
Cells = Callable[[Any], dict[str, Any]]


def show(
    request: Visit, rows: QuerySet[Row], *, title: str, heads: Sequence[tuple[str, str]], cells: Cells,
    sorts: Mapping[str, str], default: str, nothing: str, views: Sequence[tuple[str, str]] = (), view: str = "",
    new: str = "", export: str = "", hint: str = "", extra: Mapping[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    """``heads``: (label, sort name or ""). ``cells``: href and texts of a row, with a state where it has one."""
    ordered = sorted_rows(rows, request, sorts, default)
    shown = Listing(paged(ordered, request), searched_word(request), {})
    may_edit = request.actor.may(WalksPermission.EDIT)
    context = {
        "title": title,
        "listing": shown,
        "heads": heads,
        "rows": [cells(row) for row in shown.page],
        "views": [{"label": label, "href": f"?state={key}", "on": key == view} for key, label in views],
        "new": new if may_edit else "",
        "export": export if export and request.actor.may(Permission.RESIDENTS_EXPORT) else "",
        "query": request.GET.urlencode(),
        "hint": hint,
        "nothing": nothing,
        "may_edit": may_edit,
        "trail": [{"label": _("走流程"), "href": ""}, {"label": title, "href": ""}],
    }
    return render(request, "walkthrough/desk/list.html", context | dict(extra or {}))


def _state(request: Visit, values: Sequence[str]) -> str:
    return chosen_filters(request, {"state": values}).get("state", "")


def _day(moment: datetime | None) -> str:
    if moment is None:
        return "—"
    local = timezone.localtime(moment)
    return f"{local.month}月{local.day}日 {local.hour}:{local.minute:02d}"


@require_safe
@for_staff(WalksPermission.VIEW)
def rounds(request: Visit) -> HttpResponse:
    rows, word = rounds_for(request.actor), searched_word(request)
    if word:
        rows = rows.filter(title__icontains=word)

    def cells(row: Round) -> dict[str, Any]:
        counted = count(Finding.objects.filter(walk__round=row))
        return {
            "href": f"/desk/walks/rounds/{row.pk}/",
            "title": str(row),
            "texts": [f"{row.first_on:%Y-%m-%d} – {row.last_on:%m-%d}", counted.found, counted.solved, counted.cannot],
        }

    return show(
        request, rows, title=_("期"), cells=cells, sorts={"number": "number", "first": "first_on"}, default="-number",
        heads=[(_("期"), "number"), (_("日子"), "first"), (_("问题"), ""), (_("已解决"), ""), (_("解决不了"), "")],
        nothing=_("还没有安排过。先登记窗口和事项，再安排一期。"), new="/desk/walks/rounds/new/", hint=_("主题"),
    )  # fmt: skip


@require_safe
@for_staff(WalksPermission.VIEW)
def errands(request: Visit) -> HttpResponse:
    rows, word = errands_for(request.actor), searched_word(request)
    if word:
        rows = rows.filter(name__icontains=word)

    def cells(row: Errand) -> dict[str, Any]:
        version = row.current
        texts = [
            f"{len(version.steps)} 步",
            "、".join(version.papers) or "—",
            version.promised_minutes or "—",
            version.number,
        ]
        return {"href": f"/desk/walks/errands/{row.pk}/", "title": row.name, "texts": texts}

    return show(
        request, rows, title=_("事项"), cells=cells, sorts={"name": "name"}, default="name",
        heads=[(_("事项"), "name"), (_("步骤"), ""), (_("公布的材料"), ""), (_("承诺分钟"), ""), (_("第几版"), "")],
        nothing=_("还没有事项。登记一个：有哪些步骤，公布要哪些材料。"), new="/desk/walks/errands/new/", hint=_("事项"),
    )  # fmt: skip


@require_safe
@for_staff(WalksPermission.VIEW)
def points(request: Visit) -> HttpResponse:
    rows, word = points_for(request.actor), searched_word(request)
    if word:
        rows = rows.filter(Q(name__icontains=word) | Q(charge__icontains=word))

    def cells(row: ServicePoint) -> dict[str, Any]:
        state = {"state": _("停用"), "tone": "grey"} if row.closed_on else {"state": _("开着"), "tone": "green"}
        texts = [row.address, row.charge, row.hours or "—"]
        return {"href": f"/desk/walks/points/{row.pk}/", "title": row.name, "texts": texts, **state}

    return show(
        request, rows, title=_("窗口"), cells=cells, sorts={"name": "name"}, default="name",
        heads=[(_("窗口"), "name"), (_("在哪里"), ""), (_("归谁管"), ""), (_("开放时间"), ""), (_("状态"), "")],
        nothing=_("还没有窗口。登记一个：在哪里，归谁管。"), new="/desk/walks/points/new/", hint=_("窗口、归谁管"),
    )  # fmt: skip


@require_safe
@for_staff(WalksPermission.VIEW)
def officers(request: Visit) -> HttpResponse:
    rows, word = officers_for(request.actor).select_related("account"), searched_word(request)
    state = _state(request, OfficerState.values)
    if word:
        rows = rows.filter(account__display_name__icontains=word)
    if state:
        rows = rows.filter(state=state)

    def cells(row: Officer) -> dict[str, Any]:
        tone = {"asked": "orange", "active": "green"}.get(row.state, "grey")
        return {
            "href": "",
            "title": row.account.display_name,
            "texts": [_("居民") if row.resident_id else _("工作人员"), row.words or "—", _day(row.agreed_at)],
            "state": row.get_state_display(),
            "tone": tone,
            "review": f"/desk/walks/officers/{row.pk}/review/" if row.state == "asked" else "",
        }

    return show(
        request, rows, title=_("体验员"), cells=cells, sorts={"agreed": "agreed_at"}, default="-agreed", view=state,
        heads=[(_("姓名"), ""), (_("身份"), ""), (_("为什么想来"), ""), (_("报名"), "agreed"), (_("状态"), "")],
        views=[("", _("全部")), *((value, str(label)) for value, label in OfficerState.choices)],
        nothing=_("还没有体验员。把“走流程”发给居民，他们在手机上报名；自己也可以走。"), hint=_("姓名"),
        extra={"appoint": True},
    )  # fmt: skip


@require_safe
@for_staff(WalksPermission.VIEW)
def visits(request: Visit) -> HttpResponse:
    rows, word = walks_for(request.actor).with_list_data(), searched_word(request)
    if word:
        rows = rows.filter(Q(version__errand__name__icontains=word) | Q(point__name__icontains=word))

    def cells(row: Walk) -> dict[str, Any]:
        minutes = round((row.ended_at - row.started_at).total_seconds() / 60) if row.ended_at else "—"
        texts = [str(row.round), row.officer.account.display_name, _day(row.started_at), minutes]
        state = row.get_outcome_display() if row.ended_at else _("正在走")
        tone = {"done": "green", "partly": "orange", "not_done": "red"}.get(row.outcome, "grey")
        title = f"{row.version.errand.name} · {row.point.name}"
        return {
            "href": f"/desk/walks/findings/?walk={row.pk}",
            "title": title,
            "texts": texts,
            "state": state,
            "tone": tone,
        }

    return show(
        request, rows, title=_("走访"), cells=cells, sorts={"started": "started_at"}, default="-started",
        heads=[(_("事项"), ""), (_("期"), ""), (_("体验员"), ""), (_("开始"), "started"), (_("分钟"), ""), (_("结果"), "")],
        nothing=_("还没有人走过。安排一期，体验员在手机上开始走。"), hint=_("事项、窗口"),
    )  # fmt: skip


def filtered(request: Visit) -> tuple[FindingQuerySet, str]:
    """The findings of the address, and the state it chose."""
    rows, word = findings_for(request.actor), searched_word(request)
    state = _state(request, [*FindingState.values, "recurring"])
    if word:
        about = Q(walk__version__errand__name__icontains=word) | Q(walk__point__name__icontains=word)
        rows = rows.filter(Q(words__icontains=word) | about)
    if state == "recurring":
        rows = rows.recurring()
    elif state:
        rows = rows.filter(state=state)
    for name, column in {"kind": "kind", "round": "walk__round", "walk": "walk"}.items():
        value = request.GET.get(name, "")
        if (name == "kind" and value in FindingKind.values) or (
            value.isascii() and value.isdigit() and len(value) < 10
        ):
            rows = rows.filter(**{column: value})
    return rows, state


@require_safe
@for_staff(WalksPermission.VIEW)
def findings(request: Visit) -> HttpResponse:
    rows, state = filtered(request)

    def cells(row: Finding) -> dict[str, Any]:
        now = FindingState(row.state)
        again = f" · 第 {row.seen_before + 1} 期出现" if row.seen_before else ""
        texts = [str(row.get_kind_display()) + again, row.get_severity_display(), row.walk.round.number, _day(row.at)]
        return {
            "href": f"/desk/walks/findings/{row.pk}/",
            "title": f"{row.walk.version.errand.name} · {row.walk.point.name}",
            "texts": texts,
            "state": now.label,
            "tone": now.tone,
        }

    states = [*FindingState.choices, ("recurring", _("反复出现"))]
    return show(
        request, rows.with_list_data(), title=_("问题"), cells=cells, sorts={"at": "at", "severity": "severity"},
        default="-at", views=[("", _("全部")), *((value, str(label)) for value, label in states)], view=state,
        heads=[(_("事项和窗口"), ""), (_("哪一种"), ""), (_("多要紧"), "severity"), (_("期"), ""), (_("发现"), "at"), (_("状态"), "")],
        nothing=_("这里没有问题。换一个条件，或者等体验员走一趟。"), hint=_("事项、窗口、说的话"),
        export="/desk/walks/findings/export/",
    )  # fmt: skip


COLUMNS = [
    Column("期"), Column("事项", 20), Column("窗口", 20), Column("哪一种"), Column("多要紧"), Column("什么问题", 40),
    Column("发现时间"), Column("状态"), Column("复核时间"), Column("前几期出现过"),
]  # fmt: skip


@require_POST
@for_staff(Permission.RESIDENTS_EXPORT)
def export(request: Visit) -> HttpResponse:
    """What the list shows, without anybody's name."""
    cells = (
        [
            row.walk.round.number, row.walk.version.errand.name, row.walk.point.name, str(row.get_kind_display()),
            str(row.get_severity_display()), row.words, timezone.localtime(row.at), str(row.get_state_display()),
            timezone.localtime(row.checked_at) if row.checked_at else None, row.seen_before,
        ]
        for row in filtered(request)[0].with_list_data().order_by("-at", "-pk")
    )  # fmt: skip
    return export_rows("走流程问题", COLUMNS, cells, by=request.actor, reason="导出走流程问题")
