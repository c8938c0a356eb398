"""The figures of this room; each opens its list."""

from __future__ import annotations

from django.db.models import Sum
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.events.contributions import Indicator
from jiamenkou.services.needs.access import needs_for, projects_for
from jiamenkou.services.needs.gaps import gaps, met_within
from jiamenkou.services.needs.states import ProjectState


def waiting(by: Actor) -> int:
    """People who wait for an answer."""
    return int(needs_for(by).counted().open().aggregate(n=Sum("heads", default=0))["n"])


def _gap(by: Actor) -> int:
    return sum(line.gap for line in gaps(by, timezone.now()))


def _met(by: Actor) -> int | None:
    met, ripe = met_within(by, timezone.now())
    return round(100 * met / ripe) if ripe else None


def _going(by: Actor) -> int:
    return projects_for(by).filter(state__in=[ProjectState.PLANNED, ProjectState.OPEN]).count()


INDICATORS = [
    Indicator("needs.waiting", "等回音的需求", "人", waiting, "/desk/needs/gaps/", "说了还没有回音"),
    Indicator("needs.gap", "还没人接的", "人", _gap, "/desk/needs/gaps/", "等回音减去现在能接的"),
    Indicator("needs.met", "30 天内用上", "%", _met, "/desk/needs/gaps/", "满 30 天的需求里用上了的"),
    Indicator("needs.going", "在办的项目", "个", _going, "/desk/needs/projects/", ""),
]
