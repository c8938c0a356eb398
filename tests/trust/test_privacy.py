"""The inventory of personal data is whole, and what it says of a column is true of the column."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.db import connection, models

from tests.shared import ROOT

# house.yaml says the words; each app, room by room, has a file of its own tables and may add words
INVENTORY: Path = ROOT / "docs" / "developer" / "privacy"
CLASSES = ("none", "personal", "sensitive", "sealed", "index")
# sealed inside a column that is not one of bytes
SEALED_IN_TEXT = {
    "mfa_authenticator.data",
    "socialaccount_socialtoken.token",
    "socialaccount_socialtoken.token_secret",
}
# sensitive, and read past the policies by nobody: the trail has a policy of its own, for reading only
OWN_POLICY = {"audit_auditentry"}


@cache
def inventory() -> dict[str, Any]:
    found: dict[str, dict[str, Any]] = {"basis": {}, "retention": {}, "tables": {}}
    for path in sorted(INVENTORY.glob("*.yaml")):
        for part, words in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            twice = found[part].keys() & words.keys()
            assert not twice, f"{path.name} says again: {sorted(twice)}"
            found[part].update(words)
    return found


def classified() -> dict[str, str]:
    """``{"people_resident.name": "personal", …}``; a column that stands twice fails."""
    found: dict[str, str] = {}
    for table, about in inventory()["tables"].items():
        for kind in CLASSES:
            for column in about.get(kind, []):
                assert f"{table}.{column}" not in found, f"{table}.{column} stands twice"
                found[f"{table}.{column}"] = kind
    return found


def columns() -> dict[str, models.Field[Any, Any]]:
    return {
        f"{model._meta.db_table}.{field.column}": field
        for model in apps.get_models(include_auto_created=True)
        # tables of the tests' own stand for nobody
        if not model.__module__.startswith("tests.")
        for field in model._meta.concrete_fields
    }


def test_every_column_is_classified() -> None:
    """A new column fails here: decide what it says about a person, then write it down."""
    assert sorted(columns().keys() - classified().keys()) == []


def test_no_row_is_stale() -> None:
    assert sorted(classified().keys() - columns().keys()) == []


def test_every_table_has_a_basis_and_an_end() -> None:
    known = inventory()
    for table, about in known["tables"].items():
        assert about["basis"] in known["basis"], table
        assert about["retention"] in known["retention"], table
        if set(about) & {"personal", "sensitive", "sealed"} and about["retention"] != "unused":
            assert about["basis"] != "none", f"{table} holds personal data and says no basis"
    assert {about["retention"] for about in known["tables"].values()} == set(known["retention"]), "an unused word"


def test_bytes_are_sealed_or_an_index() -> None:
    """A column of bytes is a ciphertext or a digest; nothing else is kept as bytes."""
    known = classified()
    of_bytes = {name for name, field in columns().items() if isinstance(field, models.BinaryField)}
    assert {name for name in of_bytes if known[name] not in {"sealed", "index"}} == set()
    assert {name for name, kind in known.items() if kind == "sealed"} - of_bytes == SEALED_IN_TEXT


@pytest.mark.parametrize("word", ["identity", "id_number", "id_card", "bank", "phone"])
def test_numbers_are_never_plain(word: str) -> None:
    """A column named after a number of a person is masked, sealed or an index; organisations publish theirs."""
    published = {"jobs_vacancy.phone", "people_organisation.phone", "places_place.phone", "places_place.phone_hours"}
    plain = {
        name
        for name, kind in classified().items()
        if word in name.partition(".")[2] and kind in {"none", "personal", "sensitive"} and "masked" not in name
    }
    assert plain <= published


@pytest.mark.django_db
def test_sensitive_columns_lie_under_policies() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select relname from pg_class where relrowsecurity and relforcerowsecurity")
        protected = {row[0] for row in cursor.fetchall()} | OWN_POLICY
    sensitive = {name.partition(".")[0] for name, kind in classified().items() if kind == "sensitive"}
    assert sensitive <= protected
