"""Posters and chat text: what they say, what they must not say, and that a QR reader finds the vacancy."""

from __future__ import annotations

import re
from collections import OrderedDict
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests.people import Town, make_employer, make_staff
from tests.services.jobs.make import make_vacancy

from jiamenkou.foundation import posters as layout
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.painting import answering, can_paint
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


@pytest.mark.skipif(not can_paint(), reason="no Chinese font on this machine")
def test_the_server_paints_the_picture(client: Client, client_for: Any, vacancy: Vacancy, town: Town) -> None:
    vacancy.title = '护理员\r\n"白班"/急'
    vacancy.save()
    answer = client.get(f"/jobs/{vacancy.pk}/poster.png")
    assert answer["Content-Type"] == "image/png"
    assert "\n" not in answer["Content-Disposition"] and "inline" in answer["Content-Disposition"]
    image = Image.open(BytesIO(answer.content))
    assert (image.format, image.size) == ("PNG", (750, 1200))
    assert len(answer.content) < 150_000
    for browser, page in [
        (client, f"/jobs/{vacancy.pk}/poster/"),
        (client_for(make_staff(Role.WORKER, town.community)), f"/desk/jobs/vacancies/{vacancy.pk}/poster/"),
    ]:
        assert f'href="/jobs/{vacancy.pk}/poster.png"' in browser.get(page).content.decode()


def test_without_a_font_the_browser_paints(client: Client, vacancy: Vacancy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "can_paint", lambda: False)
    monkeypatch.setattr(layout, "can_paint", lambda: False)
    answer = client.get(f"/jobs/{vacancy.pk}/poster.png")
    assert (answer.status_code, answer["Location"]) == (302, f"/jobs/{vacancy.pk}/poster.svg")
    page = client.get(f"/jobs/{vacancy.pk}/poster/").content.decode()
    assert f'href="/jobs/{vacancy.pk}/poster.svg"' in page and "打开图片" not in page


def test_whoever_waits_too_long_is_told_to_come_again(
    client: Client, vacancy: Vacancy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "can_paint", lambda: True)
    monkeypatch.setattr(answering, "WAIT_S", 0.01)
    monkeypatch.setattr(answering, "_kept", OrderedDict())
    with answering._one:
        answer = client.get(f"/jobs/{vacancy.pk}/poster.png")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


def test_drafts_have_no_public_poster(client: Client, town: Town) -> None:
    draft = make_vacancy(state="draft", employer=make_employer())
    assert client.get(f"/jobs/{draft.pk}/poster/").status_code == 404
    assert client.get(f"/jobs/{draft.pk}/poster.svg").status_code == 404
    assert client.get(f"/jobs/{draft.pk}/poster.png").status_code == 404
