"""Plans by rule, lists, figures, the sheet, conflicts and facts on the desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.people import Town, make_staff
from tests.services.visits.make import PHONE_B, make_door, make_plan, record

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.asking import told
from jiamenkou.foundation.people.models import Account
from jiamenkou.services.visits.actions.planning import years_before
from jiamenkou.services.visits.due import DUE, entries
from jiamenkou.services.visits.figures import this_month
from jiamenkou.services.visits.models import Plan, VisitConflict

PLANS = "/desk/visits/plans/"


@pytest.fixture
def worker(town: Town) -> Account:
    return make_staff(Role.WORKER, town.community)


@pytest.mark.parametrize("rule", ["old", "alone", "silent"])
def test_people_are_planned_by_rule(client_for: Any, worker: Account, town: Town, rule: str) -> None:
    today = timezone.localdate()
    eighty = years_before(today, 80)
    door = make_door(town.community, town.grids[0], birth_date=eighty)
    young = make_door(town.community, town.grids[0], birth_date=eighty + timedelta(days=1))
    make_door(town.neighbour, town.neighbour_grids[0], birth_date=eighty)
    if rule == "silent":
        record(young, worker)
    if rule == "alone":
        young.household = door.household
        young.save()
        young.memberships.update(household=door.household)
    page = client_for(worker).get(f"{PLANS}new/?why={rule}").content.decode()
    listed = [person.pk for person in (door, young) if f'value="{person.pk}"' in page]
    assert listed == ([] if rule == "alone" else [door.pk])
    answer = client_for(worker).post(f"{PLANS}new/?why={rule}", {"everyone": "1", "due_on": today.isoformat()})
    assert answer.status_code == (422 if rule == "alone" else 302)
    planned = list(Plan.objects.values_list("resident_id", flat=True).order_by("id"))
    assert planned == ([] if rule == "alone" else [door.pk])


def test_a_plan_in_the_past_or_of_nobody_is_refused(client_for: Any, worker: Account, town: Town) -> None:
    door = make_door(town.community, town.grids[0])
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    for given in ({"due_on": yesterday, "chosen": [door.pk]}, {"due_on": timezone.localdate().isoformat()}, {}):
        assert client_for(worker).post(f"{PLANS}new/?why=chosen", given).status_code == 422
    assert not Plan.objects.exists()


def test_nobody_is_planned_twice(town: Town) -> None:
    door = make_door(town.community, town.grids[0])
    make_plan(door)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_plan(door)


def test_a_household_counts_once_a_month(worker: Account, town: Town) -> None:
    door = make_door(town.community, town.grids[0])
    record(door, worker)
    record(door, worker)
    record(make_door(town.community, town.grids[1]), worker, outcome="absent")
    make_plan(door, due_on=timezone.localdate() - timedelta(days=3), tries=2)
    month = this_month(Actor(worker), timezone.localdate())
    assert (month.households, month.unreached, month.late) == (1, 1, 1)
    assert this_month(Actor(make_staff(Role.WORKER, town.neighbour)), timezone.localdate()).households == 0


def test_today_shows_doors_and_what_waits(worker: Account, town: Town) -> None:
    door = make_door(town.community, town.grids[0])
    record(door, worker, facts={"phone": "13800004321"})
    record(door, worker, device=str(PHONE_B), outcome="absent")
    make_plan(door)
    titles = [row.title for row in told(Actor(worker), DUE)]
    assert [title[:2] for title in titles] == ["走访", "1 ", "走访"]
    grid = [row.title for row in told(Actor(make_staff(Role.GRID_WORKER, town.grids[0])), DUE)]
    assert grid == [f"走访 {door.name}"]
    assert len(entries(door.pk)) == 3


@pytest.mark.parametrize(
    "address",
    [
        "/desk/visits/?q=苏&outcome=met&sort=-name&page=x",
        "/desk/visits/?only=clock",
        f"{PLANS}?only=unreached&grid=999&sort=tries",
        f"{PLANS}?only=late",
        f"{PLANS}?state=done",
        f"{PLANS}print/",
        "/desk/visits/facts/?state=accepted&q=苏",
        "/desk/visits/conflicts/?state=settled",
    ],
)
def test_lists_bear_any_address(client_for: Any, worker: Account, town: Town, address: str) -> None:
    door = make_door(town.community, town.grids[0])
    record(door, worker, facts={"employment": "retired"})
    make_plan(door)
    assert client_for(worker).get(address).status_code == 200


def test_lists_cost_the_same_for_many(client_for: Any, worker: Account, town: Town) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = client_for(worker)
    for address in ("/desk/visits/", PLANS, "/desk/visits/facts/"):
        counts = []
        for more in (2, 8):
            for _ in range(more):
                person = make_door(town.community, town.grids[0])
                record(person, worker, needs=[["care", "送饭"]], facts={"employment": "retired"}, outcome="met")
                make_plan(person)
            with CaptureQueriesContext(connection) as seen:
                browser.get(address)
            counts.append(len(seen))
        assert counts[0] == counts[1], address


def test_sheets_hold_no_note(client_for: Any, worker: Account, town: Town) -> None:
    from io import BytesIO

    from openpyxl import load_workbook

    door = make_door(town.community, town.grids[0])
    record(door, worker, note="秘密", needs=[["care", "=想有人送饭"]])
    make_plan(door)
    for address in ("/desk/visits/export/", f"{PLANS}export/"):
        answer = client_for(worker).post(address)
        sheet = load_workbook(BytesIO(answer.content)).active
        text = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
        assert door.name in text and "秘密" not in text


def test_two_visits_are_settled_field_by_field(client_for: Any, worker: Account, town: Town) -> None:
    door = make_door(town.community, town.grids[0])
    record(door, worker, outcome="absent")
    record(door, worker, device=str(PHONE_B), answers={"body": "bed"})
    conflict = VisitConflict.objects.get()
    address = f"/desk/visits/conflicts/{conflict.pk}/"
    browser = client_for(worker)
    page = browser.get(address).content.decode()
    assert "没人在家" in page and "下不了床" in page
    half = browser.post(address, {"outcome": "second"})
    assert half.status_code == 422 and "还有没选的" in half.content.decode()
    assert browser.post(address, {"outcome": "second", "answers": "second"}).status_code == 302
    assert browser.post(address, {"outcome": "first", "answers": "first"}).status_code == 409
    conflict.refresh_from_db()
    assert conflict.chosen == {"outcome": "second", "answers": "second"}


def test_a_yes_writes_the_file_and_a_plan_can_be_dropped(client_for: Any, worker: Account, town: Town) -> None:
    door = make_door(town.community, town.grids[0])
    fact = record(door, worker, facts={"employment": "retired"}).visit.facts.get()
    browser = client_for(worker)
    assert browser.post(f"/desk/visits/facts/{fact.pk}/", {"do": "yes"}).status_code == 302
    assert browser.post(f"/desk/visits/facts/{fact.pk}/", {"do": "yes"}).status_code == 409
    door.refresh_from_db()
    assert door.employment == "retired"
    plan = make_plan(door)
    assert browser.post(f"{PLANS}{plan.pk}/drop/").status_code == 302
    assert browser.post(f"{PLANS}{plan.pk}/drop/").status_code == 409
