"""Vacancies by word: only open ones, as soon as they change."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.people import Town, make_staff
from tests.services.jobs.make import make_vacancy

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.services.jobs.actions.vacancies import change_vacancy, pause_vacancy, publish_vacancy, take_down_vacancy
from jiamenkou.services.jobs.search import find_vacancies, reindex


@pytest.fixture
def by(town: Town) -> Actor:
    return Actor(make_staff(Role.WORKER, town.community))


def test_a_vacancy_is_found_while_it_is_open(by: Actor, town: Town) -> None:
    vacancy = make_vacancy(title="助浴师", state="draft", published_at=None, community=town.community)
    here = town.community.pk
    assert find_vacancies("助浴", here, limit=5) == []
    publish_vacancy(vacancy, by=by, now=timezone.now(), reason="t")
    assert find_vacancies("助浴", here, limit=5) == [vacancy]
    assert find_vacancies("助浴", town.neighbour.pk, limit=5) == []
    change_vacancy(vacancy, {"title": "护理员"}, version=1, by=by, reason="t")
    assert find_vacancies("助浴", here, limit=5) == []
    assert find_vacancies("hly", here, limit=5) == [vacancy]
    pause_vacancy(vacancy, by=by, reason="t")
    assert find_vacancies("护理", here, limit=5) == []
    publish_vacancy(vacancy, by=by, now=timezone.now(), reason="t")
    take_down_vacancy(vacancy, by=by, why="押金", reason="t")
    assert find_vacancies("护理", here, limit=5) == []


def test_past_its_day_it_is_not_shown_though_the_row_still_stands(by: Actor, town: Town) -> None:
    vacancy = make_vacancy(title="助浴师", closes_on=timezone.localdate() - timedelta(days=1))
    assert reindex() == 0
    vacancy.closes_on = timezone.localdate()
    vacancy.save()
    assert reindex() == 1
    assert find_vacancies("助浴", None, limit=5) == [vacancy]


def test_traditional_characters_find_simplified_ones(town: Town) -> None:
    wanted = make_vacancy(title="养老护理员")
    make_vacancy(title="保洁员")
    assert reindex() == 2
    assert find_vacancies("護理", None, limit=5) == [wanted]
