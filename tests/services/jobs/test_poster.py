"""Posters and chat text: what they say, what they must not say, and that a QR reader finds the vacancy."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.people import Town, make_employer, make_staff
from tests.services.jobs.make import make_vacancy

from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.posters import WIDTH, width, wrapped
from jiamenkou.services.jobs import posters
from jiamenkou.services.jobs.models import Vacancy


@pytest.fixture
def vacancy(town: Town) -> Vacancy:
    return make_vacancy(
        community=town.community,
        start_minute=480,
        end_minute=930,
        weekdays=31,
        landmark="小区东门外",
        latitude=31.783,
        longitude=119.973,
        certificates=["护理员证"],
        benefits=["管午饭"],
        closes_on=date(timezone.localdate().year + 1, 12, 10),
        contact="蒋经理",
        phone="13800006217",
    )


def test_poster_says_what_decides(vacancy: Vacancy, town: Town) -> None:
    poster = posters.poster_of(vacancy, town.community, timezone.localdate())
    said = [line.strong + line.rest for line in poster.lines]
    assert said == [
        "15:30 下班，接得到孩子",
        "走路 8 分钟，小区东门外",
        "有护理员证就行，管午饭",
        "还招 2 人，12 月 10 日截止",
    ]
    assert (poster.pay, poster.unit, poster.phone) == ("4200–4600", "元/月", town.community.phone)
    assert poster.checked


def test_code_leads_to_the_vacancy_and_holds_nothing_else(client: Client, vacancy: Vacancy) -> None:
    address = posters.address_of(vacancy)
    assert address == f"{settings.PUBLIC_URL}/q/{vacancy.code}"
    answer = client.get(f"/q/{vacancy.code}")
    assert (answer.status_code, answer["Location"]) == (302, f"/jobs/{vacancy.pk}/")


def test_licence_mark_only_while_it_is_good(vacancy: Vacancy, town: Town) -> None:
    today = timezone.localdate()
    vacancy.employer.licence_until = today - timedelta(days=1)
    assert not posters.poster_of(vacancy, town.community, today).checked


def test_no_walking_time_without_places_or_too_far(vacancy: Vacancy, town: Town) -> None:
    assert posters.walk_minutes(vacancy, None) is None
    vacancy.latitude = 32.5
    assert posters.walk_minutes(vacancy, town.community) is None
    vacancy.latitude = vacancy.longitude = None
    assert posters.walk_minutes(vacancy, town.community) is None


@given(st.text(min_size=1, max_size=60))
def test_any_title_fits_the_poster(title: str) -> None:
    size, lines = wrapped(title)
    assert 1 <= len(lines) <= 2
    assert all(width(line, size) <= WIDTH for line in lines)
    assert "".join(lines).rstrip("…") == title[: len("".join(lines).rstrip("…"))] or "…" in title


def test_public_drawing_is_an_image_of_its_own(client: Client, vacancy: Vacancy) -> None:
    vacancy.title = '<b>护理员</b>&"'
    vacancy.save()
    answer = client.get(f"/jobs/{vacancy.pk}/poster.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    root = ElementTree.fromstring(answer.content)
    assert root.attrib["viewBox"] == "0 0 750 1200"
    text = answer.content.decode()
    assert "<b>" not in text and "<script" not in text
    assert not re.search(r"(href|src|url\()", text), "a saved picture refers to nothing"


def test_pages_for_staff_and_for_sharing(client: Client, client_for: Any, vacancy: Vacancy, town: Town) -> None:
    desk = client_for(make_staff(Role.WORKER, town.community))
    for browser, address in [
        (desk, f"/desk/jobs/vacancies/{vacancy.pk}/poster/"),
        (client, f"/jobs/{vacancy.pk}/poster/"),
    ]:
        answer = browser.get(address)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "data-save-poster" in page and f"/q/{vacancy.code}" in page
        assert "工资：4200–4600 元/月" in page and "不收任何费用" in page


def test_drafts_have_no_public_poster(client: Client, town: Town) -> None:
    draft = make_vacancy(state="draft", employer=make_employer())
    assert client.get(f"/jobs/{draft.pk}/poster/").status_code == 404
    assert client.get(f"/jobs/{draft.pk}/poster.svg").status_code == 404
