"""What this room puts on 今天."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.db.models import Count, Min
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.events.contributions import Due
from jiamenkou.services.needs.access import needs_for, projects_for, run_fairs_for
from jiamenkou.services.needs.models.need import ANSWER_DAYS
from jiamenkou.services.needs.permissions import NeedsPermission
from jiamenkou.services.needs.states import FairState, ProjectState

SHOWN = 20


def due(by: Actor) -> Iterable[Due]:
    """Needs nobody has answered in time, projects whose day has come, fairs at hand. Three queries."""
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
    yield from _fairs(by, now)


def _fairs(by: Actor, now: datetime) -> Iterable[Due]:
    """Fairs of today and tomorrow, and those that are over and nobody has closed. One query."""
    near = run_fairs_for(by).filter(state=FairState.PLANNED, starts_at__lt=now + timedelta(days=1))
    for fair in near.order_by("starts_at", "id")[:SHOWN]:
        over = fair.ends_at <= now
        yield Due(
            kind="市集",
            icon="tent",
            tone="orange" if over else "green",
            title=f"{fair.title}办完了，写一句小结" if over else f"{fair.title}，{fair.taken} 人报了名",
            why="记下来了多少人、下次改什么" if over else "打印签到表，贴好门口的签到码",
            who="",
            where=fair.place_words,
            href=f"/desk/needs/fairs/{fair.pk}/",
            act="收尾" if over else "准备",
            due=fair.ends_at if over else fair.starts_at,
        )
