"""What a run remembers beside its results so that the next one can do less: ``run.json`` and fingerprints.

A household's fingerprint is a 64-bit hash over the facts of it and of its members that the policies
use, and over their number; a person without a household has one alone. They are found again by a 64-bit hash of
the id. Only equality matters: a missed change needs two equal hashes by accident, about one
in 10^19 per changed household.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import _duckdb as duckdb  # see ``inputs``

from jiamenkou.engines.policy import inputs
from jiamenkou.engines.policy.duck import Aside, Duck
from jiamenkou.engines.policy.inputs import Facts, whole
from jiamenkou.engines.policy.meaning import Scope
from jiamenkou.engines.policy.plan import FILES, IDS, Plan
from jiamenkou.engines.policy.sql import literal, quoted

RUN_FILE, PRINT_FILE = "run.json", "fingerprints.parquet"
_FORM = 4  # raise when the meaning of what is remembered changes
_HOME, _ALONE = "hash(CAST(household_id AS VARCHAR))", "hash(CAST(person_id AS VARCHAR), 'alone')"
KEYS = {Scope.PERSON: f"CASE WHEN household_id IS NULL THEN {_ALONE} ELSE {_HOME} END", Scope.HOUSEHOLD: _HOME}
_PRINTS = "FORMAT parquet, COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1"


@dataclass(frozen=True, slots=True)
class Run:
    """``digest`` stands for everything but day and data: policies, settings, options, columns, versions; it is empty
    where nothing can be taken over. ``units`` says of each policy in force whether it is about persons."""

    day: date
    digest: str
    units: Mapping[str, str]

    def write(self, folder: Path) -> None:
        document = asdict(self) | {"day": self.day.isoformat()}
        (folder / RUN_FILE).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def read(folder: Path) -> Run | None:
    """What the run in ``folder`` remembered; None where it is absent or not ours to read."""
    try:
        document = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
        units = {str(id_): str(unit) for id_, unit in document["units"].items()}
        return Run(date.fromisoformat(document["day"]), str(document["digest"]), units)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
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


def fingerprints(duck: Duck, plan: Plan, facts: Mapping[Scope, Facts], *, ids: bool) -> None:
    """Make the table ``prints``: key and print of every household, and of every person without one.

    Each key should come from exactly one row of the households, or from one person without; only where it does not
    is the exact and slower look worth taking. With ``ids`` the persons' are looked at too, else see ``verified``.
    Raises PolicyError as ``inputs.verify`` does.
    """
    # Members are counted in the lower half of a number and homes in the upper: one sum is less than two counts.
    home, alone = 1 << 32, f"CASE WHEN household_id IS NULL THEN {(1 << 32) + 1} ELSE 1 END"
    if "household_id" in facts[Scope.PERSON].seen.complete:
        alone = "1"
    parts = []
    for scope, counted in ((Scope.PERSON, alone), (Scope.HOUSEHOLD, home)):
        columns = f"{KEYS[scope]} AS key, {_print(plan, scope)} AS print, CAST({counted} AS BIGINT) AS counted"
        parts.append(f"SELECT {columns} FROM {whole(scope)}")  # noqa: S608 - our own names, quoted
    rows = " UNION ALL ".join(parts)
    duck.execute(f"""CREATE TEMP TABLE prints AS SELECT key,
        CASE WHEN counted % {home} = 0 THEN together ELSE xor(together, hash(counted % {home})) END AS print,
        CAST(counted // {home} AS INTEGER) AS homes
        FROM (SELECT key, bit_xor(print) AS together, sum_no_overflow(counted) AS counted FROM ({rows}) GROUP BY key)
        """)  # noqa: S608 - our own names, quoted
    if ids:
        inputs.verify_ids(duck.database, Scope.PERSON, facts[Scope.PERSON])
    if duck.rows_of("SELECT 1 FROM prints WHERE homes <> 1 LIMIT 1"):
        inputs.verify(duck.database, facts)


@contextmanager
def verified(duck: Duck, plan: Plan, facts: Mapping[Scope, Facts]) -> Iterator[None]:
    """Verify the persons' ids, beside what is done within, where only those of the ``affected`` households may be new
    since a run that did.

    The others are who they were: their households' prints say so, and count them. So nobody else may have the id of
    one of the affected, nor two of these the same. Raises PolicyError as ``inputs.verify`` does.
    """
    cell, people = "CAST(person_id AS VARCHAR)", facts[Scope.PERSON]
    shared = people.table is None  # an Arrow table is known to one connection alone
    everybody = inputs.stored(people.path) if shared else whole(Scope.PERSON)
    few = FILES[Scope.PERSON]
    if Scope.PERSON not in plan.scanned:
        few = f"{whole(Scope.PERSON)} WHERE {duck.rows[Scope.PERSON]}"
    with duck.guarded():
        duck.execute(f"CREATE TABLE few AS SELECT {cell} AS id FROM {few}")  # noqa: S608 - our own names, quoted
        ((rows, known, different),) = duck.rows_of("SELECT count(*), count(id), count(DISTINCT id) FROM few")
    query = f"SELECT count(*) FROM {everybody} WHERE {cell} IN (SELECT id FROM few)"  # noqa: S608 - our own names, quoted
    with Aside(duck.database.cursor(), query) if shared else nullcontext() as aside:
        yield
        with duck.guarded():
            found = duck.rows_of(query)[0][0] if aside is None else aside.value(duck.seconds)
            if not rows == known == different == found:
                inputs.verify(duck.database, facts)


def gathered(duck: Duck, plan: Plan, facts: Mapping[Scope, Facts]) -> None:
    """As ``fingerprints``, after the plan was kept and from the hashes it took on its way (``plan.prints``)."""
    assert plan.prints is not None
    query = f"""SELECT hash(unit_id) AS key, {plan.prints.all} AS print, {plan.prints.count} AS members
        FROM {plan.kept[Scope.HOUSEHOLD]}"""  # noqa: S608 - generated names
    lonely = f"""SELECT {KEYS[Scope.PERSON]} AS key, xor({_print(plan, Scope.PERSON)}, hash(CAST(1 AS BIGINT))) AS print, 1 AS members
        FROM {whole(Scope.PERSON)} WHERE household_id IS NULL"""  # noqa: S608 - our own names, quoted
    if "household_id" not in facts[Scope.PERSON].seen.complete:
        query += f" UNION ALL {lonely}"
    duck.execute(f"CREATE TEMP VIEW prints AS {query}")
    inputs.verify_ids(duck.database, Scope.PERSON, facts[Scope.PERSON])
    # Nobody was left over or counted twice, and no household without members stands twice: the households are in order.
    ((found, empty),) = duck.rows_of("SELECT sum(members), count(*) FILTER (members = 0) FROM prints")
    different = 0
    if empty:
        ((different,),) = duck.rows_of("SELECT count(DISTINCT key) FROM prints WHERE members = 0")
    unsure = "household_id" not in facts[Scope.HOUSEHOLD].seen.complete
    if unsure or (found or 0) != facts[Scope.PERSON].seen.rows or empty != different:
        inputs.verify(duck.database, facts)


def _print(plan: Plan, scope: Scope) -> str:
    """The hash of one row, as ``ground`` takes it too."""
    names = [name for name in plan.scanned.get(scope, ()) if name != "household_id"] or [IDS[scope]]
    return f"hash({', '.join(map(quoted, names))})"


def write_fingerprints(duck: Duck, folder: Path) -> None:
    columns = "TRY(key) AS key, TRY(print) AS print"  # see ``results.copy``
    duck.execute(f"COPY (SELECT {columns} FROM prints) TO {literal(str(folder / PRINT_FILE))} ({_PRINTS})")  # noqa: S608 - our own names, quoted
