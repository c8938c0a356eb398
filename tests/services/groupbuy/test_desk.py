"""The desk: who is meant by a name, what the staff may do for an elder, and lists of what waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.people import Town, make_resident
from tests.services.groupbuy.make import Shop, make_cycle, make_shop

from jiamenkou.foundation.audit.models import ExportLog
from jiamenkou.services.groupbuy.models import Cycle, Order


@pytest.fixture
def shop(town: Town) -> Shop:
    return make_shop(town)


@pytest.fixture
def cycle(shop: Shop) -> Cycle:
    return make_cycle(shop, stock=5)


@pytest.fixture
def desk(shop: Shop, client_for: Callable[[Any], Any]) -> Any:
    return client_for(shop.worker.account)


def ordered(desk: Any, cycle: Cycle, who: str, **more: Any) -> Any:
    data = {"who": who, "offer": cycle.offers.get().pk, "boxes": 2, "point": cycle.points.order_by("id")[1].pk}
    data |= {"note": "本人打电话来说的"} | more
    form = {f"proxy-{name}": value for name, value in data.items()}
    return desk.post(f"/desk/groupbuy/cycles/{cycle.pk}/", {"do": "proxy", **form})


def test_by_name_and_by_number(desk: Any, cycle: Cycle, town: Town) -> None:
    elder = make_resident(town.community, town.grids[0], name="纪有福")
    other = make_resident(town.community, town.grids[0], name="童青禾")
    for who in ("纪有福", f"R{other.pk}"):
        assert ordered(desk, cycle, who).status_code == 302
    rows = Order.objects.order_by("id").values_list("resident", "proxy", "total_fen", "point", "note")
    point = cycle.points.order_by("id")[1].pk
    assert list(rows) == [(one.pk, True, 7960, point, "本人打电话来说的") for one in (elder, other)]


def test_of_several_the_door_tells(desk: Any, cycle: Cycle, town: Town) -> None:
    same = [make_resident(town.community, town.grids[0], name="费晓", address=f"{n}幢1单元101") for n in (3, 9)]
    answer = ordered(desk, cycle, "费晓")
    assert answer.status_code == 422
    assert all(f"R{one.pk}" in answer.content.decode() for one in same)


@pytest.mark.parametrize(
    ("who", "more", "said"),
    [
        ("没有这人", {}, "没有叫这个名字的居民"),
        ("R99999999", {}, "没有这个编号"),
        ("9" * 18, {}, "没有这个编号"),
        ("纪有福", {"boxes": 9}, "只剩 5 份了"),
        ("纪有福", {"boxes": 0}, ""),
        ("纪有福", {"offer": "1 or 1"}, ""),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    desk: Any, cycle: Cycle, town: Town, who: str, more: dict[str, Any], said: str
) -> None:
    make_resident(town.community, town.grids[0], name="纪有福")
    answer = ordered(desk, cycle, who, **more)
    assert (answer.status_code, Order.objects.exists()) == (422, False)
    assert said in answer.content.decode()


def test_somebody_of_another_community_is_nobody(desk: Any, cycle: Cycle, town: Town) -> None:
    stranger = make_resident(town.neighbour, name="虞怀远")
    for who in ("虞怀远", f"R{stranger.pk}"):
        assert ordered(desk, cycle, who).status_code == 422


def test_a_list_keeps_its_conditions_says_fen_and_logs_nobodys_name(desk: Any, cycle: Cycle, town: Town) -> None:
    make_resident(town.community, town.grids[0], name="纪有福")
    ordered(desk, cycle, "纪有福")
    page = desk.get("/desk/groupbuy/orders/?state=pending&q=纪有福").content.decode()
    assert "79.60" in page
    assert '<input type="hidden" name="state" value="pending">' in page
    bills = desk.get("/desk/groupbuy/payments/?state=waiting").content.decode()
    assert 'href="?state=waiting&amp;way=wechat"' in bills, "one more condition does not drop the first"
    assert desk.post("/desk/groupbuy/orders/export/?state=pending&q=纪有福").status_code == 200
    log = ExportLog.objects.order_by("-id")[0]
    assert (log.what, log.rows, log.conditions) == ("团购订单", 1, "q=…&state=pending")
