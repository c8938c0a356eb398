"""What a run remembers beside its results so that the next one can do less: ``run.json`` and fingerprints.

A household's fingerprint is a 64-bit hash over the facts of it and of its members that the policies
use; a person without a household has one alone. They are found again by a 64-bit hash of
the id. Only equality matters: a missed change needs two equal hashes by accident, about one
in 10^19 per changed household.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jiamenkou.engines.policy import inputs
from jiamenkou.engines.policy.inputs import Facts, whole
from jiamenkou.engines.policy.meaning import Scope
from jiamenkou.engines.policy.plan import Plan

RUN_FILE, PRINT_FILE = "run.json", "fingerprints.parquet"
PRINT_SCHEMA = pa.schema([("key", pa.uint64()), ("print", pa.uint64())])
_FORM = 1  # raise when the meaning of what is remembered changes
_HOME, _ALONE = "hash(CAST(household_id AS VARCHAR))", "hash(CAST(person_id AS VARCHAR), 'alone')"
KEYS = {Scope.PERSON: f"CASE WHEN household_id IS NULL THEN {_ALONE} ELSE {_HOME} END", Scope.HOUSEHOLD: _HOME}


@dataclass(frozen=True, slots=True)
class Run:
    """``digest`` stands for everything but day and data: policies, settings, options, columns, versions."""

    day: date
    digest: str

    def write(self, folder: Path) -> None:
        document = asdict(self) | {"day": self.day.isoformat()}
        (folder / RUN_FILE).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def read(folder: Path) -> Run | None:
    """What the run in ``folder`` remembered; None where it is absent or not ours to read."""
    try:
        document = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
        return Run(date.fromisoformat(document["day"]), str(document["digest"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def digest(policies: Path, facts: dict[Scope, Facts], options: object) -> str:
    """A digest of the policy files as they are, the columns of the data, the options and the database's version."""
    found = hashlib.sha256(f"{_FORM} {duckdb.__version__} {options!r}".encode())
    for path in sorted(policies.iterdir()):
        if path.suffix in {".yaml", ".yml"}:
            found.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    for scope in Scope:
        found.update(repr(sorted((name, kind.name) for name, kind in facts[scope].columns.items())).encode())
    return found.hexdigest()


def fingerprints(database: duckdb.DuckDBPyConnection, plan: Plan, facts: Mapping[Scope, Facts]) -> pa.Table:
    """Key and print of every household, and of every person without one; the ids are verified on the way.

    Each key should come from exactly one row of the households, or from one person without; only where it does not
    is the exact and slower look worth taking. Raises PolicyError as ``inputs.verify`` does.
    """
    alone = "CASE WHEN household_id IS NULL THEN 1 ELSE 0 END"
    parts = []
    for scope, homes in ((Scope.PERSON, alone), (Scope.HOUSEHOLD, "1")):
        columns = f"{KEYS[scope]} AS key, {_print(plan, scope)} AS print, {homes} AS homes"
        parts.append(f"SELECT {columns} FROM {whole(scope)}")  # noqa: S608
    rows = " UNION ALL ".join(parts)
    query = f"SELECT key, bit_xor(print) AS print, sum(homes) AS homes FROM ({rows}) GROUP BY key"  # noqa: S608
    found = database.sql(query).to_arrow_table()
    inputs.verify_ids(database, Scope.PERSON, facts[Scope.PERSON])
    if pc.any(pc.not_equal(found["homes"], 1)).as_py():
        inputs.verify(database, facts)
    return found.select(PRINT_SCHEMA.names).cast(PRINT_SCHEMA)


def gathered(database: duckdb.DuckDBPyConnection, plan: Plan, facts: Mapping[Scope, Facts]) -> pa.Table:
    """As ``fingerprints``, after the plan was kept and from the hashes it took on its way (``plan.prints``)."""
    assert plan.prints is not None
    own, members, count = astuple(plan.prints)
    query = f"""SELECT hash(unit_id) AS key, xor({own}, coalesce({members}, CAST(0 AS UBIGINT))) AS print,
        coalesce({count}, 0) AS members FROM {plan.kept[Scope.HOUSEHOLD]}"""  # noqa: S608 - generated names
    lonely = f"""SELECT {KEYS[Scope.PERSON]} AS key, {_print(plan, Scope.PERSON)} AS print, 1 AS members
        FROM {whole(Scope.PERSON)} WHERE household_id IS NULL"""  # noqa: S608
    if "household_id" not in facts[Scope.PERSON].complete:
        query += f" UNION ALL {lonely}"
    found = database.sql(query).to_arrow_table()
    inputs.verify_ids(database, Scope.PERSON, facts[Scope.PERSON])
    (row,) = database.sql(f"SELECT count(*) FROM {whole(Scope.PERSON)}").fetchall()  # noqa: S608
    # No key stands twice, nobody was left over, no household lacks its id: the households are in order.
    unsure = "household_id" not in facts[Scope.HOUSEHOLD].complete
    if unsure or inputs.repeats(found["key"].to_numpy()) or pc.sum(found["members"]).as_py() != row[0]:
        inputs.verify(database, facts)
    return found.select(PRINT_SCHEMA.names).cast(PRINT_SCHEMA)


def _print(plan: Plan, scope: Scope) -> str:
    """The hash of one row, as ``ground`` takes it too."""
    quoted = ('"' + name.replace('"', '""') + '"' for name in plan.scanned.get(scope, ()))
    columns = ", ".join([f"'{scope.value}'", *quoted])
    return f"hash({columns})"


def write_fingerprints(folder: Path, table: pa.Table) -> None:
    pq.write_table(table, folder / PRINT_FILE, compression="none", use_dictionary=False, write_statistics=False)


def read_table(path: Path, **options: Any) -> pa.Table | None:
    """A Parquet file of ours, None where it is absent or damaged."""
    try:
        return pq.read_table(path, **options)
    except (OSError, pa.ArrowException):
        return None
