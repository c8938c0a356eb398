"""The catalogue is written row by row: by whom, what is refused, and that no writer loses another's row."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.cases.actions.catalogue import drop_rule, places_for, row_of, write_rule
from jiamenkou.foundation.cases.catalogue import Catalogue, Limit, Rule
from jiamenkou.foundation.cases.models import CatalogueVersion
from jiamenkou.foundation.cases.routing import catalogue
from jiamenkou.foundation.cases.standard import STANDARD
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from tests.foundation.cases.make import Office, make_case
from tests.guards import see_everything
from tests.people import make_staff, make_town

pytestmark = pytest.mark.postgres
WHY = "测试"


def lead(office: Office) -> Actor:
    return Actor(make_staff(Role.COMMUNITY_LEAD, office.town.community))


def district(office: Office) -> Actor:
    return Actor(make_staff(Role.DISTRICT_OFFICER, office.town.district))


def own(office: Office, **fields: Any) -> Rule:
    """The lighting row of the office's community."""
    return replace(STANDARD.rule("lighting", [""]), place=office.town.community.code, **fields)


def test_a_places_own_row_goes_first_and_open_cases_keep_their_deadline(office: Office) -> None:
    before = make_case(office)
    write_rule(own(office, handle=Limit(1, "days"), response=Limit(2)), seen=0, by=lead(office), reason=WHY)
    after = make_case(office)
    assert (before.catalogue, after.catalogue) == (0, catalogue().number)
    assert before.due_at is not None and after.due_at is not None
    assert after.due_at < before.due_at
    before.refresh_from_db()
    assert before.catalogue == 0
    assert [rule.place for rule in catalogue().rules if rule.category == "lighting"] == [
        "",
        office.town.community.code,
    ]


def test_taking_it_out_gives_the_row_above_its_say_again(office: Office) -> None:
    by = lead(office)
    made = write_rule(own(office, owner=Role.GRID_WORKER), seen=0, by=by, reason=WHY)
    drop_rule("lighting", office.town.community.code, seen=made.pk, by=by, reason=WHY)
    assert catalogue().rules == STANDARD.rules
    with pytest.raises(Conflict, match="刚有人改过"):
        drop_rule("lighting", office.town.community.code, seen=made.pk, by=by, reason=WHY)


def test_who_may_write_where(office: Office) -> None:
    town = office.town
    by, street = lead(office), Actor(make_staff(Role.STREET_OFFICER, town.street))
    assert [place.code for place in places_for(by)] == [town.community.code]
    assert town.community in places_for(street)
    assert town.other_street not in places_for(street)
    general = STANDARD.rule("lighting", [""])
    for who in (by, street):
        with pytest.raises(NotAllowed):
            write_rule(replace(general, label="灯"), seen=0, by=who, reason=WHY)
    with pytest.raises(NotAllowed):
        write_rule(replace(general, place=town.street.code), seen=0, by=by, reason=WHY)
    with pytest.raises(NotAllowed):
        write_rule(own(office), seen=0, by=Actor(make_staff(Role.WORKER, town.community)), reason=WHY)
    write_rule(replace(general, label="灯"), seen=0, by=district(office), reason=WHY)
    assert catalogue().rules[0].label == "灯"


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"owner": ""}, "owner", "谁来办"),
        ({"category": "Lighting!"}, "category", "小写字母"),
        ({"label": " "}, "label", "名称"),
        ({"response": Limit(9, "days")}, "response", "先回应"),
        ({"holder": Limit(9, "days"), "handle": Limit(8, "days")}, "holder", "每一手"),
        ({"privacy": "protected"}, "privacy", "保密"),
    ],
)
def test_bad_input_is_said_at_its_field(office: Office, fields: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        write_rule(own(office, **fields), seen=0, by=lead(office), reason=WHY)
    assert refused.value.field == field
    assert not CatalogueVersion.objects.exists()


def test_a_limit_of_nothing_is_refused() -> None:
    with pytest.raises(Refused, match="1 到 3650"):
        Limit(0)


def test_the_row_for_everywhere_and_the_last_of_a_kind_stay(office: Office) -> None:
    by = district(office)
    with pytest.raises(Refused, match="不能删"):
        drop_rule("lighting", "", seen=0, by=by, reason=WHY)
    made = write_rule(own(office, category="lake"), seen=0, by=by, reason=WHY)
    with pytest.raises(Refused, match="没有人管"):
        drop_rule("lake", office.town.community.code, seen=made.pk, by=by, reason=WHY)


def test_the_second_writer_of_a_row_is_told_the_writer_of_another_is_not(office: Office) -> None:
    by = district(office)
    general = STANDARD.rule("lighting", [""])
    write_rule(replace(general, label="灯"), seen=0, by=by, reason=WHY)
    with pytest.raises(Conflict, match="刚有人改过"):
        write_rule(replace(general, label="照明"), seen=0, by=by, reason=WHY)
    with pytest.raises(Conflict):
        write_rule(replace(general, label="照明"), seen=987654, by=by, reason=WHY)
    water = STANDARD.rule("water", [""])
    write_rule(replace(water, label="水"), seen=0, by=by, reason=WHY)
    assert [row.label for row in (row_of(catalogue(), key, "") for key in ("lighting", "water")) if row] == [
        "灯", "水",
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("careless", [True, False])
def test_writers_of_different_rows_at_the_same_moment_lose_none(transactional_db: None, careless: bool) -> None:
    with transaction.atomic():
        see_everything()
        by = Actor(make_staff(Role.DISTRICT_OFFICER, make_town().district))
        rules = [replace(rule, label=f"{rule.label}新") for rule in STANDARD.rules[:6]]
        assert by.roles
    barrier, read = threading.Barrier(len(rules)), threading.Barrier(len(rules))

    def write(rule: Rule) -> None:
        try:
            with transaction.atomic():
                see_everything()
                barrier.wait(20)
                if careless:  # reads, changes, writes back
                    rows = [rule if one.category == rule.category else one for one in catalogue().rules]
                    read.wait(20)
                    CatalogueVersion.objects.create(rows=[one.as_json() for one in rows], note="", by=by.account)
                else:
                    write_rule(rule, seen=0, by=by, reason=WHY)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(rule,)) for rule in rules]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with transaction.atomic():
        see_everything()
        kept = _new(catalogue())
    assert kept == (1 if careless else len(rules))


def _new(known: Catalogue) -> int:
    return sum(rule.label.endswith("新") for rule in known.rules)
