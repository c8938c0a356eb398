"""What a run remembers beside its results so that the next one can do less: ``run.json`` and fingerprints.

A household's fingerprint is a 64-bit hash over the facts of it and of its members that the policies
use; a person without a household has one alone. They are found again by a 64-bit hash of
the id. Only equality matters: a missed change needs two equal hashes by accident, about one
in 10^19 per changed household.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

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


def fingerprints(database: duckdb.DuckDBPyConnection, plan: Plan) -> pa.Table:
    """Key and print of every household, and of every person without one."""
    parts = []
    for scope in Scope:
        quoted = ('"' + name.replace('"', '""') + '"' for name in plan.scanned.get(scope, ()))
        columns = [f"'{scope.value}'", *quoted]
        parts.append(f"SELECT {KEYS[scope]} AS key, hash({', '.join(columns)}) AS print FROM {whole(scope)}")  # noqa: S608
    query = f"SELECT key, bit_xor(print) AS print FROM ({' UNION ALL '.join(parts)}) GROUP BY key"  # noqa: S608
    return database.sql(query).to_arrow_table().cast(PRINT_SCHEMA)


def write_fingerprints(folder: Path, table: pa.Table) -> None:
    pq.write_table(table, folder / PRINT_FILE, compression="none", use_dictionary=False, write_statistics=False)


def read_table(path: Path, **options: Any) -> pa.Table | None:
    """A Parquet file of ours, None where it is absent or damaged."""
    try:
        return pq.read_table(path, **options)
    except (OSError, pa.ArrowException):
        return None
