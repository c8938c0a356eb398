"""Things and corners in Excel: the rows of the list as it was filtered, one's own community's, and a log of who took them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from tests.people import Town, make_staff
from tests.services.stations.make import ALL_DAY, BY, make_host, make_station, make_thing, neighbour

from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.audit.models import ExportLog
from jiamenkou.foundation.people.models import Account
from jiamenkou.services.stations.actions import corners, lending, mending
from jiamenkou.services.stations.actions import stations as acts
from jiamenkou.services.stations.figures import mended_by_month
from jiamenkou.services.stations.models import Repair, Station, Thing
from jiamenkou.services.stations.states import RepairState

ClientFor = Callable[[Any], Any]
THINGS, CORNERS = "/desk/stations/things/export/", "/desk/stations/corners/export/"
REPAIRS = "/desk/stations/repairs/export/"
STATIONS, ROOMS = "/desk/stations/export/", "/desk/stations/rooms/export/"


@pytest.fixture
def worker(town: Town) -> Account:
    return make_staff(Role.COMMUNITY_LEAD, town.community)


def table(answer: Any) -> list[list[Any]]:
    """Heading and rows, without the mark above or below them."""
    assert answer.status_code == 200 and answer["Content-Disposition"].startswith("attachment")
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    return [list(row) for row in sheet.iter_rows(values_only=True) if sum(cell is not None for cell in row) > 2]


def test_things_as_they_were_filtered(town: Town, worker: Account, client_for: ClientFor) -> None:
    station, other = make_station(town.community), make_station(town.community)
    lent, _free = make_thing(station, number="轮椅-1"), make_thing(station, number="轮椅-2")
    make_thing(other, "冲击钻", number="冲击钻-1")
    make_thing(make_station(town.neighbour), number="轮椅-9")
    _person, party = neighbour(town.community, town.grids[0])
    lending.lend(lent, party, by=BY, now=timezone.now() - timedelta(days=60), reason="test")
    desk = client_for(worker)
    found = table(desk.post(THINGS))
    assert found[0] == ["驿站", "东西", "编号", "成色", "借几天", "急需的先借", "来历", "状态", "哪天还"]
    assert [row[2] for row in found[1:]] == ["轮椅-1", "轮椅-2", "冲击钻-1"]
    due = Thing.objects.get(pk=lent.pk).due_on
    row = found[1]
    assert row[0] == station.name and row[1] == "轮椅" and row[7] == "已借出" and row[8].date() == due
    assert [row[2] for row in table(desk.post(f"{THINGS}?state=lent"))[1:]] == ["轮椅-1"]
    assert [row[2] for row in table(desk.post(f"{THINGS}?state=late"))[1:]] == ["轮椅-1"]
    assert [row[2] for row in table(desk.post(f"{THINGS}?station={other.pk}"))[1:]] == ["冲击钻-1"]
    assert [row[2] for row in table(desk.post(f"{THINGS}?q=冲击"))[1:]] == ["冲击钻-1"]
    log = ExportLog.objects.order_by("-id")[0]
    assert (log.what, log.rows, log.by, log.conditions) == ("驿站东西", 1, worker, "q=…")
    page = desk.get("/desk/stations/things/?state=lent").content.decode()
    assert f"{THINGS}?state=lent" in page


def test_corners_as_they_were_filtered(town: Town, worker: Account, client_for: ClientFor) -> None:
    def corner(community: Any, name: str) -> Any:
        now = timezone.now() - timedelta(days=20)
        return corners.register(community, name, f"{name}那里", by=BY, now=now, reason="test")

    first, second = corner(town.community, "7 栋架空层"), corner(town.community, "12 栋车棚")
    corner(town.neighbour, "别处的角落")
    person, _party = neighbour(town.community, town.grids[0])
    then = timezone.now() - timedelta(days=19)
    idea = corners.propose(second, person, "种花的小棚", by=BY, now=then, reason="test")
    corners.vote(idea, person, by=BY, now=then, reason="test")
    second.refresh_from_db()
    corners.close_vote(second, by=BY, now=timezone.now(), reason="test")
    desk = client_for(worker)
    found = table(desk.post(CORNERS))
    assert found[0] == ["角落", "地方", "状态", "选定的主意", "票数", "谁认领", "登记", "开张"]
    assert {row[0] for row in found[1:]} == {first.name, second.name}
    chosen = next(row for row in found[1:] if row[0] == second.name)
    second.refresh_from_db()
    assert chosen[1:5] == ["12 栋车棚那里", str(second.get_state_display()), "种花的小棚", 1]
    assert chosen[6].date() == timezone.localdate(second.registered_at)
    assert [row[0] for row in table(desk.post(f"{CORNERS}?state=registered"))[1:]] == [first.name]
    assert [row[0] for row in table(desk.post(f"{CORNERS}?q=车棚"))[1:]] == [second.name]
    log = ExportLog.objects.order_by("-id")[0]
    assert (log.what, log.rows, log.by, log.conditions) == ("闲置角落", 1, worker, "q=…")
    assert f"{CORNERS}?state=registered" in desk.get("/desk/stations/corners/?state=registered").content.decode()


def test_repairs_as_they_were_filtered_and_figures_open_their_list(
    town: Town, worker: Account, client_for: ClientFor
) -> None:
    station, other = make_station(town.community), make_station(town.community)
    how: dict[str, Any] = {"by": BY, "now": timezone.now(), "reason": "test"}

    def repair(at: Any, what: str) -> Repair:
        _person, party = neighbour(at.community, address="桂花园5幢2单元501室")
        return mending.register(at, party, what, brought=True, **how)

    repair(station, "雨伞")
    ready = mending.move(repair(station, "台灯"), RepairState.READY, done="换了开关", **how)
    mending.fetch(station, mending.move(repair(station, "剪刀"), RepairState.READY, done="磨了", **how).code, **how)
    repair(other, "铝锅")
    repair(make_station(town.neighbour), "别处的伞")
    desk = client_for(worker)
    found = table(desk.post(f"{REPAIRS}?state=here&station={station.pk}"))
    assert found[0][:4] == ["驿站", "什么东西", "哪里坏了", "怎么修的"]
    assert {row[1] for row in found[1:]} == {"雨伞", "台灯"}
    assert {row[1] for row in table(desk.post(f"{REPAIRS}?state=mended"))[1:]} == {"台灯", "剪刀"}
    assert {row[1] for row in table(desk.post(REPAIRS))[1:]} == {"雨伞", "台灯", "剪刀", "铝锅"}
    row = next(row for row in found if row[1] == "台灯")
    assert row[0] == station.name and row[3] == "换了开关" and row[6] == "待取件"
    assert row[8].date() == timezone.localdate(ready.mended_at)
    page = desk.get(f"/desk/stations/{station.pk}/").content.decode()
    for state, count in (("here", 2), ("mended", 2)):
        href = f"/desk/stations/repairs/?state={state}&station={station.pk}"
        assert href.replace("&", "&amp;") in page
        assert f"<p>{count} 件</p>" in desk.get(href).content.decode()
    inside = desk.get(f"/desk/stations/repairs/?station={station.pk}&page=1").content.decode()
    assert f'href="?station={station.pk}&amp;state=ready"' in inside, "a view above the list stays at the station"


def test_stations_say_what_their_pages_say(town: Town, worker: Account, client_for: ClientFor) -> None:
    station, closed = make_station(town.community), make_station(town.community)
    make_station(town.neighbour)
    make_host(station)
    _person, party = neighbour(town.community, town.grids[0])
    how: dict[str, Any] = {"by": BY, "now": timezone.now(), "reason": "test"}
    lending.lend(make_thing(station, number="轮椅-1"), party, **how)
    mending.register(station, party, "雨伞", brought=True, **how)
    Station.objects.filter(pk=closed.pk).update(closed_on=timezone.localdate())
    desk = client_for(worker)
    head, row = table(desk.post(STATIONS))
    assert head == ["社区", "名称", "类别", "在哪里", "站长", "借在外面", "修的还在站里", "修好", "开站", "停用"]
    assert row[:2] == [town.community.name, station.name] and row[4:8] == ["何阿姨", 1, 1, 0]
    assert row[8].date() == timezone.localdate(station.created_at)
    assert [one[1] for one in table(desk.post(f"{STATIONS}?state=closed"))[1:]] == [closed.name]
    assert table(desk.post(f"{STATIONS}?q=没有这样的"))[1:] == []
    assert f"{STATIONS}?state=closed" in desk.get("/desk/stations/?state=closed").content.decode()


def test_rooms_as_they_were_searched(town: Town, worker: Account, client_for: ClientFor) -> None:
    for place, name in ((town.community, "书画室"), (town.community, "小剧场"), (town.neighbour, "别处的书画室")):
        acts.open_room(place, {"name": name, "where": "二楼", "people": 12}, ALL_DAY, by=BY, reason="test")
    desk = client_for(worker)
    head, *rows = table(desk.post(ROOMS))
    assert head == ["社区", "名称", "在哪里", "坐几人", "有什么", "几家同时", "每次最多（分钟）"]
    assert {row[1] for row in rows} == {"书画室", "小剧场"} and {row[5] for row in rows} == {1}
    assert [row[1] for row in table(desk.post(f"{ROOMS}?q=书画"))[1:]] == ["书画室"]
    assert f"{ROOMS}?q=" in desk.get("/desk/stations/rooms/?q=书画").content.decode()


@pytest.mark.parametrize("today", [date(2026, 11, 29), date(2026, 3, 31), date(2026, 1, 1)])
def test_every_month_is_there_once(town: Town, today: date) -> None:
    months = [label for label, _count in mended_by_month([make_station(town.community)], today)]
    assert months == [f"{(today.month - 1 - back) % 12 + 1}月" for back in (5, 4, 3, 2, 1, 0)]


@pytest.mark.parametrize("address", [THINGS, CORNERS, REPAIRS, STATIONS, ROOMS])
def test_who_may_not_export_gets_nothing_and_no_log(town: Town, address: str, client_for: ClientFor) -> None:
    for role, place in ((Role.BUILDING_HEAD, town.grids[0]), (Role.GRID_WORKER, town.grids[0])):
        assert client_for(make_staff(role, place)).post(address).status_code == 404
    assert client_for(make_staff(Role.COMMUNITY_LEAD, town.community)).get(address).status_code == 405
    assert not ExportLog.objects.exists()
