"""What the database itself refuses to the role that serves, whatever the code above it does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from psycopg import sql
from psycopg.conninfo import make_conninfo

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.access.scope import EVERYTHING, NOTHING, Scope
from jiamenkou.foundation.messages.models import Message
from jiamenkou.foundation.people.models import Resident
from jiamenkou.services.jobs.models import Application
from jiamenkou.site.powers import refuse_powerful_role
from tests.guards import see_everything
from tests.people import make_staff
from tests.trust.parts import open_tables, read_by_all, rows_of_people
from tests.trust.world import World, make_world, town_of

pytestmark = pytest.mark.django_db(transaction=True)

# tables with a resident or a community that no policy holds for, each with the reason
OPEN = {
    "people_accountresident": "read before there is a scope, to make one: only ids",
    "people_attachment": "the residents' own policy asks it, so it cannot ask theirs: only ids and dates",
    "people_transferrequest": "the asking community is not the resident's, and is shown nothing of them: only ids",
    "people_organisation": "a public noun",
    "audit_exportlog": "who took which file when: no word that was searched for",
    "search_publicentry": "public things only",
    "files_storedfile": "names and sizes; bytes are handed out by the view that knows what they belong to",
}
Web = psycopg.Connection[tuple[Any, ...]]


@contextmanager
def as_web(scope: Scope = NOTHING, actor: str = "", reason: str = "") -> Iterator[Web]:
    """A transaction of the serving role in the test's database, undone at the end."""
    url = make_conninfo(os.environ["JIAMENKOU_TEST_WEB_URL"], dbname=connection.settings_dict["NAME"])
    with psycopg.connect(url) as web:
        for name, value in (
            ("communities", "{" + ",".join(map(str, scope.communities)) + "}"),
            ("grids", "{" + ",".join(map(str, scope.grids)) + "}"),
            ("residents", "{" + ",".join(map(str, scope.residents)) + "}"),
            ("everything", "on" if scope.everything else ""),
            ("actor", actor),
            ("reason", reason),
        ):
            web.execute("select set_config(%s, %s, true)", [f"app.{name}", value])
        yield web
        web.rollback()


def counts(web: Web, tables: list[str]) -> dict[str, int]:
    """Rows of people that are seen, by table."""
    counted, somebodys = {}, rows_of_people()
    for table in tables:
        told = sql.SQL("select count(*) from {} where {}")
        rows = sql.SQL(somebodys.get(table, "true"))  # type: ignore[arg-type]
        row = web.execute(told.format(sql.Identifier(table), rows)).fetchone()
        counted[table] = row[0] if row else 0
    return {table: number for table, number in counted.items() if number}


@pytest.fixture
def world(transactional_db: None) -> World:
    """Committed, so that the other connection sees it."""
    with transaction.atomic():
        see_everything()
        return make_world(town_of())


def protected_tables() -> list[str]:
    """Those that are read in a scope only."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relrowsecurity and relforcerowsecurity and relkind = 'r' order by 1"
        )
        return [row[0] for row in cursor.fetchall() if row[0] not in read_by_all()]


def test_without_a_scope_there_is_no_row(world: World) -> None:
    tables = protected_tables()
    assert len(tables) >= 15
    with as_web() as web:
        assert counts(web, [*tables, "audit_auditentry"]) == {}
    with transaction.atomic():
        see_everything()
        lists = (Resident.objects.all(), Application.objects.all(), Message.objects.all())
        there = {rows.model._meta.db_table: rows.count() for rows in lists}
    assert min(there.values()) >= 2
    with as_web(EVERYTHING) as web:
        assert counts(web, list(there)) == there


def test_a_community_sees_its_own_and_nothing_else(world: World) -> None:
    here = Scope(communities=frozenset({world.town.community.pk}))
    with as_web(here) as web:
        seen = {row[0] for row in web.execute("select id from people_resident").fetchall()}
        with transaction.atomic():
            see_everything()
            ours = set(Resident.objects.filter(community=world.town.community).values_list("pk", flat=True))
            assert Resident.objects.exclude(community=world.town.community).exists()
        assert world.here.resident.pk in ours
        assert seen == ours
        for table in ("jobs_application", "jobs_intention", "jobs_placement", "jobs_followup", "inbox_message"):
            found = web.execute(
                sql.SQL("select distinct resident_id from {}").format(sql.Identifier(table))
            ).fetchall()
            assert found == [(world.here.resident.pk,)], table
    grid = Scope(grids=frozenset({world.town.grids[1].pk}))
    with as_web(grid) as web:
        assert counts(web, protected_tables()) == {}


def test_the_scope_of_a_role_is_the_subtree_and_not_the_code(world: World) -> None:
    """The neighbour's code begins with this community's code."""
    with transaction.atomic():
        see_everything()
        officer = make_staff(Role.STREET_OFFICER, world.town.street)
        scope = Actor(officer).scope()
        worker = Actor(make_staff(Role.WORKER, world.town.community)).scope()
    assert scope.communities == {world.town.community.pk, world.town.neighbour.pk}
    assert worker.communities == {world.town.community.pk}


def test_writing_into_another_community_is_refused(world: World) -> None:
    here, there = world.town.community.pk, world.town.neighbour.pk
    mine = Scope(communities=frozenset({here}))
    with as_web(mine, "account:1", "test") as web:
        moved = web.execute("update people_resident set note = 'x' where community_id = %s", [there])
        assert moved.rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            web.execute("update people_resident set community_id = %s", [there])
    with as_web(mine, "account:1", "test") as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute(
            "insert into jobs_call (intention_id, resident_id, outcome, note, at) values (%s, %s, 'renewed', '', now())",
            [world.elsewhere.things["intention"], world.elsewhere.resident.pk],
        )


def test_nothing_is_written_without_an_actor_and_a_reason(world: World) -> None:
    for actor, reason in (("", ""), ("account:1", ""), ("", "why")):
        with (
            as_web(EVERYTHING, actor, reason) as web,
            pytest.raises(psycopg.errors.InsufficientPrivilege, match="no actor"),
        ):
            web.execute("update people_resident set note = 'x'")


@pytest.mark.parametrize(
    "statement",
    [
        'insert into audit_auditentry (at, xid, actor, reason, "table", "row", act, digest, erased)'
        " values (now(), 1, 'a', 'b', 'c', 1, 'insert', '', false)",
        "truncate audit_auditentry",
        "truncate audit_auditseal",
        "drop table audit_auditentry",
        "alter table people_resident disable trigger all",
        "alter table people_resident disable row level security",
        "drop policy read_people_resident on people_resident",
        "set session_replication_role = replica",
        "set role jiamenkou_owner",
        "create or replace function audit_write(text, text, jsonb, jsonb) returns void language sql as ''",
        "copy people_resident to program 'true'",
    ],
)
def test_the_web_role_cannot(world: World, statement: str) -> None:
    with as_web(EVERYTHING, "account:1", "test") as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute(statement)


def test_the_trail_is_not_changed_even_by_who_sees_all_of_it(world: World) -> None:
    with as_web(EVERYTHING, "account:1", "test") as web:
        assert counts(web, ["audit_auditentry"])
        for statement in (
            "update audit_auditentry set actor = 'somebody else'",
            "delete from audit_auditentry",
            "update audit_auditseal set count = 0",
            "delete from audit_auditseal",
            "update audit_epoch set shift = 0",
        ):
            assert web.execute(statement).rowcount == 0, statement


def test_triggers_cannot_be_ignored_by_a_setting(world: World) -> None:
    """The trigger library offers a setting that any session may set; the house has taken it away."""
    with as_web(EVERYTHING, "account:1", "test") as web:
        row = web.execute(
            "select tgname from pg_trigger where tgrelid = 'people_resident'::regclass and not tgisinternal"
        )
        for (name,) in row.fetchall():
            web.execute("select set_config('pgtrigger.ignore', %s, true)", ["{" + name + "}"])
            before = counts(web, ["audit_auditentry"])["audit_auditentry"]
            web.execute("update people_resident set note = note || 'x'")
            assert counts(web, ["audit_auditentry"])["audit_auditentry"] > before


def test_the_trail_of_somebody_with_a_key_is_not_erased(world: World) -> None:
    with (
        as_web(EVERYTHING, "account:1", "test") as web,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="while its key is there"),
    ):
        web.execute("select audit_erase('people_resident', %s)", [world.here.resident.pk])


def test_the_web_role_has_no_powers(world: World) -> None:
    with as_web() as web:
        row = web.execute(
            "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication"
            " from pg_roles where rolname = current_user"
        ).fetchone()
    assert row == (False, False, False, False, False)


def test_every_table_of_people_is_protected_or_says_why() -> None:
    """A new table with a resident or a community fails here until it is protected."""
    of_people = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if {field.column for field in model._meta.concrete_fields} & {"resident_id", "community_id"}
    }
    assert of_people - set(protected_tables()) == set(OPEN) | set(open_tables()) | set(read_by_all())


def test_the_house_does_not_start_as_owner() -> None:
    with pytest.raises(ImproperlyConfigured, match="数据库所有者"):
        refuse_powerful_role()
