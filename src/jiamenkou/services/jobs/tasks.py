"""What the employment station does by itself, at its hours."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.scope import EVERYTHING, scope

ACTOR = "system:jobs"


@app.periodic(cron="*/15 * * * *", periodic_id="jobs.pull_feeds")
@app.task(name="jobs.pull_feeds", queue="jobs")
def pull_feeds(timestamp: int) -> None:
    """Pull every feed whose time has come."""
    from jiamenkou.services.jobs.feeds.pulling import due_feeds, pull

    now = timezone.now()
    with scope(EVERYTHING):
        waiting = due_feeds(now)
    for feed in waiting:
        pull(feed, timezone.now())


@app.periodic(cron="7 * * * *", periodic_id="jobs.tidy")
@app.task(name="jobs.tidy", queue="jobs")
def tidy(timestamp: int) -> None:
    """Close vacancies past their day, remind silent employers, close what stayed silent. Each on its own."""
    from jiamenkou.services.jobs.actions.applications import close_silent, remind_employers
    from jiamenkou.services.jobs.actions.family import lapse_family
    from jiamenkou.services.jobs.actions.vacancies import expire_vacancies

    now, by = timezone.localtime(), Actor(None)
    with scope(EVERYTHING, actor=ACTOR, reason="岗位到期"):
        expire_vacancies(now, by=by, reason="岗位到期")
    with scope(EVERYTHING, actor=ACTOR, reason="催单位回话"):
        remind_employers(now, by=by, reason="催单位回话")
    with scope(EVERYTHING, actor=ACTOR, reason="家里人没有点头"):
        lapse_family(now, by=by, reason="家里人没有点头")
    with scope(EVERYTHING, actor=ACTOR, reason="单位没有回话"):
        close_silent(now, by=by, reason="单位没有回话")


@app.periodic(cron="30 1 * * *", periodic_id="jobs.ask_to_renew")
@app.task(name="jobs.ask_to_renew", queue="jobs")
def ask_to_renew(timestamp: int) -> None:
    """Ask on the phone whether people still look for work; the worker's clock is UTC, it is 9:30 here."""
    from jiamenkou.services.jobs.actions.renewals import ask_stale

    with scope(EVERYTHING, actor=ACTOR, reason="问求职意向"):
        ask_stale(timezone.localtime(), by=Actor(None), reason="问求职意向")
