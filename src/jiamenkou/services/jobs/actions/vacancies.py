"""Vacancies: written down, published, changed, filled, taken down."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.db.models import F

from jiamenkou.engines.occupations import fold
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.messages.send import tell
from jiamenkou.foundation.people.models import Organisation
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.jobs import notices
from jiamenkou.services.jobs.actions.applications import move_application
from jiamenkou.services.jobs.models import Application, OccupationChoice, Vacancy, VacancyReport
from jiamenkou.services.jobs.signals import VacancyChanged
from jiamenkou.services.jobs.states import ApplicationState, Party, VacancyState

# letters and digits that are not mistaken for one another on a printed poster
CODE_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
CODE_LENGTH = 8


def new_code() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def draft_vacancy(employer: Organisation, fields: dict[str, Any], *, by: Actor, source: str, reason: str) -> Vacancy:
    """A draft, seen only by staff of its ``owner``, which ``fields`` name with ``community``."""
    vacancy = Vacancy.objects.create(
        code=new_code(), employer=employer, created_by=by.account, source=source, state=VacancyState.DRAFT, **fields
    )
    _learn(vacancy)
    return vacancy


def change_vacancy(vacancy: Vacancy, fields: dict[str, Any], *, version: int, by: Actor, reason: str) -> Vacancy:
    """Change fields; refused when somebody changed the vacancy since ``version`` was read."""
    if not Vacancy.objects.filter(pk=vacancy.pk, version=version).update(version=F("version") + 1):
        raise Conflict("别人刚改过这个岗位，请看过两边再保存。", code="changed")
    for name, value in fields.items():
        setattr(vacancy, name, value)
    vacancy.version = version + 1
    vacancy.save()
    _learn(vacancy)
    publish(VacancyChanged(vacancy.pk))
    return vacancy


def publish_vacancy(vacancy: Vacancy, *, by: Actor, now: datetime, reason: str) -> Vacancy:
    """Open it for applications. Refused words must be struck and the employer must not be refused."""
    if vacancy.state not in {VacancyState.DRAFT, VacancyState.PAUSED, VacancyState.EXPIRED, VacancyState.FILLED}:
        raise Conflict("这个岗位现在不能发布。", code="state")
    if vacancy.employer.licence_state == "refused":
        raise Refused("单位证照核验没通过，不能发布。", field="employer", code="licence")
    if vacancy.places_left < 1:
        raise Refused("已经招满了，先增加人数。", field="headcount", code="full")
    if vacancy.closes_on is not None and vacancy.closes_on < now.date():
        raise Refused("截止日期已经过了。", field="closes_on", code="closed")
    if not (vacancy.negotiable or vacancy.pay_min_fen is not None):
        raise Refused("工资没写：填数字，或者勾选面议。", field="pay_min_fen", code="pay")
    vacancy.state = VacancyState.OPEN
    vacancy.published_at = vacancy.published_at or now
    vacancy.save()
    publish(VacancyChanged(vacancy.pk))
    return vacancy


def pause_vacancy(vacancy: Vacancy, *, by: Actor, reason: str) -> Vacancy:
    if vacancy.state != VacancyState.OPEN:
        raise Conflict("只有招聘中的岗位能暂停。", code="state")
    vacancy.state = VacancyState.PAUSED
    vacancy.save()
    publish(VacancyChanged(vacancy.pk))
    return vacancy


def take_down_vacancy(vacancy: Vacancy, *, by: Actor, why: str, reason: str) -> int:
    """Take it down and tell everybody who is waiting. Returns how many were told."""
    if not why.strip():
        raise Refused("请写明下架原因，应聘的人会看到。", field="why", code="required")
    vacancy.state = VacancyState.TAKEN_DOWN
    vacancy.taken_down_why = why[:200]
    vacancy.save()
    waiting = [
        ApplicationState.ASKED,
        ApplicationState.RECOMMENDED,
        ApplicationState.SENT,
        ApplicationState.INTERVIEW,
    ]
    told = 0
    for application in Application.objects.filter(vacancy=vacancy, state__in=waiting).with_list_data().order_by("id"):
        move_application(application, ApplicationState.GONE, party=Party.SYSTEM, by=by, reason=reason, text=why)
        tell(notices.GONE, application.resident, href="/me/things/", title=vacancy.title, reason=why)
        told += 1
    publish(VacancyChanged(vacancy.pk))
    return told


def expire_vacancies(now: datetime, *, by: Actor, reason: str) -> int:
    """Close what is past its day. Applications go on: the employer still owes an answer."""
    overdue = Vacancy.objects.overdue(now.date()).order_by("id")
    ids = list(overdue.values_list("id", flat=True))
    Vacancy.objects.filter(pk__in=ids).update(state=VacancyState.EXPIRED)
    for pk in ids:
        publish(VacancyChanged(pk))
    return len(ids)


def report_vacancy(vacancy: Vacancy, what: str, *, by: Actor, reason: str) -> VacancyReport:
    """Anyone may; the employer never learns who."""
    if not what.strip():
        raise Refused("请写一句哪里不对。", field="what", code="required")
    return VacancyReport.objects.create(vacancy=vacancy, what=what.strip()[:300], by=by.account)


def _learn(vacancy: Vacancy) -> None:
    """A code that stands beside a title makes the next suggestion better."""
    key = fold(vacancy.title)
    if not (vacancy.occupation_code and key):
        return
    choice, made = OccupationChoice.objects.get_or_create(title_key=key, code=vacancy.occupation_code)
    if not made:
        OccupationChoice.objects.filter(pk=choice.pk).update(times=F("times") + 1)
