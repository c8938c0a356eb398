"""Objects and dictionaries out of the answer are those that the list itself gives, whatever its columns."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.models import F, QuerySet, Value
from django.db.models.signals import post_init
from django.test.utils import CaptureQueriesContext

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.asking import Ask, Counted, told_together, values
from jiamenkou.foundation.asking.lists import ARGUMENTS
from jiamenkou.foundation.asking.making import maker
from jiamenkou.foundation.people.access import residents_for
from jiamenkou.foundation.people.models import Resident
from tests.people import Town, make_resident, make_staff

pytestmark = pytest.mark.postgres


def _worker(town: Town) -> Actor:
    return Actor(make_staff(Role.WORKER, town.community))


def _mixed(by: Actor) -> QuerySet[Resident, dict[str, Any]]:
    # a computed column stands between those of the table
    return residents_for(by).annotate(twice=F("pk") * 2).values("name", "twice", "pk").order_by("id")


def _some_columns(by: Actor) -> QuerySet[Resident]:
    return residents_for(by).select_related("community").only("name", "community__name").order_by("id")


def _wide(by: Actor) -> QuerySet[Resident]:
    more = {f"more_{number}": Value(number) for number in range(2 * ARGUMENTS)}
    return residents_for(by).select_related("community", "grid").annotate(**more).order_by("id")


def test_computed_columns_keep_their_names(town: Town) -> None:
    one = make_resident(town.community)
    ((row,),) = values(_worker(town), [_mixed])
    assert row == {"name": one.name, "twice": 2 * one.pk, "pk": one.pk}


def test_what_was_left_out_is_asked_when_it_is_wanted(town: Town) -> None:
    one = make_resident(town.community, note="住三楼")
    ((found,),) = values(_worker(town), [_some_columns])
    with CaptureQueriesContext(connection) as asked:
        assert (found.name, found.community.name, found.pk) == (one.name, town.community.name, one.pk)
    assert not asked.captured_queries
    assert found.get_deferred_fields() == _some_columns(_worker(town)).get().get_deferred_fields()
    assert found.note == "住三楼"


def test_a_list_of_more_columns_than_a_function_takes(town: Town) -> None:
    one = make_resident(town.community, town.grids[0])
    ((found,),) = values(_worker(town), [_wide])
    assert (found.pk, found.grid.name, found.community.name) == (one.pk, town.grids[0].name, town.community.name)
    assert [getattr(found, f"more_{number}") for number in range(2 * ARGUMENTS)] == list(range(2 * ARGUMENTS))


def test_a_made_object_is_what_django_makes(town: Town) -> None:
    one = make_resident(town.community)
    names = [field.attname for field in Resident._meta.concrete_fields]
    cells = [getattr(one, name) for name in names]
    made, plain = maker(Resident)("default", names, cells), Resident.from_db("default", names, cells)
    assert maker(Resident) != Resident.from_db, "the quick way is taken"
    assert {name: value for name, value in vars(made).items() if name != "_state"} == {
        name: value for name, value in vars(plain).items() if name != "_state"
    }
    assert (made._state.adding, made._state.db) == (plain._state.adding, plain._state.db)
    made.name = "沈南枝"
    made.save(update_fields=["name"])
    assert Resident.objects.get(pk=one.pk).name == "沈南枝"


def test_who_listens_is_told() -> None:
    heard: list[type] = []

    def listen(sender: type, **_: Any) -> None:
        heard.append(sender)

    post_init.connect(listen, sender=Resident)
    try:
        maker(Resident)("default", ["id"], [1])
    finally:
        post_init.disconnect(listen, sender=Resident)
    assert heard == [Resident]


def test_two_askers_of_one_page_ask_once_and_alike_only_once(town: Town) -> None:
    one = make_resident(town.community)

    def people(by: Actor) -> Counted:
        return Counted(residents_for(by))

    def again(by: Actor) -> Counted:
        return Counted(residents_for(by))

    def theirs(ids: list[int]) -> Counted:
        return Counted(Resident.objects.filter(pk__in=ids))

    staff, mine = _worker(town), Ask((theirs,), lambda _, count: [count])
    both = Ask((people, again), lambda _, first, second: [first, second])
    with CaptureQueriesContext(connection) as asked:
        assert told_together((staff, [both], None), ([one.pk], [mine], None), ([], [mine], None)) == [[1, 1], [1], [0]]
    statements = [one["sql"] for one in asked if "people_resident" in one["sql"]]
    assert len(statements) == 1
    assert statements[0].count("count(*)") == 2, "of the staff once, of the person once; nobody needs no question"
