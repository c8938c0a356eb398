"""One household on PostgreSQL comes to what a run over the files says of it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import psycopg
import pyarrow.parquet as pq
import pytest
from psycopg.rows import dict_row

from jiamenkou.engines.policy.running import Request, prepare, run
from jiamenkou.engines.policy.single import compile_household
from tests.engines.policy.worlds import HOUSEHOLDS, PEOPLE, World

pytestmark = pytest.mark.postgres
TYPES = {"int": "bigint", "bool": "boolean", "date": "date", "text": "text"}


@pytest.fixture
def database():
    url = os.environ.get("JIAMENKOU_TEST_DATABASE_URL")
    if not url:
        pytest.skip("no PostgreSQL: set JIAMENKOU_TEST_DATABASE_URL")
    with psycopg.connect(url, row_factory=dict_row) as connection:
        yield connection
        connection.rollback()


def fill(connection: psycopg.Connection, table: str, rows: list[dict], columns: dict[str, str]) -> None:
    kinds = {"household_id": "text", "area": "text", **{name: TYPES[kind] for name, kind in columns.items()}}
    listed = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
    names = ", ".join(f'"{name}"' for name in kinds)
    marks = ", ".join(f"%({name})s" for name in kinds)
    connection.execute(f"CREATE TEMP TABLE {table} ({listed})")
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)


@pytest.mark.parametrize("seed", [501, 502, 503, 504])
def test_equals_a_run_over_everybody(seed: int, tmp_path: Path, database: psycopg.Connection) -> None:
    world = World(seed, count=10)
    policies, people, households = world.write(tmp_path)
    request = Request(policies, people, households, world.on, every=True, explain=True)
    run(request, tmp_path / "out")
    homes = {person["person_id"]: person["household_id"] for person in world.people}
    wanted: dict[str, list[tuple]] = {}
    for row in pq.read_table(tmp_path / "out/results.parquet").to_pylist():
        wanted.setdefault(homes.get(row["unit_id"], row["unit_id"]), []).append(tuple(row.values()))
    prepared = prepare(request)
    statement = compile_household(prepared.rules, prepared.values, "people", "households")
    fill(database, "people", world.people, PEOPLE)
    fill(database, "households", world.homes, HOUSEHOLDS)

    for home in [row["household_id"] for row in world.homes]:
        rows = database.execute(statement.sql, {"household": home}).fetchall()
        found = [(one.policy, one.unit_id, one.result, one.amount, one.missing) for one in statement.read(rows)]
        assert found == wanted.get(home, [])


def test_one_household_of_many_takes_milliseconds(tmp_path: Path, database: psycopg.Connection) -> None:
    rules = Path(__file__).resolve().parents[3] / "examples" / "policies"
    from tests.engines.policy.test_examples import HOUSEHOLD, PERSON
    from tests.engines.policy.test_examples import TYPES as ARROW

    kinds = {"int64": "bigint", "bool": "boolean", "string": "text", "date32[day]": "date"}
    for table, facts, ids in (("people", PERSON, "person_id text, "), ("households", HOUSEHOLD, "")):
        columns = ", ".join(f"{name} {kinds[str(ARROW[type(value)])]}" for name, value in facts.items())
        database.execute(f"CREATE TEMP TABLE {table} ({ids}household_id text, area text, {columns})")
    persons = int(os.environ.get("JIAMENKOU_BENCH_PERSONS", "20000"))
    database.execute(
        "INSERT INTO people (person_id, household_id, area, birth_date, wage_net, work_cost) "
        "SELECT 'P' || i, 'H' || i / 3, '320402', date '1980-01-01', i, 0 FROM generate_series(0, %s) i",
        [persons],
    )
    database.execute(
        "INSERT INTO households (household_id, area, savings) SELECT 'H' || i, '320402', i "
        "FROM generate_series(0, %s) i",
        [persons // 3],
    )
    database.execute("CREATE INDEX ON people (household_id)")
    database.execute("CREATE INDEX ON households (household_id)")
    database.execute("ANALYZE people")
    database.execute("ANALYZE households")
    from datetime import date

    from jiamenkou.engines.policy import checking, library
    from jiamenkou.engines.policy.meaning import Kind, Scope, kind_of

    loaded = library.load(rules)
    columns = {
        Scope.PERSON: {name: Kind.DATE if value is None else kind_of(value) for name, value in PERSON.items()},
        Scope.HOUSEHOLD: {name: Kind.DATE if value is None else kind_of(value) for name, value in HOUSEHOLD.items()},
    }
    for scope, ids in (
        (Scope.PERSON, ("person_id", "household_id", "area")),
        (Scope.HOUSEHOLD, ("household_id", "area")),
    ):
        columns[scope] |= dict.fromkeys(ids, Kind.TEXT)
    statement = compile_household(
        checking.check(loaded, columns), checking.in_force(loaded, date(2026, 11, 1)), "people", "households"
    )
    seconds = []
    for number in range(20):
        began = time.perf_counter()
        rows = database.execute(statement.sql, {"household": f"H{number * 7}"}, prepare=True).fetchall()
        seconds.append(time.perf_counter() - began)
        assert len({one.policy for one in statement.read(rows)}) == len(loaded.policies)
    print(
        f"one household of {persons} persons, 13 policies with explanation: {sorted(seconds)[10] * 1000:.1f} ms median"
    )
    assert sorted(seconds)[10] < 0.5
