"""The demo's rounds, made through the room's own actions: three rounds, seven found and six solved in the second."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone
from tests.people import Town, make_resident, make_staff

from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.places.demo import COMMUNITIES
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.walkthrough.demo.load import load
from jiamenkou.services.walkthrough.figures import count
from jiamenkou.services.walkthrough.models import Finding, Officer, Round, Walk

pytestmark = pytest.mark.postgres


def test_three_rounds_seven_found_six_solved(town: Town) -> None:
    Place.objects.filter(pk=town.community.pk).update(code=COMMUNITIES[0].code)
    make_staff(Role.WORKER, town.community, username="demo-worker-1")
    for _number in range(3):
        make_resident(town.community, birth_date=date(1955, 3, 2))
    said: list[str] = []
    load(said.append)
    first, second, last = Round.objects.order_by("number")
    counted = count(Finding.objects.filter(walk__round=second))
    assert (counted.found, counted.solved, counted.cannot) == (7, 6, 1)
    assert count(Finding.objects.filter(walk__round=first)).solved == 1
    assert last.runs_on(timezone.localdate())
    assert sorted(Finding.objects.filter(walk__round=last).values_list("state", flat=True)) == ["checking", "waiting"]
    assert Finding.objects.filter(walk__round=last, seen_before__gt=0).count() == 2
    assert sorted(Officer.objects.values_list("state", flat=True)) == ["active", "active", "asked"]
    assert not Walk.objects.running().exists()
    assert all(step.minutes for walk in Walk.objects.prefetch_related("steps") for step in walk.steps.all())
    assert not Finding.objects.filter(at__gt=timezone.now()).exists()
    assert said
