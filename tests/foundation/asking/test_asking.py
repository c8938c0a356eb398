"""Lists asked together give what each gives alone, to everybody their own, at every moment."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.db.models import Count, F, Max, QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.asking import NOW, TODAY, Ask, Counted, asking, columns, kept, together, told, values
from jiamenkou.foundation.bookings.models import Booking
from jiamenkou.foundation.people.access import residents_for
from jiamenkou.foundation.people.models import Phone, Resident
from jiamenkou.foundation.places.models import Place
from tests.people import Town, make_account, make_resident, make_staff

pytestmark = pytest.mark.postgres


def _people(by: Actor) -> QuerySet[Resident]:
    return residents_for(by).select_related("community", "grid").order_by("id")


def _count(by: Actor) -> Counted:
    return Counted(residents_for(by))


def _mine(people: list[int]) -> QuerySet[Resident]:
    return Resident.objects.filter(pk__in=people).order_by("id")


def _born_before_today(by: Actor) -> QuerySet[Resident]:
    return residents_for(by).filter(birth_date__lt=TODAY - timedelta(days=30)).order_by("id")


def _at_home(by: Actor) -> QuerySet[Place]:
    return Place.objects.filter(
        path__startswith=by.roles[0].place.path, pk__gte=by.home.pk if by.home else 0
    ).order_by("path")


def test_rows_are_what_the_list_itself_gives(town: Town) -> None:
    for grid in (*town.grids, None):
        make_resident(town.community, grid)
    by = Actor(make_staff(Role.WORKER, town.community))
    (rows, count) = values(by, [_people, _count])
    with CaptureQueriesContext(connection) as asked:
        assert [(row.pk, row.community.name, row.grid and row.grid.name) for row in rows] == [
            (row.pk, row.community.name, row.grid and row.grid.name) for row in _people(by)
        ]
    assert len(asked) == 1, "what select_related names came along"
    assert count == 3
    for asked_for, plain in zip(rows, _people(by), strict=True):
        fields = [field.attname for field in Resident._meta.concrete_fields]
        assert [getattr(asked_for, name) for name in fields] == [getattr(plain, name) for name in fields]
        assert not asked_for._state.adding


def test_everybody_gets_their_own_from_one_statement(town: Town) -> None:
    here, there = make_resident(town.community), make_resident(town.neighbour)
    ours, theirs = (Actor(make_staff(Role.WORKER, place)) for place in (town.community, town.neighbour))
    assert [row.pk for row in values(ours, [_people])[0]] == [here.pk]
    written = len(asking._written)
    assert [row.pk for row in values(theirs, [_people])[0]] == [there.pk]
    assert len(asking._written) == written, "written once for both"
    assert [row.pk for row in values([there.pk], [_mine])[0]] == [there.pk]
    assert [row.pk for row in values([here.pk], [_mine])[0]] == [here.pk]
    assert [row.pk for row in values([here.pk, there.pk], [_mine])[0]] == [here.pk, there.pk]
    assert values([], [_mine]) == [[]]


def test_other_powers_make_another_statement(town: Town) -> None:
    make_resident(town.community, town.grids[0])
    make_resident(town.community, town.grids[1])
    whole, part = make_staff(Role.WORKER, town.community), make_staff(Role.GRID_WORKER, town.grids[0])
    assert values(Actor(whole), [_count]) == [2]
    assert values(Actor(part), [_count]) == [1]
    assert values(Actor(make_account()), [_count]) == [0]
    assert values(Actor(whole, strong=False), [_count]) == [0], "without a second factor the roles sleep"


def test_a_path_and_a_home_are_the_askers_own(town: Town) -> None:
    for place in (town.community, town.neighbour):
        by = Actor(make_staff(Role.WORKER, place))
        assert kept(by, _at_home)
        assert [row.pk for row in values(by, [_at_home])[0]] == [row.pk for row in _at_home(by)]
    street = Actor(make_staff(Role.STREET_OFFICER, town.street))
    assert [row.pk for row in values(street, [_at_home])[0]] == [row.pk for row in _at_home(street)]


def test_a_moment_is_the_visits_own(town: Town) -> None:
    by = Actor(make_staff(Role.WORKER, town.community))
    make_resident(town.community, birth_date=date(2027, 1, 20))
    with time_machine.travel("2027-02-01 12:00 +0800"):
        assert values(by, [_born_before_today]) == [[]]
    with time_machine.travel("2027-03-01 12:00 +0800"):
        assert len(values(by, [_born_before_today])[0]) == 1
    assert kept(by, _born_before_today)


def test_a_moment_that_would_be_kept_is_not(town: Town) -> None:
    """The careless variant: the list says its own now, and would say it for ever."""

    def careless(by: Actor) -> QuerySet[Resident]:
        return residents_for(by).filter(birth_date__lt=timezone.localdate() - timedelta(days=30)).order_by("id")

    by = Actor(make_staff(Role.WORKER, town.community))
    make_resident(town.community, birth_date=date(2027, 1, 20))
    assert not kept(by, careless)
    with time_machine.travel("2027-02-01 12:00 +0800"):
        assert values(by, [careless]) == [[]]
    with time_machine.travel("2027-03-01 12:00 +0800"):
        assert len(values(by, [careless])[0]) == 1


def test_a_list_that_asks_while_it_is_made_is_written_anew(town: Town) -> None:
    def careless(by: Actor) -> QuerySet[Resident]:
        first = Resident.objects.order_by("id").first()
        return residents_for(by).filter(pk=first.pk if first else 0).order_by("id")

    by = Actor(make_staff(Role.WORKER, town.community))
    assert not kept(by, careless)
    one = make_resident(town.community)
    assert [row.pk for row in values(by, [careless])[0]] == [one.pk]


def test_an_id_inside_a_text_is_not_kept(town: Town) -> None:
    def careless(by: Actor) -> QuerySet[Resident]:
        return residents_for(by).filter(name=f"account:{by.account.pk}" if by.account else "").order_by("id")

    by = Actor(make_staff(Role.WORKER, town.community))
    assert not kept(by, careless)
    assert values(by, [careless]) == [[]]


def _doors(by: Actor) -> QuerySet[Any]:
    return residents_for(by).values("grid_id").annotate(people=Count("id"), last=Max("id")).order_by("grid_id")


def _totals(by: Actor) -> QuerySet[Any]:
    return together(residents_for(by), people=Count("id"), born=Max("birth_date"))


def _added(by: Actor) -> QuerySet[Resident]:
    return residents_for(by).annotate(older=F("pk") + 1, phones_known=Count("phones")).order_by("-id")


def test_dictionaries_aggregates_and_annotations(town: Town) -> None:
    by = Actor(make_staff(Role.WORKER, town.community))
    assert values(by, [_totals]) == [[{"all_of_them": 1, "people": 0, "born": None}]]
    for grid in (*town.grids, town.grids[0]):
        make_resident(town.community, grid)
    doors, totals, added = values(by, [_doors, _totals, _added])
    assert doors == list(_doors(by))
    assert (totals[0]["people"], totals[0]["born"]) == (3, date(1985, 3, 2))
    assert [(row.pk, row.older, row.phones_known) for row in added] == [
        (row.pk, row.pk + 1, 0) for row in residents_for(by).order_by("-id")
    ]


def test_what_is_read_ahead_comes_too(town: Town) -> None:
    def with_phones(by: Actor) -> QuerySet[Resident]:
        return residents_for(by).prefetch_related("phones").order_by("id")

    make_resident(town.community)
    with CaptureQueriesContext(connection) as asked:
        ((person,),) = values(Actor(make_staff(Role.WORKER, town.community)), [with_phones])
        assert list(person.phones.all()) == []
    assert sum(Phone._meta.db_table in one["sql"] for one in asked) == 1


def test_spans_and_open_ends(everything: None) -> None:
    def spans(_: list[int]) -> QuerySet[Any]:
        return Booking.objects.order_by("id").values("during")

    assert values([1], [spans]) == [[]]
    from jiamenkou.foundation.asking.lists import _span

    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "select to_json(tstzrange(%s::timestamptz, null)) #>> '{}', tstzrange(%s::timestamptz, null)", [now, now]
        )
        said, known = cursor.fetchone()
        assert _span(said) == known
        cursor.execute("select to_json('empty'::tstzrange) #>> '{}'")
        assert _span(cursor.fetchone()[0]).isempty


def test_a_list_that_cannot_travel_is_asked_by_itself(town: Town) -> None:
    def pairs(by: Actor) -> Any:
        return residents_for(by).order_by("id").values_list("id", flat=True)

    one = make_resident(town.community)
    by = Actor(make_staff(Role.WORKER, town.community))
    assert not kept(by, pairs)
    assert values(by, [pairs, _count]) == [[one.pk], 1]


def test_answers_are_told_in_their_order(town: Town) -> None:
    make_resident(town.community)
    by = Actor(make_staff(Role.WORKER, town.community))
    first = Ask((_count, _people), lambda to, count, people: [(to, count, len(people))])
    second = Ask((_count,), lambda to, count: [count])
    with CaptureQueriesContext(connection) as asked:
        assert told(by, [first, second], to="reader") == [("reader", 1, 1), 1]
    assert sum("people_resident" in one["sql"] for one in asked) == 1


def test_now_is_a_value_in_any_other_list(town: Town) -> None:
    make_resident(town.community)
    assert Place.objects.filter(pk=town.community.pk).annotate(at=NOW).get().at <= timezone.now()


def test_constants_are_said_in_the_statement(town: Town) -> None:
    """A partial index is used only where its condition can be read; the careless variant hides it in a parameter."""

    def odd(by: Actor) -> QuerySet[Resident]:
        return residents_for(by).filter(name__contains="100%s", note="it's 5 %").order_by("id")

    by = Actor(make_staff(Role.WORKER, town.community))
    one = make_resident(town.community, name="苏映100%s号", note="it's 5 %")
    assert [row.pk for row in values(by, [odd])[0]] == [one.pk]
    (column,) = columns(by, [odd])
    assert "'%%100\\%%s%%'" in column.sql or "100" in column.sql
    assert all(not isinstance(value, str) for value in column.values)
    plain = odd(by).query.get_compiler(connection=connection).as_sql()[1]
    assert any(isinstance(value, str) for value in plain), "as the list itself would be asked"
