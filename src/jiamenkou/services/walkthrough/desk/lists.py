"""Rounds, errands, windows, officers and walks as lists, on the page and as workbooks."""

from __future__ import annotations

from django.db.models import Count, Max, Q, QuerySet
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __
from django.views.decorators.http import require_POST, require_safe

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.listing import chosen_filters, searched_word
from jiamenkou.services.walkthrough.access import errands_for, officers_for, points_for, rounds_for, walks_for
from jiamenkou.services.walkthrough.desk.narrowing import chosen_of, narrowed
from jiamenkou.services.walkthrough.desk.shape import ROOT, Cells, Head, Table, minutes_between, moment, show
from jiamenkou.services.walkthrough.desk.shape import export as workbook
from jiamenkou.services.walkthrough.figures import counted
from jiamenkou.services.walkthrough.models import Errand, Officer, Round, ServicePoint, Walk
from jiamenkou.services.walkthrough.permissions import WalksPermission
from jiamenkou.services.walkthrough.states import OfficerState


def _rounds(request: Visit) -> QuerySet[Round]:
    rows, word = counted(rounds_for(request.actor)), searched_word(request)
    return rows.filter(title__icontains=word) if word else rows


def _round(row: Round) -> Cells:
    counts = vars(row)
    return Cells(
        title=str(row),
        sub=row.aims,
        href=f"{ROOT}rounds/{row.pk}/",
        texts=[
            f"{row.first_on.month}月{row.first_on.day}日–{row.last_on.month}月{row.last_on.day}日",
            *(counts[name] for name in ("walked", "found", "solved", "cannot")),
        ],
    )


ROUNDS = Table(
    path="", title=__("期"), rows=_rounds, cells=_round, sorts={"number": "number", "first": "first_on"},
    heads=[
        Head(__("期"), "number"), Head(__("日子"), "first"), Head(__("走了几趟"), number=True), Head(__("问题"), number=True),
        Head(__("已解决"), number=True), Head(__("解决不了"), number=True),
    ],
    default="-number", nothing=__("还没有安排过。先登记窗口和事项，再安排一期。"), hint=__("主题"), unit=__("期"),
    new=f"{ROOT}rounds/new/", new_words=__("安排一期"),
)  # fmt: skip


def _errands(request: Visit) -> QuerySet[Errand]:
    rows, word = errands_for(request.actor).prefetch_related("versions", "points"), searched_word(request)
    return rows.filter(name__icontains=word) if word else rows


def _errand(row: Errand) -> Cells:
    version = max(row.versions.all(), key=lambda one: one.number)
    return Cells(
        title=row.name,
        sub="、".join(sorted(point.name for point in row.points.all())),
        href=f"{ROOT}errands/{row.pk}/",
        texts=[
            " → ".join(version.steps), "、".join(version.papers) or "—", version.promised_minutes or "—", version.number
        ],
    )  # fmt: skip


ERRANDS = Table(
    path="errands/", title=__("事项"), rows=_errands, cells=_errand, sorts={"name": "name"}, default="name",
    heads=[
        Head(__("事项"), "name"), Head(__("步骤")), Head(__("公布的材料")), Head(__("承诺分钟"), number=True),
        Head(__("第几版"), number=True),
    ],
    nothing=__("还没有事项。登记一个：有哪些步骤，公布要哪些材料。"), hint=__("事项"), unit=__("个"),
    new=f"{ROOT}errands/new/", new_words=__("登记事项"),
)  # fmt: skip


def _points(request: Visit) -> QuerySet[ServicePoint]:
    rows, word = points_for(request.actor), searched_word(request)
    return rows.filter(Q(name__icontains=word) | Q(charge__icontains=word)) if word else rows


def _point(row: ServicePoint) -> Cells:
    return Cells(
        title=row.name,
        href=f"{ROOT}points/{row.pk}/",
        texts=[row.address, row.charge, row.hours or "—"],
        state=_("停用") if row.closed_on else _("开着"),
        tone="grey" if row.closed_on else "green",
    )


POINTS = Table(
    path="points/", title=__("窗口"), rows=_points, cells=_point, sorts={"name": "name", "charge": "charge"},
    heads=[
        Head(__("窗口"), "name"), Head(__("在哪里")), Head(__("归谁管"), "charge"), Head(__("开放时间")), Head(__("状态")),
    ],
    default="name", nothing=__("还没有窗口。登记一个：在哪里，归谁管。"), hint=__("窗口、归谁管"), unit=__("个"),
    new=f"{ROOT}points/new/", new_words=__("登记窗口"),
)  # fmt: skip


def officer_state(request: Visit) -> str:
    return chosen_filters(request, {"state": OfficerState.values}).get("state", "")


def _officers(request: Visit) -> QuerySet[Officer]:
    rows, word = officers_for(request.actor).select_related("account"), searched_word(request)
    rows = rows.annotate(walked=Count("walks", distinct=True), latest=Max("walks__started_at"))
    if word:
        rows = rows.filter(account__display_name__icontains=word)
    state = officer_state(request)
    return rows.filter(state=state) if state else rows


def _officer(row: Officer) -> Cells:
    return Cells(
        title=row.account.display_name,
        sub=row.words,
        texts=[
            _("居民") if row.resident_id else _("工作人员"),
            moment(row.agreed_at),
            vars(row)["walked"],
            moment(vars(row)["latest"]),
        ],
        state=row.get_state_display(),
        tone={"asked": "orange", "active": "green"}.get(row.state, "grey"),
        review=f"{ROOT}officers/{row.pk}/review/" if row.state == OfficerState.ASKED else "",
    )


OFFICERS = Table(
    path="officers/", title=__("体验员"), rows=_officers, cells=_officer, sorts={"agreed": "agreed_at", "walked": "walked"},
    heads=[
        Head(__("姓名")), Head(__("身份")), Head(__("报名"), "agreed"), Head(__("走了几趟"), "walked", number=True),
        Head(__("上一趟")), Head(__("状态")),
    ],
    default="-agreed", views=[("", __("全部")), *OfficerState.choices], unit=__("位"),
    nothing=__("还没有体验员。把“走流程”发给居民，他们在手机上报名；自己也可以走。"), hint=__("姓名"),
    extra={"appoint": True},
)  # fmt: skip


def _walks(request: Visit) -> QuerySet[Walk]:
    rows, word = walks_for(request.actor).with_list_data().annotate(found=Count("findings")), searched_word(request)
    if word:
        rows = rows.filter(Q(version__errand__name__icontains=word) | Q(point__name__icontains=word))
    return narrowed(rows, request, {"round": "round", "errand": "version__errand", "point": "point"})


def _walk(row: Walk) -> Cells:
    minutes = minutes_between(row.started_at, row.ended_at)
    return Cells(
        title=f"{row.version.errand.name} · {row.point.name}",
        sub=_("有居民一起走") if row.resident_id else "",
        href=f"{ROOT}visits/{row.pk}/",
        texts=[
            row.round.number, row.officer.account.display_name, moment(row.started_at), "—" if minutes is None else minutes,
            vars(row)["found"],
        ],
        state=row.get_outcome_display() if row.ended_at else _("正在走"),
        tone={"done": "green", "partly": "orange", "not_done": "red", "": "blue"}.get(row.outcome, "grey"),
    )  # fmt: skip


WALKS = Table(
    path="visits/", title=__("趟次"), rows=_walks, cells=_walk, sorts={"started": "started_at", "found": "found"},
    heads=[
        Head(__("事项和窗口")), Head(__("第几期"), number=True), Head(__("体验员")), Head(__("开始"), "started"),
        Head(__("分钟"), number=True), Head(__("问题"), "found", number=True), Head(__("结果")),
    ],
    default="-started", nothing=__("还没有人走过。安排一期，体验员在手机上开始走。"), hint=__("事项、窗口"), unit=__("趟"),
)  # fmt: skip
TABLES = {"rounds": ROUNDS, "errands": ERRANDS, "points": POINTS, "officers": OFFICERS, "visits": WALKS}


@require_safe
@for_staff(WalksPermission.VIEW)
def rounds(request: Visit) -> HttpResponse:
    return show(request, ROUNDS)


@require_safe
@for_staff(WalksPermission.VIEW)
def errands(request: Visit) -> HttpResponse:
    return show(request, ERRANDS)


@require_safe
@for_staff(WalksPermission.VIEW)
def points(request: Visit) -> HttpResponse:
    return show(request, POINTS)


@require_safe
@for_staff(WalksPermission.VIEW)
def officers(request: Visit) -> HttpResponse:
    state = officer_state(request)
    reviewing = state in {"", OfficerState.ASKED} and request.actor.may(WalksPermission.EDIT)
    return show(request, OFFICERS, view=state, reviewing=reviewing)


@require_safe
@for_staff(WalksPermission.VIEW)
def visits(request: Visit) -> HttpResponse:
    return show(request, WALKS, chosen=chosen_of(request))


@require_POST
@for_staff(Permission.RESIDENTS_EXPORT)
def export(request: Visit, name: str) -> HttpResponse:
    if name not in TABLES:
        raise Http404
    return workbook(request, TABLES[name])
