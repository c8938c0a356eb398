"""Lists of fairs, surveys and the net as workbooks."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.sheets.writing import Value
from jiamenkou.services.needs.access import access_fair, access_survey, answers_for, fairs_for, surveys_for
from jiamenkou.services.needs.desk import fairs, net
from jiamenkou.services.needs.net import chains, with_phone
from jiamenkou.services.needs.permissions import NeedsPermission

# openpyxl is slow to load: what needs it is imported by the pages that do


def _send(request: Visit, name: str, heads: list[str], values: list[list[Value]], reason: str) -> HttpResponse:
    from jiamenkou.foundation.audit.exports import export_rows
    from jiamenkou.foundation.sheets.writing import Column

    columns, conditions = [Column(head) for head in heads], request.GET.urlencode()
    return export_rows(name, columns, values, by=request.actor, reason=reason, conditions=conditions)


@require_POST
@for_staff(NeedsPermission.VIEW)
def export_fairs(request: Visit) -> HttpResponse:
    values: list[list[Value]] = [
        [
            one.title,
            timezone.localtime(one.starts_at),
            timezone.localtime(one.ends_at),
            one.place_words,
            one.capacity,
            one.taken,
            str(one.get_state_display()),
            one.outcome,
        ]
        for one in fairs_for(request.actor).order_by("-starts_at", "-id")
    ]
    return _send(request, "市集", ["名称", "开始", "结束", "在哪", "名额", "报名", "状态", "小结"], values, "导出市集")


@require_POST
@for_staff(Permission.RESIDENTS_EXPORT)
def export_sign_ups(request: Visit, pk: int) -> HttpResponse:
    fair = access_fair(request.actor, pk)
    rows, _word, chosen = fairs.filtered(request, fair, Permission.RESIDENTS_EXPORT)
    values: list[list[Value]] = [
        [
            one.resident.number,
            one.resident.name,
            one.resident.phone_masked,
            one.grid.name if one.grid else "",
            one.heads,
            str(one.get_filed_by_display()),
            str(one.get_state_display()),
            timezone.localtime(one.at),
            timezone.localtime(one.here_at) if one.here_at else None,
        ]
        for one in fairs.narrowed(rows, chosen).order_by("at", "id")
    ]
    heads = ["编号", "姓名", "手机号", "网格", "几个人", "谁报的", "状态", "报名时间", "到场时间"]
    return _send(request, "市集报名", heads, values, "导出市集报名")


@require_POST
@for_staff(NeedsPermission.VIEW)
def export_surveys(request: Visit) -> HttpResponse:
    rows = surveys_for(request.actor).annotate(number=Count("answers")).order_by("-closes_on", "-id")
    values: list[list[Value]] = [
        [one.title, one.words, one.closes_on, str(one.get_state_display()), one.number] for one in rows
    ]
    return _send(request, "问卷", ["标题", "说明", "收到哪天", "状态", "多少人填了"], values, "导出问卷")


@require_POST
@for_staff(Permission.RESIDENTS_EXPORT)
def export_answers(request: Visit, pk: int) -> HttpResponse:
    """One column a category, 1 where it was ticked."""
    survey = access_survey(request.actor, pk)
    offered = list(survey.categories.order_by("order", "id"))
    rows = answers_for(request.actor, Permission.RESIDENTS_EXPORT).filter(survey=survey)
    values: list[list[Value]] = [
        [
            one.resident.number,
            one.resident.name,
            one.grid.name if one.grid else "",
            *(1 if category.pk in one.ticked else None for category in offered),
            one.words,
            str(one.get_filed_by_display()),
            timezone.localtime(one.at),
        ]
        for one in rows.select_related("resident", "grid").order_by("at", "id")
    ]
    heads = ["编号", "姓名", "网格", *(one.label for one in offered), "说了什么", "谁填的", "时间"]
    return _send(request, survey.title, heads, values, "导出问卷回答")


@require_POST
@for_staff(NeedsPermission.VIEW)
def export_net(request: Visit) -> HttpResponse:
    """Everybody who answers for something: published, so without a word about residents."""
    values: list[list[Value]] = []
    duties = list(net.search_duties(request))
    over = chains(duty.place for duty in duties)
    for duty in duties:
        chain = over[duty.place_id]
        called = with_phone(duty, chain)
        values.append(
            [
                " ".join(place.name for place in chain[::-1]),
                called.role,
                duty.name,
                duty.organisation.name if duty.organisation else "",
                called.phone,
                duty.since,
                duty.until,
            ]
        )
    return _send(
        request, "网格责任人", ["哪一片", "身份", "称呼", "单位", "电话", "从哪天", "到哪天"], values, "导出网格责任人"
    )
