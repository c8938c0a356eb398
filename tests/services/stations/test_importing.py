"""Things from Excel: a look that writes nothing, every bad cell named, whole or not at all unless bad rows are skipped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.people import Town, make_staff
from tests.services.stations.make import make_station, make_thing

from jiamenkou.foundation.access.roles import Role
from jiamenkou.services.stations.models import Station, Thing

ClientFor = Callable[[Any], Any]
IMPORT = "/desk/stations/things/import/"
HEAD = "驿站,东西,编号,成色,借几天,急需的先借,来历,谁记的\n"


def sheet(*lines: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("东西.csv", (HEAD + "\n".join(lines) + "\n").encode(), content_type="text/csv")


def signed(page: str) -> str:
    return page.partition('name="plan" value="')[2].partition('"')[0]


@pytest.fixture
def station(town: Town) -> Station:
    return make_station(town.community, name="三栋驿站")


@pytest.fixture
def desk(town: Town, client_for: ClientFor) -> Any:
    return client_for(make_staff(Role.COMMUNITY_LEAD, town.community))


def test_what_was_looked_at_is_what_is_written(desk: Any, station: Station) -> None:
    page = desk.post(
        IMPORT, {"file": sheet("三栋驿站,轮椅,轮椅-1,八成新,14,是,捐的,我", "三栋驿站,雨伞,,,,,,")}
    ).content.decode()
    assert "2 行能导入，0 行有错" in page and "谁记的" in page
    assert not Thing.objects.exists()
    assert "导入了 2 件，跳过 0 行" in desk.post(IMPORT, {"plan": signed(page)}).content.decode()
    chair = Thing.objects.get(number="轮椅-1")
    assert (chair.station, chair.condition, chair.from_whom) == (station, "八成新", "捐的")
    assert (chair.kind.loan_days, chair.kind.by_need) == (14, True)
    assert Thing.objects.get(kind__name="雨伞").number == "雨伞-1"


def test_every_bad_cell_is_named_and_holds_everything_back(
    desk: Any, station: Station, town: Town, client_for: ClientFor
) -> None:
    make_thing(station, number="轮椅-1")
    make_station(town.neighbour, name="隔壁驿站")
    bad = {
        "隔壁驿站,轮椅,,,,,,": "没有这个驿站",
        "三栋驿站,,,,,,,": "请写什么东西",
        "三栋驿站,轮椅,轮椅-1,,,,,": "已经有了",
        "三栋驿站,雨伞,,,999,,,": "1 到 180",
        "三栋驿站,雨伞,,,,也许,,": "或空着",
        f"三栋驿站,雨伞,,{'旧' * 61},,,,": "太长",
    }
    page = desk.post(IMPORT, {"file": sheet(*bad, "三栋驿站,雨伞,,,,,,")}).content.decode()
    assert f"1 行能导入，{len(bad)} 行有错" in page
    for line, why in bad.items():
        assert why in page, line
    assert desk.post(IMPORT, {"plan": signed(page)}).status_code == 422
    other = client_for(make_staff(Role.COMMUNITY_LEAD, town.community))
    assert other.post(IMPORT, {"plan": signed(page), "skip": "1"}).status_code == 422, "a look is its maker's"
    assert Thing.objects.count() == 1
    assert "导入了 1 件，跳过 6 行" in desk.post(IMPORT, {"plan": signed(page), "skip": "1"}).content.decode()


def test_a_row_refused_only_at_the_write_is_named_and_takes_nothing_with_it(desk: Any, station: Station) -> None:
    """What counts on from 轮椅-2 meets a 轮椅-2 that is there: the look cannot know."""
    make_thing(station, number="轮椅-2")
    page = desk.post(IMPORT, {"file": sheet("三栋驿站,雨伞,,,,,,", "三栋驿站,轮椅,,,,,,")}).content.decode()
    refused = desk.post(IMPORT, {"plan": signed(page)})
    assert refused.status_code == 422
    said = refused.content.decode()
    assert "第 3 行：这个编号已经有了。什么都没有导入" in said and 'name="skip"' in said
    assert Thing.objects.count() == 1
    assert "导入了 1 件，跳过 1 行" in desk.post(IMPORT, {"plan": signed(page), "skip": "1"}).content.decode()
    assert Thing.objects.get(kind__name="雨伞").number == "雨伞-1"
