"""Who may open what of campaigns, notices and stand-ins, and the objects those rows name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from jiamenkou.foundation.access.models import StaffRole
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.messages.campaigns.notice import NEWS
from jiamenkou.foundation.messages.models import Campaign, Recipient
from jiamenkou.foundation.messages.send import tell_over
from tests.people import make_staff
from tests.trust.parts import Where
from tests.trust.rowing import ACTING, DONE, EVERYONE, GO_ON, LIST, ONE, OPEN, RESIDENTS, WRONG, get, post

OPEN_TABLES = {"inbox_campaign": "news that its code on a leaflet opens for everybody; nobody's name stands in it"}

SEND, FIGURES, EXPORT, LIMIT = "messages.send", "figures.view", "residents.export", "places.edit"
ROWS = [
    get("news/<slug:code>/", EVERYONE, OPEN, "campaign code"),
    post("news/<slug:code>/seen/", EVERYONE, "204 204 204 204 204 204 204", "campaign code", via="qr"),
    get("desk/campaigns/", FIGURES, LIST),
    post("desk/campaigns/export/", FIGURES, LIST),
    post("desk/campaigns/limit/", LIMIT, "in go 404 go in in in", limit="200"),
    get("desk/campaigns/new/", SEND, LIST),
    post("desk/campaigns/new/", SEND, "in 422 404 422 in in in"),
    get("desk/campaigns/<int:pk>/", FIGURES, ONE, "campaign"),
    get("desk/campaigns/<int:pk>/edit/", SEND, ONE, "campaign draft"),
    post("desk/campaigns/<int:pk>/edit/", SEND, WRONG, "campaign draft"),
    get("desk/campaigns/<int:pk>/send/", SEND, ONE, "campaign draft"),
    post("desk/campaigns/<int:pk>/send/", SEND, DONE, "campaign draft"),
    post("desk/campaigns/<int:pk>/stop/", SEND, DONE, "campaign"),
    post("desk/campaigns/<int:pk>/resume/", SEND, DONE, "campaign"),
    get("desk/campaigns/<int:pk>/leaflet/", SEND, ONE, "campaign"),
    get("desk/campaigns/<int:pk>/people/", SEND, ONE, "campaign"),
    post("desk/campaigns/<int:pk>/people/export/", EXPORT, ONE, "campaign"),
    post("desk/campaigns/<int:pk>/people/print/", EXPORT, ONE, "campaign"),
    get("desk/campaigns/<int:pk>/round/", SEND, ONE, "campaign"),
    post(
        "desk/campaigns/<int:pk>/round/<int:recipient>/", SEND, DONE, "campaign", "recipient", result="told", calls="0"
    ),
    post("desk/residents/print/", EXPORT, LIST, everyone="1", reason="活动签到"),
    get("desk/stand-ins/", "desk", "in 200 200 200 in in in"),
    # a role is lent by who holds it or stands above: nobody here does
    get("desk/stand-ins/<int:role>/", "desk", "in 404 404 404 in in in", "staff role"),
    post("desk/stand-ins/<int:role>/", "desk", "in 404 404 404 in in in", "staff role"),
    post("desk/stand-ins/<int:pk>/end/", "desk", "in 404 404 404 in in in", "stand-in"),
    get("me/notices/", RESIDENTS, ACTING),
    post("me/notices/", RESIDENTS, GO_ON, notice=NEWS.key, over="none"),
    post("me/notices/accept/", RESIDENTS, GO_ON, template=NEWS.wechat),
]


def furnish(where: Where) -> dict[str, Any]:
    now = timezone.now()
    holder = make_staff(Role.WORKER, where.community)
    given: dict[str, Any] = {"community": where.community, "by": holder, "title": "停水通知", "body": "明天上午停水。"}
    out = Campaign.objects.create(**given, state="done", confirmed_at=now)
    message = tell_over((), NEWS, where.resident, {"title": out.title})
    recipient = Recipient.objects.create(campaign=out, resident=where.resident, message=message, told_at=now)
    role = StaffRole.objects.get(account=holder)
    lent = StaffRole.objects.create(
        account=make_staff(Role.WORKER, where.community),
        role=role.role,
        place=where.community,
        since=now,
        until=now + timedelta(days=3),
        stands_in_for=role,
        reason="年休假",
    )
    return {
        "campaign": out.pk,
        "campaign code": out.code,
        "campaign draft": Campaign.objects.create(**given).pk,
        "recipient": recipient.pk,
        "staff role": role.pk,
        "stand-in": lent.pk,
    }
