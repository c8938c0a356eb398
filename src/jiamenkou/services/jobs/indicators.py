"""The figures of this room; each opens its list."""

from __future__ import annotations

from datetime import timedelta

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.asking import MIDNIGHT, MONDAY, TODAY
from jiamenkou.foundation.events.contributions import Indicator, Share
from jiamenkou.services.jobs.access import applications_for, intentions_for, placements_for, vacancies_for
from jiamenkou.services.jobs.figures import recommended_people
from jiamenkou.services.jobs.models.application import ApplicationQuerySet, PlacementQuerySet
from jiamenkou.services.jobs.models.intention import IntentionQuerySet
from jiamenkou.services.jobs.models.vacancy import VacancyQuerySet
from jiamenkou.services.jobs.permissions import JobsPermission


def _started_this_week(by: Actor) -> PlacementQuerySet:
    return placements_for(by, JobsPermission.VIEW).started_between(MONDAY, TODAY)


def _open(by: Actor) -> VacancyQuerySet:
    return vacancies_for(by).open(TODAY)


def _looking(by: Actor) -> IntentionQuerySet:
    return intentions_for(by, JobsPermission.VIEW).open()


def _live(by: Actor) -> ApplicationQuerySet:
    return applications_for(by, JobsPermission.VIEW).live()


def _rate(by: Actor) -> Share:
    since = MIDNIGHT - timedelta(days=180)
    return Share(recommended_people(by, since, placed=True), recommended_people(by, since))


INDICATORS = [
    Indicator(
        "jobs.started",
        "本周上岗",
        "人",
        _started_this_week,
        "/desk/jobs/placements/?only=placed",
        "周一至今",
        Permission.FIGURES_VIEW,
    ),
    Indicator("jobs.rate", "上岗率", "%", _rate, "/desk/jobs/placements/", "推荐后 90 天内", Permission.FIGURES_VIEW),
    Indicator("jobs.open", "招聘中的岗位", "个", _open, "/desk/jobs/vacancies/?state=open", "", JobsPermission.VIEW),
    Indicator(
        "jobs.looking", "在找工作的人", "位", _looking, "/desk/jobs/intentions/?state=open", "", JobsPermission.VIEW
    ),
    Indicator("jobs.live", "在谈的投递", "份", _live, "/desk/jobs/board/", "", JobsPermission.VIEW),
]
