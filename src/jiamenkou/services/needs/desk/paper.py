"""What a fair needs on paper: the sign-in sheet and the code at the entrance."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.services.needs.access import access_fair, access_fair_to_run
from jiamenkou.services.needs.actions.fairs import when_where
from jiamenkou.services.needs.desk.fairs import filtered
from jiamenkou.services.needs.permissions import NeedsPermission
from jiamenkou.services.needs.states import SignUpState

BLANK = 8


@require_POST
@for_staff(Permission.RESIDENTS_EXPORT)
def sign_in_sheet(request: Visit, pk: int) -> HttpResponse:
    """Names, doors, a place to sign; empty lines for those who just come."""
    from jiamenkou.foundation.audit.exports import log_export

    fair = access_fair(request.actor, pk)
    rows, _word, _chosen = filtered(request, fair, Permission.RESIDENTS_EXPORT)
    coming = rows.exclude(state=SignUpState.CANCELLED).select_related("resident__household", "grid")
    lines = [
        [
            one.resident.name,
            one.resident.household.door if one.resident.household else "",
            one.grid.name if one.grid else "",
            one.heads,
            "排队" if one.state == SignUpState.WAITING else "",
            "",
        ]
        for one in coming.order_by("resident__name_key", "id")
    ]
    log, mark = log_export("市集签到表（打印）", by=request.actor, reason="打印签到表", conditions=f"fair={pk}")
    log.rows = len(lines)
    log.save()
    heads = (("姓名", ""), ("门牌", ""), ("网格", ""), ("人数", "narrow"), ("", "narrow"), ("签名", "wide"))
    context = {
        "fair": fair,
        "when": when_where(fair)["when"],
        "columns": [{"head": head, "width": width} for head, width in heads],
        "rows": [*lines, *[[""] * len(heads) for _ in range(BLANK)]],
        "people": len(lines),
        "mark": mark.line,
    }
    answer = render(request, "needs/paper/sign_in.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@for_staff(NeedsPermission.EDIT)
def entrance(request: Visit, pk: int) -> HttpResponse:
    """The code to hang up: whoever scans it says that they are there."""
    fair = access_fair_to_run(request.actor, pk)
    context = {
        "title": fair.title,
        "lines": ["到了请扫码签到", "没报名也欢迎，扫一下就行", f"{when_where(fair)['when']}　{fair.place_words}"],
        "signed": fair.community.name,
        "address": request.build_absolute_uri(f"/q/{fair.code}"),
        "qr_words": "扫码签到",
        "day": timezone.localdate(fair.starts_at),
    }
    return render(request, "needs/paper/notice.html", context)


@for_staff(NeedsPermission.VIEW)
def poster(request: Visit, pk: int) -> HttpResponse:
    """To be hung up before: what, when, where, and a code that leads to signing up."""
    fair = access_fair(request.actor, pk)
    stands = "、".join(fair.stands.order_by("id").values_list("title", flat=True))
    when = when_where(fair)
    context = {
        "title": fair.title,
        "lines": [f"时间：{when['when']}", f"地点：{fair.place_words}", fair.words, f"有：{stands}" if stands else ""],
        "signed": fair.community.name,
        "address": request.build_absolute_uri(f"/needs/fairs/{pk}/"),
        "qr_words": "扫码报名",
        "day": timezone.localdate(),
    }
    return render(request, "needs/paper/notice.html", context)
