"""Projects: what is opened because people asked. Each step tells everybody who asked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.messages.send import tell
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from jiamenkou.services.needs import notices
from jiamenkou.services.needs.actions.needs import move_need
from jiamenkou.services.needs.models import Category, Need, Project
from jiamenkou.services.needs.signals import ProjectOpened
from jiamenkou.services.needs.states import PROJECT_MOVES, NeedState, Party, ProjectState

MOST_PEOPLE = 2000


def start_project(
    needs: QuerySet[Need], category: Category, fields: dict[str, Any], *, by: Actor, today: date, reason: str
) -> Project:
    """A project for the open needs of one category that the caller may see. Everyone who asked is told."""
    if by.account is None:
        raise NotAllowed("请先登录。")
    if fields["opens_on"] < today:
        raise Refused("开的日子已经过了，请选今天或以后。", field="opens_on", code="past")
    waiting = list(
        needs.filter(category=category, state=NeedState.OPEN).select_related("resident").order_by("id")[:MOST_PEOPLE]
    )
    if not waiting:
        raise Conflict("这一类现在没有等回音的需求。", code="nobody")
    project = Project.objects.create(category=category, lead=by.account, **fields)
    for need in waiting:
        move_need(need, NeedState.PLANNED, party=Party.WORKER, by=by, reason=reason, project=project)
        if need.resident is not None:
            tell(
                notices.PLANNED, need.resident, href=f"/needs/{need.pk}/", category=category.label,
                title=project.title, when=_day(project.opens_on),
            )  # fmt: skip
    return project


def add_needs(project: Project, needs: QuerySet[Need], *, by: Actor, reason: str) -> int:
    """Those who said the same since then."""
    added = 0
    for need in (
        needs.filter(category=project.category, state=NeedState.OPEN).select_related("resident").order_by("id")
    ):
        move_need(need, NeedState.PLANNED, party=Party.WORKER, by=by, reason=reason, project=project)
        added += 1
    return added


def move_project(
    project: Project, to: ProjectState, *, by: Actor, reason: str, text: str = "", now: datetime | None = None
) -> Project:
    """Open: everybody is told and will be asked. Dropped: everybody is told why, and the needs are open again."""
    start = ProjectState(project.state)
    if to not in PROJECT_MOVES[start]:
        raise Conflict(f"“{start.label}”之后不能是“{ProjectState(to).label}”。", code="no_such_move")
    if to == ProjectState.DROPPED and not text.strip():
        raise Refused("说一句为什么没办成，大家会看到。", field="text", code="required")
    moment = now or timezone.now()
    fields: dict[str, object] = {"state": to}
    if to == ProjectState.OPEN:
        fields["opened_at"] = moment
    else:
        fields |= {"ended_at": moment, "outcome": text[:200]}
    if not Project.objects.filter(pk=project.pk, state=start).update(**fields):
        raise Conflict("别人刚动过这个项目，请刷新看看。", code="changed")
    for name, value in fields.items():
        setattr(project, name, value)
    if to == ProjectState.OPEN:
        _open(project, by, reason, moment)
    elif to == ProjectState.DROPPED:
        _drop(project, by, reason, text)
    return project


def _open(project: Project, by: Actor, reason: str, now: datetime) -> None:
    told: list[int] = []
    for need in _of(project, NeedState.PLANNED):
        move_need(need, NeedState.ANSWERED, party=Party.WORKER, by=by, reason=reason, project=project, now=now)
        if need.resident is not None:
            told.append(need.resident.pk)
            tell(
                notices.OPENED, need.resident, href=f"/needs/{need.pk}/", answers=["用上了", "没用上"],
                category=project.category.label, title=project.title, when=_day(project.opens_on),
                where=project.place_words or "社区服务中心",
            )  # fmt: skip
    publish(ProjectOpened(project.pk, tuple(told)))


def _drop(project: Project, by: Actor, reason: str, why: str) -> None:
    for need in [*_of(project, NeedState.PLANNED), *_of(project, NeedState.ANSWERED)]:
        party = Party.WORKER
        move_need(need, NeedState.OPEN, party=party, by=by, reason=reason, text=why, quiet=True)
        if need.resident is not None:
            tell(notices.DROPPED, need.resident, href=f"/needs/{need.pk}/", title=project.title, why=why)


def _of(project: Project, state: NeedState) -> list[Need]:
    return list(
        Need.objects.filter(project=project, state=state).select_related("resident", "category").order_by("id")
    )


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
