"""Rows read and written by statements made once are the rows that Django reads and writes."""

from __future__ import annotations

import pytest
from django.db import connection

from jiamenkou.foundation.ledger.models import Account as Pocket
from jiamenkou.foundation.ledger.models import OwnerKind, Unit
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.rows import columns, insert, made, width
from tests.people import Town


def test_read_as_django_reads(town: Town) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"select {columns(Place, 'p')} from places_place p where id = %s", [town.community.pk])
        row = cursor.fetchone()
    found, known = made(Place, row), Place.objects.get(pk=town.community.pk)
    assert len(row) == width(Place)
    assert {f.attname: getattr(found, f.attname) for f in Place._meta.concrete_fields} == {
        f.attname: getattr(known, f.attname) for f in Place._meta.concrete_fields
    }
    assert not found._state.adding


def test_what_is_not_asked_for_is_read_when_needed(town: Town) -> None:
    only = ("id", "name")
    found = made(Place, [town.community.pk, town.community.name], only)
    assert columns(Place, "p", only) == 'p."id", p."name"'
    assert "code" in found.get_deferred_fields()
    assert found.code == town.community.code


def test_fields_that_django_changes_are_refused() -> None:
    with pytest.raises(TypeError, match="extra"):
        columns(Resident, "r")
    with pytest.raises(TypeError):
        columns(Place, "p", ("id", "no_such_thing"))


def test_written_as_django_writes(everything: None) -> None:
    pocket = Pocket(owner_kind=OwnerKind.HOUSE, owner_key="rows", purpose="test", unit=Unit.FEN)
    assert insert(pocket)
    known = Pocket.objects.get(pk=pocket.pk)
    assert (known.owner_key, known.purpose, known.opened_at) == ("rows", "test", pocket.opened_at)
    pocket.save()  # an update: it is known to be there
    assert Pocket.objects.filter(owner_key="rows").count() == 1


def test_what_is_there_is_not_written_twice(everything: None) -> None:
    def fresh() -> Pocket:
        return Pocket(owner_kind=OwnerKind.HOUSE, owner_key="rows", purpose="test", unit=Unit.FEN)

    assert insert(fresh(), unless_there=True)
    second = fresh()
    assert not insert(second, unless_there=True)
    assert second.pk is None
    assert Pocket.objects.filter(owner_key="rows").count() == 1
