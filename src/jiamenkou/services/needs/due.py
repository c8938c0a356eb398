"""What this room puts on 今天."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.asking import NOW, TODAY, Ask, together
from jiamenkou.foundation.events.contributions import Due
from jiamenkou.services.needs.access import needs_for, projects_for, run_fairs_for
from jiamenkou.services.needs.models import Fair, Project
from jiamenkou.services.needs.models.need import ANSWER_DAYS
from jiamenkou.services.needs.permissions import NeedsPermission
from jiamenkou.services.needs.states import FairState, ProjectState

SHOWN = 20


def _overdue(by: Actor) -> QuerySet[Any] | None:
    if not by.may(NeedsPermission.EDIT):
        return None
    return together(needs_for(by, NeedsPermission.EDIT).counted().overdue(NOW), n=Count("id"), first=Min("at"))


def _unanswered(by: Actor, found: list[Mapping[str, Any]]) -> Iterable[Due]:
    for late in (one for one in found if one["n"]):
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


def _projects(by: Actor) -> QuerySet[Project] | None:
    if not by.may(NeedsPermission.EDIT):
        return None
    planned = projects_for(by, NeedsPermission.EDIT).filter(state=ProjectState.PLANNED)
    return planned.filter(opens_on__lte=TODAY + timedelta(days=1)).order_by("opens_on", "id")[:SHOWN]


def _to_open(by: Actor, projects: list[Project]) -> Iterable[Due]:
    for project in projects:
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


def _near_fairs(by: Actor) -> QuerySet[Fair] | None:
    """Fairs of today and tomorrow, and those that are over and nobody has closed."""
    if not by.may(NeedsPermission.EDIT):
        return None
    near = run_fairs_for(by).filter(state=FairState.PLANNED, starts_at__lt=NOW + timedelta(days=1))
    return near.order_by("starts_at", "id")[:SHOWN]


def _fairs(by: Actor, fairs: list[Fair]) -> Iterable[Due]:
    now = timezone.now()
    for fair in fairs:
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


# needs nobody has answered in time, projects whose day has come, fairs at hand
DUE = [Ask((_overdue,), _unanswered), Ask((_projects,), _to_open), Ask((_near_fairs,), _fairs)]
