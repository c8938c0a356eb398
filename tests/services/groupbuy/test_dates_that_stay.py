"""What is read on another day than it was written, a message, a poster, a text in a chat, names the day."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from tests.people import Town
from tests.services.groupbuy.make import Shop, make_buyer, make_cycle, make_shop, order, pay

from jiamenkou.foundation.messages.models import Message
from jiamenkou.services.groupbuy import words
from jiamenkou.services.groupbuy.models import Cycle
from jiamenkou.services.groupbuy.posters import chat_text, cycle_poster, leader_poster, leader_text

RELATIVE = re.compile(r"今天|明天|后天|(?<!（)周[一二三四五六日]")


@pytest.fixture
def shop(town: Town) -> Shop:
    return make_shop(town)


@pytest.fixture
def cycle(shop: Shop) -> Cycle:
    return make_cycle(shop)


def test_how_a_day_that_stays_is_said() -> None:
    moment = datetime(2026, 12, 3, 7, 0, tzinfo=timezone.get_fixed_timezone(0))
    assert words.dated(moment) == "12月3日（周四）15:00"


def test_messages_name_their_days(shop: Shop, cycle: Cycle) -> None:
    resident, by = make_buyer(shop.town)
    pay(order(cycle, resident, by), shop)
    said = [f"{message.title} {message.body}" for message in Message.objects.filter(resident=resident)]
    assert len(said) == 2
    assert [one for one in said if RELATIVE.search(one)] == []
    assert any(words.dated(cycle.arrives_at) in one for one in said)


def test_posters_and_chats_name_their_days(shop: Shop, cycle: Cycle) -> None:
    offers, points = list(cycle.offers.select_related("product", "lot")), list(cycle.points.all())
    drawn = [cycle_poster(cycle, offers, points), leader_poster(shop.leader, [cycle], shop.town.community)]
    for text in (*(repr(poster) for poster in drawn), chat_text(cycle, offers), leader_text(shop.leader, [cycle])):
        assert words.day_of(cycle.closes_at) in text and "截单" in text, "the day is there and not cut off"
        assert not RELATIVE.search(text), text


def test_excel_gets_the_moment(shop: Shop, cycle: Cycle, client_for: Callable[[Any], Any]) -> None:
    desk = client_for(shop.worker.account)
    sheet = load_workbook(BytesIO(desk.post("/desk/groupbuy/cycles/export/").content)).worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    closes = timezone.localtime(cycle.closes_at).replace(tzinfo=None, second=0, microsecond=0)
    assert sheet.cell(2, heads.index("截单") + 1).value == closes
    assert words.when(cycle.closes_at) in desk.get("/desk/groupbuy/cycles/").content.decode()
