"""The best few for a person: what SQL rules out first never changes what the engine would have chosen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.people import Town, make_employer, make_resident, make_signed_up
from tests.services.jobs.make import make_intention, make_vacancy

from jiamenkou.foundation.asking import asking
from jiamenkou.services.jobs import matching
from jiamenkou.services.jobs.models import Vacancy
from jiamenkou.services.jobs.phone import home
from jiamenkou.services.jobs.states import VacancyKind

pytestmark = pytest.mark.postgres


def _vacancies(town: Town, random: Random) -> None:
    """Here and far, with and without a place of their own, of every form, some full."""
    employers = [make_employer(), make_employer(latitude=31.781, longitude=119.972), make_employer(latitude=31.9)]
    for _ in range(40):
        known = random.random() < 0.7
        headcount = random.choice([1, 2])
        make_vacancy(
            community=town.community,
            employer=random.choice(employers),
            kind=random.choice(VacancyKind.values),
            latitude=31.78 + random.uniform(-0.03, 0.03) if known else None,
            longitude=119.97 + random.uniform(-0.03, 0.03) if known else None,
            headcount=headcount,
            taken=random.choice([0, 1]),
            pay_unit=random.choice(["month", "year", "hour"]),
            certificates=random.choice([[], ["健康证"], ["电工证"]]),
            title=random.choice(["护理员", "保洁员"]),
        )


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "wish",
    [{}, {"max_walk_minutes": 10}, {"max_walk_minutes": 0}, {"max_walk_minutes": 25, "kinds": ["gig", "home_based"]}],
)
def test_the_best_are_the_engines_best(town: Town, seed: int, wish: dict[str, Any]) -> None:
    _vacancies(town, Random(seed))
    person = make_resident(town.community, town.grids[0])
    make_intention(person, **wish)
    seeker = matching.resident_seeker(person, timezone.localdate())
    assert seeker is not None
    rows = Vacancy.objects.open().newest()
    plain = matching.best_vacancies(seeker, rows.with_employer())[:5]
    best = matching.best_of(seeker, rows, among=200, top=5)
    assert [(vacancy.pk, match) for vacancy, match in best] == [(vacancy.pk, match) for vacancy, match in plain]


def test_the_far_ones_do_not_use_up_the_places(town: Town) -> None:
    """A near one is found though many newer ones are too far: the newest are those that can be taken."""
    near = make_vacancy(community=town.community, latitude=31.78, longitude=119.97)
    for _ in range(5):
        make_vacancy(community=town.community, latitude=31.9, longitude=119.97)
    person = make_resident(town.community, town.grids[0])
    make_intention(person, max_walk_minutes=10)
    seeker = matching.resident_seeker(person, timezone.localdate())
    assert seeker is not None
    rows = Vacancy.objects.open().newest()
    assert [one.pk for one, _ in matching.best_of(seeker, rows, among=5, top=3)] == [near.pk]
    assert matching.best_vacancies(seeker, rows.with_employer()[:5]) == []


@pytest.mark.parametrize("among", [2, 200])
def test_the_home_page_shows_the_near_one(
    town: Town, monkeypatch: pytest.MonkeyPatch, client_for: Callable[[Any], Client], among: int
) -> None:
    """Read with the page where that is all there is; where there is more, the firm conditions choose what is read."""
    monkeypatch.setattr(home, "AMONG", among)
    monkeypatch.setattr(asking, "_written", {})  # a statement that is kept holds the number
    near = make_vacancy(community=town.community, latitude=31.78, longitude=119.97, title="门口的活")
    make_vacancy(community=town.community, latitude=31.78, longitude=119.97, headcount=1, taken=1, title="招满了的活")
    for _ in range(5):
        make_vacancy(community=town.community, latitude=31.9, longitude=119.97, title="远处的活")
    person = make_resident(town.community, town.grids[0])
    make_intention(person, max_walk_minutes=10)
    shown = client_for(make_signed_up(person)).get("/").content.decode()
    assert f'href="/jobs/{near.pk}/"' in shown
    assert "招满了的活" not in shown and "远处的活" not in shown


def test_who_has_no_wish_is_shown_the_newest(town: Town, client_for: Callable[[Any], Client]) -> None:
    for number in range(4):
        make_vacancy(
            community=town.community, title=f"第{number}份活", published_at=timezone.now() - timedelta(days=number)
        )
    person = make_resident(town.community, town.grids[0])
    shown = client_for(make_signed_up(person)).get("/").content.decode()
    assert [number for number in range(4) if f"第{number}份活" in shown] == [0, 1, 2]
