"""Counts, totals and distinct lists are asked in one query and say what their own lists say."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.events.contributions import Total
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.fronts.counting import counted
from tests.people import Town, make_resident, make_staff


def test_one_query_for_everything(town: Town, django_assert_num_queries: Any) -> None:
    for _ in range(3):
        make_resident(town.community, town.grids[0])
    make_resident(town.community, town.grids[1])
    here = Resident.objects.filter(community=town.community).order_by("name_key")
    depths = Place.objects.filter(pk=town.community.pk)

    def people(by: Actor) -> Any:
        return here

    def grids(by: Actor) -> Any:
        return here.values(where=F("grid_id")).distinct()

    def depth(by: Actor) -> Any:
        return Total(depths, "depth")

    def halves(by: Actor) -> Any:
        return Total(depths, "depth", per=2)

    def together(by: Actor) -> Any:
        return Total(depths, "depth"), here, Total(depths.none(), "depth")

    def nobody(by: Actor) -> Any:
        return here.none()

    def known(by: Actor) -> Any:
        return 7

    by = Actor(make_staff(Role.WORKER, town.community))
    deep = town.community.depth
    asked = [people, grids, depth, halves, together, nobody, known]
    assert by.roles, "read once for the visit"
    with django_assert_num_queries(1):
        assert counted(by, asked) == [4, 2, deep, deep // 2, deep + 4, 0, 7]
    with django_assert_num_queries(0):
        assert counted(by, [people]) == [4]
