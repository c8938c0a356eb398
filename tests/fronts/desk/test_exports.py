"""导出记录: what left one's own communities, for those who may read traces, and nobody else's."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.audit.models import ExportLog
from jiamenkou.foundation.people.models import Account
from tests.people import Town, make_resident, make_staff

pytestmark = pytest.mark.postgres


def take(client: Any) -> ExportLog:
    assert client.post("/desk/jobs/intentions/export/").status_code == 200
    return ExportLog.objects.order_by("-id")[0]


@pytest.fixture
def lead(town: Town) -> Account:
    return make_staff(Role.COMMUNITY_LEAD, town.community, display_name="沈予安")


def test_who_took_which_file_is_seen_where_it_was_taken(town: Town, client_for: Any, lead: Account) -> None:
    make_resident(town.community)
    ours = take(client_for(make_staff(Role.WORKER, town.community, display_name="林知夏")))
    theirs = take(client_for(make_staff(Role.WORKER, town.neighbour, display_name="江晚照")))
    page = client_for(lead).get("/desk/exports/").content.decode()
    assert ours.number in page and "林知夏" in page and "求职意向" in page and "导出求职意向" in page
    assert "江晚照" not in page
    street = client_for(make_staff(Role.STREET_OFFICER, town.street)).get("/desk/exports/").content.decode()
    assert "林知夏" in street and "江晚照" in street
    far = client_for(make_staff(Role.STREET_OFFICER, town.other_street)).get("/desk/exports/").content.decode()
    assert "林知夏" not in far and theirs.number not in far


def test_it_is_searched_and_leaves_as_a_file_that_is_noted_too(town: Town, client_for: Any, lead: Account) -> None:
    first = take(client_for(make_staff(Role.WORKER, town.community, display_name="林知夏")))
    second = take(client_for(make_staff(Role.WORKER, town.community, display_name="方乐山")))
    desk = client_for(lead)
    by_number = desk.get(f"/desk/exports/?q={second.number}").content.decode()
    assert "方乐山" in by_number and "林知夏" not in by_number
    for odd in ("E" + "9" * 30, "²", "%00", "'", "E"):
        assert desk.get(f"/desk/exports/?q={odd}").status_code == 200
    answer = desk.post("/desk/exports/export/?q=林知夏")
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    assert [row[0].value for row in sheet.iter_rows(min_row=2, max_row=sheet.max_row) if row[2].value] == [
        first.number
    ]
    log = ExportLog.objects.order_by("-id")[0]
    assert (log.what, log.by, log.conditions) == ("导出记录", lead, "q=…")


def test_nobody_else_sees_it(town: Town, client_for: Any) -> None:
    for role in (Role.WORKER, Role.GRID_WORKER, Role.BUILDING_HEAD):
        place = town.community if role == Role.WORKER else town.grids[0]
        assert client_for(make_staff(role, place)).get("/desk/exports/").status_code == 404
