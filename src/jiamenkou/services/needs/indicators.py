"""The figures of this room; each opens its list. The gap itself takes a page of its own: it asks every room for its supply."""

from __future__ import annotations

from django.db.models import QuerySet

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.asking import NOW
from jiamenkou.foundation.events.contributions import Indicator, Share
from jiamenkou.services.needs.access import needs_for, projects_for
from jiamenkou.services.needs.gaps import met_in_time, ripe
from jiamenkou.services.needs.models import Need, Project
from jiamenkou.services.needs.permissions import NeedsPermission
from jiamenkou.services.needs.states import ProjectState


def open_needs(by: Actor) -> QuerySet[Need]:
    """Needs that wait for an answer: the same list as in the sidebar, so that both are counted once."""
    return needs_for(by).counted().open()


def _met(by: Actor) -> Share:
    return Share(met_in_time(by, NOW), ripe(by, NOW))


def _going(by: Actor) -> QuerySet[Project]:
    return projects_for(by).filter(state__in=[ProjectState.PLANNED, ProjectState.OPEN])


INDICATORS = [
    Indicator(
        "needs.waiting", "等回音的需求", "条", open_needs, "/desk/needs/gaps/", "说了还没有回音", NeedsPermission.VIEW
    ),
    Indicator(
        "needs.met", "30 天内用上", "%", _met, "/desk/needs/gaps/", "满 30 天的需求里用上了的", NeedsPermission.VIEW
    ),
    Indicator("needs.going", "在办的项目", "个", _going, "/desk/needs/projects/", "", NeedsPermission.VIEW),
]
