"""The figures of this room; each opens its list."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.events.contributions import Indicator, Total
from jiamenkou.services.needs.access import needs_for, projects_for
from jiamenkou.services.needs.gaps import met_within
from jiamenkou.services.needs.models.need import Project
from jiamenkou.services.needs.states import ProjectState


def waiting(by: Actor) -> Total:
    """People who wait for an answer. How many of them nobody can serve yet is the page's own figure."""
    return Total(needs_for(by).counted().open(), "heads")


def _met(by: Actor) -> int | None:
    met, ripe = met_within(by, timezone.now())
    return round(100 * met / ripe) if ripe else None


def _going(by: Actor) -> QuerySet[Project]:
    return projects_for(by).filter(state__in=[ProjectState.PLANNED, ProjectState.OPEN])


INDICATORS = [
    Indicator("needs.waiting", "等回音的需求", "人", waiting, "/desk/needs/gaps/", "说了还没有回音"),
    Indicator("needs.met", "30 天内用上", "%", _met, "/desk/needs/gaps/", "满 30 天的需求里用上了的"),
    Indicator("needs.going", "在办的项目", "个", _going, "/desk/needs/projects/", ""),
]
