"""Lists of the desk as workbooks."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.sheets.writing import Value
from jiamenkou.services.needs.access import projects_for
from jiamenkou.services.needs.desk import gaps, needs
from jiamenkou.services.needs.models.need import NeedQuerySet
from jiamenkou.services.needs.permissions import NeedsPermission

# openpyxl is slow to load: what needs it is imported by the pages that do


@require_POST
@for_staff(Permission.RESIDENTS_EXPORT)
def export_needs(request: Visit) -> HttpResponse:
    from jiamenkou.foundation.audit.exports import export_rows
    from jiamenkou.foundation.sheets.writing import Column

    rows, _word, chosen = needs.filtered(request, Permission.RESIDENTS_EXPORT)
    columns = [
        *(Column(heading) for heading in ("编号", "姓名", "手机号", "网格", "人数")),
        Column("需要什么", 16),
        Column("原话", 30),
        *(Column(heading) for heading in ("从哪来", "谁说的", "什么时候", "状态")),
        Column("项目", 20),
        Column("回音", 24),
    ]
    values = _need_values(needs.narrowed(rows, chosen).order_by("-at", "-id"))
    conditions = request.GET.urlencode()
    return export_rows("需求", columns, values, by=request.actor, reason="导出需求", conditions=conditions)


def _need_values(rows: NeedQuerySet) -> Iterator[list[Value]]:
    for need in rows:
        person = need.resident
        yield [
            person.number if person else "",
            person.name if person else "没记名字",
            person.phone_masked if person else "",
            need.grid.name if need.grid else "",
            need.heads,
            need.category.label,
            need.words,
            str(need.get_channel_display()),
            str(need.get_filed_by_display()),
            timezone.localtime(need.at),
            str(need.get_state_display()),
            need.project.title if need.project else "",
            need.answer,
        ]


@require_POST
@for_staff(NeedsPermission.VIEW)
def export_gaps(request: Visit) -> HttpResponse:
    """Figures only: nobody's name is in it."""
    from jiamenkou.foundation.audit.exports import export_rows
    from jiamenkou.foundation.sheets.writing import Column

    lines, _chosen, _grids = gaps.chosen_gaps(request)
    headings = (
        "组",
        "需要什么",
        "在等的人",
        "现在能接",
        "还差",
        "正在张罗",
        "三周前",
        "两周前",
        "上周",
        "这周",
        "先开什么",
    )
    values: list[list[Value]] = [
        [
            str(line.category.get_group_display()),
            line.category.label,
            line.asked,
            line.served,
            line.gap,
            line.planned,
            *line.weeks,
            str(line.opens.label),
        ]
        for line in lines
    ]
    conditions = request.GET.urlencode()
    columns = [Column(heading) for heading in headings]
    return export_rows("需求缺口", columns, values, by=request.actor, reason="导出缺口", conditions=conditions)


@require_POST
@for_staff(NeedsPermission.VIEW)
def export_projects(request: Visit) -> HttpResponse:
    from jiamenkou.foundation.audit.exports import export_rows
    from jiamenkou.foundation.sheets.writing import Column

    values: list[list[Value]] = [
        [
            project.title,
            str(project.get_kind_display()),
            project.category.label,
            str(project.get_state_display()),
            project.opens_on,
            project.place_words,
            project.capacity,
            project.lead.display_name,
            project.outcome,
        ]
        for project in projects_for(request.actor).order_by("-opens_on", "-id")
    ]
    columns = [
        Column(heading) for heading in ("名称", "开什么", "需求", "状态", "哪天开", "在哪", "能接", "牵头", "结果")
    ]
    return export_rows("需求项目", columns, values, by=request.actor, reason="导出项目")
