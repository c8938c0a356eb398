"""What this room puts on 今天."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Max, Min, QuerySet
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.asking import NOW, TODAY, Ask, together
from jiamenkou.foundation.events.contributions import Due
from jiamenkou.services.jobs.access import (
    applications_for,
    editable_vacancies,
    feeds_for,
    follow_ups_for,
    intentions_for,
)
from jiamenkou.services.jobs.models import Application, Feed, FollowUp, Vacancy
from jiamenkou.services.jobs.models.application import ApplicationQuerySet, FollowUpQuerySet
from jiamenkou.services.jobs.models.feed import FeedQuerySet
from jiamenkou.services.jobs.models.vacancy import VacancyQuerySet
from jiamenkou.services.jobs.permissions import JobsPermission
from jiamenkou.services.jobs.states import ApplicationState, Source

KIND, ICON, TONE = "岗位", "briefcase", "green"
SHOWN = 30


def _unanswered(by: Actor) -> QuerySet[Any]:
    """Vacancies whose applicants wait for an answer, a row for each."""
    return (
        applications_for(by, JobsPermission.VIEW)
        .filter(state=ApplicationState.SENT, answer_due_at__lt=NOW + timedelta(days=1))
        .values("vacancy_id", "vacancy__title", "vacancy__employer__name", "vacancy__employer__contact")
        .annotate(people=Count("id"), due=Min("answer_due_at"), one=Max("id"))
        .order_by("due", "vacancy_id")[:SHOWN]
    )


def _silent(by: Actor, lanes: list[Mapping[str, Any]]) -> Iterable[Due]:
    names = by.may(JobsPermission.PEOPLE)
    for lane in lanes:
        yield Due(
            kind=KIND,
            icon=ICON,
            tone=TONE,
            title=f"{lane['vacancy__employer__name']}还没回 {lane['people']} 位应聘者",
            why=lane["vacancy__title"],
            who=lane["vacancy__employer__contact"],
            where=lane["vacancy__employer__name"],
            href=_silent_page(lane) if names else f"/desk/jobs/vacancies/{lane['vacancy_id']}/",
            act="打电话催" if names else "看岗位",
            due=lane["due"],
        )


def _silent_page(lane: Mapping[str, Any]) -> str:
    """The one application, else the list of them."""
    if lane["people"] > 1:
        return f"/desk/jobs/applications/?only=silent&vacancy={lane['vacancy_id']}"
    return f"/desk/jobs/applications/{lane['one']}/"


def _starting(by: Actor) -> ApplicationQuerySet:
    hired = applications_for(by).filter(state=ApplicationState.HIRED, starts_on__lte=TODAY)
    rows = hired.select_related("resident", "vacancy", "grid")
    shown = rows.only("starts_on", "resident__name", "vacancy__title", "grid__name")
    return shown.order_by("starts_on", "id")[:SHOWN]


def _to_confirm(by: Actor, rows: list[Application]) -> Iterable[Due]:
    for application in rows:
        yield Due(
            kind=KIND,
            icon="circle-check",
            tone=TONE,
            title=f"{application.resident.name} 上岗了没有",
            why=f"{application.vacancy.title}，约好 {application.starts_on:%-m月%-d日} 上岗",
            who=application.resident.name,
            where=application.grid.name if application.grid else "",
            href=f"/desk/jobs/applications/{application.pk}/",
            act="确认上岗",
            due=_end_of(application.starts_on),
        )


def _family_waiting(by: Actor) -> ApplicationQuerySet:
    """Whom no text message reaches: a relative wants to apply for them, and somebody has to ask them in person."""
    rows = applications_for(by).filter(state=ApplicationState.ASKED, ask_in_person=True)
    return rows.with_list_data().order_by("answer_due_at", "id")[:SHOWN]


def _to_ask(by: Actor, rows: list[Application]) -> Iterable[Due]:
    for application in rows:
        yield Due(
            kind=KIND,
            icon="users-round",
            tone="orange",
            title=f"问问{application.resident.name}：家里人想替投，去不去",
            why=f"{application.vacancy.title}，没有自己的手机号，点头才投",
            who=application.resident.name,
            where=application.grid.name if application.grid else "",
            href=f"/desk/jobs/applications/{application.pk}/",
            act="当面问",
            due=application.answer_due_at,
        )


def _drafts(by: Actor) -> VacancyQuerySet:
    """What employers wrote themselves: nobody sees it before the community has checked it."""
    drafts = editable_vacancies(by).drafts().filter(source=Source.EMPLOYER).with_employer()
    return drafts.order_by("created_at", "id")[:SHOWN]


def _to_check(by: Actor, drafts: list[Vacancy]) -> Iterable[Due]:
    for vacancy in drafts:
        yield Due(
            kind=KIND,
            icon=ICON,
            tone="orange",
            title=f"{vacancy.employer.name}写了一个岗位，等核对",
            why=vacancy.title,
            who=vacancy.employer.contact,
            where=vacancy.employer.name,
            href=f"/desk/jobs/vacancies/{vacancy.pk}/edit/",
            act="看一眼发布",
            due=vacancy.created_at + timedelta(days=1),
        )


def _follow_ups_due(by: Actor) -> FollowUpQuerySet:
    rows = follow_ups_for(by).due(TODAY).select_related("resident", "grid", "placement__application__vacancy")
    shown = rows.only("due_on", "day", "resident__name", "grid__name", "placement__application__vacancy__title")
    return shown.order_by("due_on", "id")[:SHOWN]


def _follow_ups(by: Actor, rows: list[FollowUp]) -> Iterable[Due]:
    for follow_up in rows:
        yield Due(
            kind="回访",
            icon="phone-call",
            tone="violet",
            title=f"{follow_up.resident.name} 上岗 {follow_up.day} 天，问问顺不顺",
            why=follow_up.placement.application.vacancy.title,
            who=follow_up.resident.name,
            where=follow_up.grid.name if follow_up.grid else "",
            href=f"/desk/jobs/follow-ups/{follow_up.pk}/",
            act="记回访",
            due=_end_of(follow_up.due_on),
        )


def _to_renew(by: Actor) -> QuerySet[Any]:
    return together(intentions_for(by).to_call(TODAY), people=Count("id"), oldest=Min("renew_on"))


def _round(by: Actor, found: list[Mapping[str, Any]]) -> Iterable[Due]:
    for waiting in (one for one in found if one["people"]):
        yield Due(
            kind="意向",
            icon="phone",
            tone="blue",
            title=f"{waiting['people']} 位的求职意向该再问了",
            why=f"最早的 {waiting['oldest']:%-m月%-d日} 到期",
            who="",
            where="",
            href="/desk/jobs/round/",
            act="开始打电话",
            due=None,
        )


def _dead(by: Actor) -> FeedQuerySet:
    return feeds_for(by).dead(NOW).order_by("id")[:SHOWN]


def _dead_feeds(by: Actor, feeds: list[Feed]) -> Iterable[Due]:
    for feed in feeds:
        yield Due(
            kind=KIND,
            icon="database",
            tone="red",
            title=f"{feed.name}两天没有取到岗位",
            why=feed.last_problem or "一直没有取过，请检查后台任务",
            who="",
            where="",
            href=f"/desk/jobs/feeds/{feed.pk}/",
            act="检查数据源",
            due=None,
        )


def _end_of(day: date | None) -> datetime | None:

    return timezone.make_aware(datetime.combine(day, time(18))) if day else None


# silent employers, starts to confirm, people to ask, drafts to check, follow-ups, the phone round, dead feeds
DUE = [
    Ask((_unanswered,), _silent),
    Ask((_starting,), _to_confirm),
    Ask((_family_waiting,), _to_ask),
    Ask((_drafts,), _to_check),
    Ask((_follow_ups_due,), _follow_ups),
    Ask((_to_renew,), _round),
    Ask((_dead,), _dead_feeds),
]
