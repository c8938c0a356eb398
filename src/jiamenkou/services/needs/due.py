"""What this room puts on 今天."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.db.models import Count, Min
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.events.contributions import Due
from jiamenkou.services.needs.access import needs_for, projects_for
from jiamenkou.services.needs.models.need import ANSWER_DAYS
from jiamenkou.services.needs.permissions import NeedsPermission
from jiamenkou.services.needs.states import ProjectState

SHOWN = 20


def due(by: Actor) -> Iterable[Due]:
    """Needs nobody has answered in time, and projects whose day has come. Two queries."""
    if not by.may(NeedsPermission.EDIT):
        return
    now = timezone.now()
    late = (
        needs_for(by, NeedsPermission.EDIT).counted().overdue(now).order_by().aggregate(n=Count("id"), first=Min("at"))
    )
    if late["n"]:
        yield Due(
            kind="需求",
            icon="message-circle",
            tone="orange",
            title=f"{late['n']} 条需求超过 {ANSWER_DAYS} 天没回音",
            why=f"最早的 {timezone.localtime(late['first']):%-m月%-d日} 说的",
            who="",
            where="",
            href="/desk/needs/?only=late",
            act="给个回音",
            due=late["first"] + timedelta(days=ANSWER_DAYS),
        )
    today = timezone.localdate(now)
    ready = projects_for(by, NeedsPermission.EDIT).filter(
        state=ProjectState.PLANNED, opens_on__lte=today + timedelta(days=1)
    )
    for project in ready.order_by("opens_on", "id")[:SHOWN]:
        yield Due(
            kind="项目",
            icon="megaphone",
            tone="blue",
            title=f"{project.title} 开好了没有",
            why=f"定的 {project.opens_on:%-m月%-d日} 开，开好了要告诉提过的人",
            who=project.lead.display_name,
            where=project.place_words,
            href=f"/desk/needs/projects/{project.pk}/",
            act="告诉大家",
            due=timezone.make_aware(datetime.combine(project.opens_on, time(18))),
            mine=project.lead_id == (by.account.pk if by.account else None),
        )
