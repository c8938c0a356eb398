"""What people and offices get wrong: each with a plain message, at its field, and nothing half done."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from PIL import Image

from jiamenkou.foundation.cases.actions.calendars import import_year
from jiamenkou.foundation.cases.actions.opening import Upper
from jiamenkou.foundation.cases.catalogue import Catalogue, Limit, Rule
from jiamenkou.foundation.cases.models import CalendarVersion, Case, CatalogueVersion
from jiamenkou.foundation.cases.routing import path_to
from jiamenkou.foundation.cases.standard import RULES
from jiamenkou.foundation.files.storing import store_photo
from jiamenkou.foundation.places.models import Place, PlaceKind
from jiamenkou.foundation.refusals import Conflict, Refused
from tests.foundation.cases.make import START, Office, make_case


def test_a_category_nobody_knows(office: Office) -> None:
    with pytest.raises(Refused, match="派单目录里没有这一类") as refused:
        make_case(office, category="spaceship")
    assert refused.value.field == "category"


def test_a_category_without_an_owner_here() -> None:
    only_there = Catalogue(1, (Rule("lake", "环境", "湖面", place="32-9"),))
    with pytest.raises(Refused, match="没有人管") as refused:
        only_there.rule("lake", ["32-1-1", "32-1", "32"])
    assert refused.value.field == "category"


def test_a_rule_without_an_owner_goes_to_the_duty_desk(office: Office) -> None:
    rows = [rule.as_json() for rule in RULES] + [Rule("lake", "环境", "湖面", owner="").as_json()]
    CatalogueVersion.objects.create(rows=rows, note="加湖面")
    case = make_case(office, category="lake")
    assert case.holder_place == office.town.street and case.catalogue != 0


def test_the_nearest_place_has_the_say(office: Office) -> None:
    rows = [rule.as_json() for rule in RULES]
    rows.append(
        Rule("lighting", "公共设施", "楼道照明", handle=Limit(1, "days"), place=office.town.community.code).as_json()
    )
    CatalogueVersion.objects.create(rows=rows, note="灯一天修好")
    case = make_case(office)
    assert case.due_at is not None and (case.due_at - START).days == 1


def test_a_place_that_was_merged_away_leads_to_where_it_went(office: Office) -> None:
    gone, kept = office.town.grids
    Place.objects.filter(pk=gone.pk).update(merged_into=kept, closed_on=date(2026, 1, 1))
    case = make_case(office, place=Place.objects.get(pk=gone.pk))
    assert case.place == kept and case.grid == kept


def test_a_place_that_just_ended(office: Office) -> None:
    grid = office.town.grids[0]
    grid.closed_on = date(2026, 1, 1)
    with pytest.raises(Refused, match="已经停用") as refused:
        path_to(grid)
    assert refused.value.field == "place"


def test_too_wide_a_place(office: Office) -> None:
    with pytest.raises(Refused, match="社区或更细"):
        make_case(office, place=office.town.district)


def test_a_photo_of_eighty_megapixels(office: Office) -> None:
    out = BytesIO()
    Image.new("1", (10_000, 8_000)).save(out, "PNG")
    with pytest.raises(Refused, match="万像素") as refused:
        store_photo(out.getvalue(), by=office.worker, keeper="cases", community=office.town.community)
    assert refused.value.field == "photo"


def test_the_same_ticket_from_above_twice(office: Office) -> None:
    make_case(office, upper=Upper("12345", "JS2026-1", row={"来电人": "王某"}))
    with pytest.raises(Conflict, match="已经登记过"):
        make_case(office, upper=Upper("12345", "JS2026-1"))
    assert Case.objects.filter(upper_number="JS2026-1").count() == 1


@pytest.mark.parametrize(
    "document", [None, [], {"year": 2027}, {"year": "x", "days": [{"date": "2027-13-01", "isOffDay": True}]}]
)
def test_what_is_not_a_year_of_holidays(office: Office, document: object) -> None:
    with pytest.raises(Refused) as refused:
        import_year(document, by=office.lead, reason="测试")
    assert refused.value.field == "file" and not CalendarVersion.objects.exists()


def test_a_year_too_far(office: Office) -> None:
    days = [{"date": "2031-01-01", "isOffDay": True}]
    with pytest.raises(Refused, match="请先导入"):
        import_year({"year": 2031, "days": days}, by=office.lead, reason="测试")


def test_the_next_year_gives_dates_to_what_had_none(office: Office) -> None:
    from jiamenkou.foundation.access.actor import Actor
    from jiamenkou.foundation.cases.actions.escalating import reclock

    late = START.replace(month=12, day=30)
    case = make_case(office, now=late)
    assert case.due_at is None
    import_year({"year": 2027, "days": [{"date": "2027-01-01", "isOffDay": True}]}, by=office.lead, reason="测试")
    assert reclock(late, by=Actor(None), reason="测试") == 1
    due = Case.objects.get(pk=case.pk).due_at
    # Wednesday the 30th, 14:00: the 31st, the 4th to the 7th of January
    assert due is not None and due.date() == date(2027, 1, 7)


def test_kinds_of_places_have_a_desk() -> None:
    assert {rule.level for rule in RULES} <= {PlaceKind.GRID, PlaceKind.COMMUNITY, PlaceKind.STREET}


def test_a_ticket_comes_in_and_its_reply_goes_out(office: Office) -> None:
    from jiamenkou.foundation.cases.actions.handling import handle, sign
    from jiamenkou.foundation.cases.actions.hotline import Taken, answer_of, take_in
    from jiamenkou.foundation.cases.states import Outcome
    from jiamenkou.foundation.cases.tickets import cells_of, read

    [ticket], _faults = read(cells_of("工单编号\t诉求内容\t来电人\t联系电话\nJS9\t路灯不亮\t王某\t13800000000"))
    how, case = take_in(ticket, office.town.grids[0], by=office.worker, reason="测试", now=START)
    again, same = take_in(ticket, office.town.grids[0], by=office.worker, reason="测试", now=START)
    assert (how, again, same) == (Taken.NEW, Taken.AGAIN, case)
    case.refresh_from_db()
    assert case.heat == 1 and Case.objects.count() == 1
    assert b"13800000000" not in bytes(case.upper_row or b"")
    assert answer_of(case)["工单编号"] == "JS9" and answer_of(case)["联系电话"] == "13800000000"
    sign(case, by=office.worker, reason="测试", now=START)
    handle(case, Outcome.SOLVED, "换了灯泡", by=office.worker, reason="测试", now=START)
    # START is two in the afternoon in China; the row comes back from the database in another zone
    assert answer_of(Case.objects.get(pk=case.pk))["办结时间"] == "2026-03-03 14:00"
