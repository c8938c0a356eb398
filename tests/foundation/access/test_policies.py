"""Row-level policies: reading asks one condition, and an older house comes to the same."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection

SPLIT = import_module("jiamenkou.foundation.access.migrations.0005_policies_by_command")._SPLIT

_POLICIES = """
    select cmd, coalesce(qual, ''), coalesce(with_check, '') from pg_policies
     where schemaname = current_schema() and tablename = %s order by cmd
"""


def _policies(table: str) -> list[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_POLICIES, [table])
        return list(cursor.fetchall())


@pytest.mark.django_db
def test_no_table_asks_two_conditions_to_be_read() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select tablename from pg_policies where schemaname = current_schema() and cmd in ('ALL', 'SELECT') "
            "group by tablename having count(*) > 1"
        )
        assert cursor.fetchall() == []


@pytest.mark.django_db
def test_a_house_with_one_policy_for_all_commands_becomes_what_a_new_one_is() -> None:
    table = "jobs_application"
    new = _policies(table)
    assert [command for command, _, _ in new] == ["DELETE", "INSERT", "SELECT", "UPDATE"]
    (seen,) = [seen for command, seen, _ in new if command == "UPDATE"]
    with connection.cursor() as cursor:
        for name in ("add", "change", "remove"):
            cursor.execute(f"drop policy {name}_{table} on {table}")
        cursor.execute(f"create policy write_{table} on {table} for all using ({seen}) with check ({seen})")
        assert [command for command, _, _ in _policies(table)] == ["ALL", "SELECT"]
        cursor.execute(SPLIT)
        assert _policies(table) == new
        # a second time there is nothing to do
        cursor.execute(SPLIT)
    assert _policies(table) == new
