"""Believable stations in the three communities, through the room's own actions; people are invented."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.links import DEMO_PREFIX
from jiamenkou.foundation.people.models import Account, Resident
from jiamenkou.foundation.places.demo import COMMUNITIES
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.stations.demo.culture import make_culture, make_service_point
from jiamenkou.services.stations.demo.matters import make_matters
from jiamenkou.services.stations.demo.spaces import make_corners, make_rooms
from jiamenkou.services.stations.demo.stairwell import make_stairwell


def load(say: Any) -> None:
    """Three communities; the first has the most going on. A few seconds."""
    now, today = timezone.now(), timezone.localdate()
    for number, plan in enumerate(COMMUNITIES, 1):
        community = Place.objects.get(code=plan.code)
        by = Actor(Account.objects.get(username=f"{DEMO_PREFIX}worker-{number}"))
        people = list(
            Resident.objects.present()
            .filter(community=community)
            .select_related("community", "household")
            .order_by("id")[60:160]
        )
        say(f"{plan.name}的楼道驿站")
        station = make_stairwell(community, number, plan.estate, people, by, now, today)
        if number == 1:
            say("书画室、服务点、空间和角落")
            make_culture(community, people, by, now, today)
            make_service_point(community, by)
            make_corners(community, people, by, now)
            make_matters(station, by, now, today)
        make_rooms(community, people, by, now)
