"""The leader's pages under her own scope: she is no staff, and sees exactly the buyers of her cycle."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from tests.people import Town, make_resident, make_signed_up
from tests.services.groupbuy.make import (
    REASON,
    Shop,
    book_of,
    bought,
    broken,
    make_buyer,
    make_cycle,
    make_shop,
    order,
)

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.ledger.models import Method, Refund
from jiamenkou.foundation.ledger.paying import declare_paid
from jiamenkou.foundation.messages.models import Message
from jiamenkou.services.groupbuy.actions.orders import intents_of
from jiamenkou.services.groupbuy.actions.parties import apply_as_leader
from jiamenkou.services.groupbuy.models import Cycle, Leader, Order
from jiamenkou.services.groupbuy.states import CycleState, OrderState


@pytest.fixture
def shop(town: Town) -> Shop:
    return make_shop(town)


@pytest.fixture
def cycle(shop: Shop) -> Cycle:
    return make_cycle(shop)


@pytest.fixture
def phone(shop: Shop, client_for: Callable[[Any], Any]) -> Any:
    return client_for(shop.leader.account)


def act(phone: Any, cycle: Cycle, do: str, **more: str) -> Any:
    answer = phone.post(f"/groups/lead/{cycle.pk}/act/", {"do": do, **more})
    cycle.refresh_from_db()
    return answer


def test_she_confirms_what_a_neighbour_says_was_paid(phone: Any, shop: Shop, cycle: Cycle) -> None:
    placed = order(cycle, *make_buyer(shop.town))
    declare_paid(intents_of(placed)[0], Method.CODE, by=Actor(placed.account), reason=REASON)
    assert "我看到钱了" in phone.get(f"/groups/lead/{cycle.pk}/").content.decode()
    money = f"/groups/lead/{cycle.pk}/orders/{placed.pk}/money/"
    assert phone.post(money, {"do": "confirm"}).status_code == 302
    placed.refresh_from_db()
    cycle.refresh_from_db()
    assert (placed.state, cycle.joined) == (OrderState.PAID, 1)
    assert Message.objects.filter(resident=placed.resident, notice="groupbuy.paid").exists()
    assert phone.post(money, {"do": "confirm"}).status_code == 409


def test_her_own_word_is_not_two(phone: Any, shop: Shop, cycle: Cycle) -> None:
    placed = order(cycle, *make_buyer(shop.town))
    money = f"/groups/lead/{cycle.pk}/orders/{placed.pk}/money/"
    assert phone.post(money, {"do": "declare"}).status_code == 302
    assert phone.post(money, {"do": "confirm"}).status_code == 409
    placed.refresh_from_db()
    assert placed.state == OrderState.PENDING


def test_from_closing_to_the_end_on_her_phone(phone: Any, shop: Shop, cycle: Cycle) -> None:
    one, other = bought(cycle, shop, 2), bought(cycle, shop, 1)
    for do, state in (
        ("close", CycleState.CLOSED),
        ("preparing", CycleState.PREPARING),
        ("delivering", CycleState.DELIVERING),
    ):
        assert (act(phone, cycle, do).status_code, cycle.state) == (302, state)
    offer = cycle.offers.get()
    for wrong in ("", "-1", "9", "x"):
        assert phone.post(f"/groups/lead/{cycle.pk}/arrival/", {f"offer-{offer.pk}": wrong}).status_code == 422
    assert phone.post(f"/groups/lead/{cycle.pk}/arrival/", {f"offer-{offer.pk}": "2"}).status_code == 302
    assert set(Message.objects.filter(resident=other.resident).values_list("notice", flat=True).order_by("id")) >= {
        "groupbuy.short"
    }
    assert Message.objects.filter(resident=one.resident, notice="groupbuy.arrived").exists()
    assert Refund.objects.get().amount == 3980
    point = f"/groups/lead/{cycle.pk}/points/{one.point_id}/"
    one.refresh_from_db()
    assert one.name in phone.post(f"{point}look/", {"said": one.code}).content.decode()
    assert phone.post(f"{point}look/", {"said": "000"}).status_code == 422
    assert phone.post(f"{point}hand/", {"order": one.pk, "how": "digits"}).status_code == 302
    assert phone.post(f"{point}hand/", {"order": one.pk, "how": "digits"}).status_code == 409
    cycle.refresh_from_db()
    # it came earlier than promised, and 到货 says so; only the last hour of pickup may still be moved
    assert cycle.closes_at <= cycle.arrives_at <= timezone.now()
    came, until = cycle.arrives_at, timezone.localtime() + timedelta(minutes=2)
    assert act(phone, cycle, "dates", pickup_until="x").status_code == 409
    moved = {"arrives_at": "2020-01-01T00:00", "pickup_until": f"{until:%Y-%m-%dT%H:%M}"}
    assert act(phone, cycle, "dates", **moved).status_code == 302
    assert (cycle.arrives_at, cycle.pickup_until) == (came, until.replace(second=0, microsecond=0))
    assert act(phone, cycle, "finish").status_code == 409
    with time_machine.travel(timezone.now() + timedelta(minutes=4)):
        assert (act(phone, cycle, "finish").status_code, cycle.state) == (302, CycleState.DONE)
    assert cycle.settlements.count() == 2
    assert book_of(cycle)["commission"] == -636
    assert broken() == []
    assert phone.post(f"/groups/lead/{cycle.pk}/export/").status_code == 200


def test_a_pasted_list_becomes_orders_after_a_look(phone: Any, shop: Shop, cycle: Cycle) -> None:
    page = f"/groups/lead/{cycle.pk}/paste/"
    text = "#接龙\n1. 王姐 6-1-302 2袋\n2. 李四 3栋402 +1\n3. 赵叔 2袋\n4. 钱奶奶 5-101 99袋"
    looked = phone.post(page, {"text": text, "do": "read"}).content.decode()
    assert "没写房号" in looked
    assert not Order.objects.exists()
    point = cycle.points.order_by("id")[0]
    done = phone.post(page, {"text": text, "do": "place", "line": ["2", "3", "5"], "point": point.pk})
    assert "只剩 7 份" in done.content.decode()
    rows = list(Order.objects.order_by("id").values_list("name", "room", "proxy", "resident"))
    assert rows == [("王姐", "6-1-302", True, None), ("李四", "3-402", True, None)]
    guest = Order.objects.order_by("id")[0]
    assert phone.post(f"/groups/lead/{cycle.pk}/orders/{guest.pk}/money/", {"do": "declare"}).status_code == 302


def test_failing_pays_everybody_back_and_tells_them(phone: Any, shop: Shop, cycle: Cycle) -> None:
    placed = bought(cycle, shop)
    assert act(phone, cycle, "fail", why="").status_code == 409
    assert (act(phone, cycle, "fail", why="车坏了").status_code, cycle.state) == (302, CycleState.FAILED)
    assert Message.objects.filter(resident=placed.resident, notice="groupbuy.failed").exists()
    assert Refund.objects.count() == 1


def test_another_leader_finds_nothing(shop: Shop, cycle: Cycle, client_for: Callable[[Any], Any]) -> None:
    resident = make_resident(shop.town.community)
    account = make_signed_up(resident)
    apply_as_leader(resident, {"name": "孙姐"}, by=Actor(account), reason=REASON)
    other = client_for(account)
    assert other.get(f"/groups/lead/{cycle.pk}/").status_code == 404  # not approved yet
    Leader.objects.filter(account=account).update(state="approved")
    assert other.get("/groups/lead/").status_code == 200
    assert other.get(f"/groups/lead/{cycle.pk}/").status_code == 404


@pytest.mark.parametrize(
    "handed",
    ["", "{}", "[[1]]", '[["1","2026-11-28T10:00:00Z"]]', '[[1,"x"]]', '[[true,"2026-11-28T10:00:00Z"]]', "[" * 5000],
)
def test_what_is_no_store_of_ours(phone: Any, shop: Shop, cycle: Cycle, handed: str) -> None:
    point = cycle.points.order_by("id")[0]
    answer = phone.post(f"/groups/lead/{cycle.pk}/points/{point.pk}/sync/", {"handed": handed})
    assert answer.status_code == 422 or answer.json() == {}
