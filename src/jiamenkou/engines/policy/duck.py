"""Plans on DuckDB: in memory, one connection a run, files opened by us and by nobody else."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import _duckdb as duckdb  # see ``inputs``

from jiamenkou.engines.policy import exp, inputs, packing
from jiamenkou.engines.policy.faults import fail
from jiamenkou.engines.policy.inputs import Facts
from jiamenkou.engines.policy.meaning import Scope
from jiamenkou.engines.policy.plan import Plan, Relation
from jiamenkou.engines.policy.sql import Flavour, literal, text

MEMORY = "1GB"


class Overflow(Exception):
    """A value left the range of 64-bit integers."""


class TookTooLong(Exception):
    """The time limit of the run is used up."""


class Duck:
    """A DuckDB with the two files attached; beside them it opens only what lies in ``folders``. Closes with its
    ``with`` block."""

    flavour = Flavour.DUCKDB

    def __init__(
        self,
        facts: Mapping[Scope, Facts],
        seconds: float,
        threads: int = 0,
        folders: Sequence[Path] = (),
        spare: list[duckdb.DuckDBPyConnection] | None = None,
    ) -> None:
        self._spill = tempfile.TemporaryDirectory(prefix="jiamenkou-policy-")
        self.database = spare.pop() if spare else inputs.connect()
        self.database.execute(f"SET memory_limit = '{MEMORY}'; SET temp_directory = {literal(self._spill.name)}")
        self.database.execute("SET autoload_known_extensions = false; SET autoinstall_known_extensions = false")
        self.database.execute(f"SET threads = {threads}" if threads else "RESET threads")
        self.seconds = seconds
        self.rows: dict[Scope, str] = {}  # conditions in our own SQL that narrow the base relations
        for scope, one in facts.items():
            inputs.attach(self.database, scope, one)
        allowed = [str(one.path) for one in facts.values()]
        self.database.execute("SET allowed_paths = $1", [allowed])
        self.database.execute("SET allowed_directories = $1", [[str(one) for one in folders]])
        self.database.execute("SET enable_external_access = false")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.database.close()
        self._spill.cleanup()

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Errors of the engine in our words; the time limit enforced."""
        done = threading.Event()

        def stop() -> None:
            if not done.wait(self.seconds):
                self.database.interrupt()

        watch = threading.Thread(target=stop, daemon=True)
        watch.start()
        try:
            yield
        except (duckdb.OutOfRangeException, duckdb.ConversionException) as error:
            raise Overflow(str(error)) from error
        except duckdb.InterruptException as error:
            raise TookTooLong from error
        except duckdb.Error as error:
            raise fail("duckdb", f"计算没有完成：{str(error).splitlines()[0]}") from error
        finally:
            done.set()

    def keep(self, plan: Plan, *, ordered: bool) -> None:
        """Store the plan's outputs as tables, sorted by unit if so wished. Raises Overflow, TookTooLong."""
        with self.guarded():
            if not plan.calm:  # these two turn ``x * c > 0`` into ``x > 0`` and so hide an overflow
                self.database.execute("SET disabled_optimizers = 'expression_rewriter,statistics_propagation'")
            self.database.execute("SET lock_configuration = true")
            inputs.load(self.database, plan.scanned, self.rows)
            outputs = set(plan.kept.values())
            for relation, query in statements(plan):
                if ordered and relation.name in outputs:
                    for statement in packing.statements(plan, relation, query):
                        self.database.execute(statement)
                else:
                    self.database.execute(f"CREATE TEMP TABLE {relation.name} AS {text(query, self.flavour)}")

    def take(self, relation: str, rows: Any) -> None:
        """Keep the rows of an Arrow table that another engine computed."""
        with self.guarded():
            inputs.register(self.database, "taken", rows)
            self.database.execute(f"CREATE TEMP TABLE {relation} AS SELECT * FROM taken")  # noqa: S608 - generated
            self.database.unregister("taken")

    def execute(self, query: str) -> None:
        self.database.execute(query)

    def rows_of(self, query: str) -> list[tuple[Any, ...]]:
        return self.database.execute(query).fetchall()

    def table(self, query: exp.Select) -> list[dict[str, Any]]:
        """The rows of a query over what was kept, few of them, by name."""
        with self.guarded():
            found = self.database.execute(text(query, self.flavour))
            names = [str(column[0]) for column in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


class Aside:
    """A query whose one value is found beside the run, on a core that it leaves idle: the rows of one group of a
    Parquet file are read by one core. Ends with its ``with`` block, found or not."""

    def __init__(self, database: inputs.Database, query: str) -> None:
        self._database, self._query = database, query
        self._found: list[tuple[Any, ...]] = []
        self._error: Exception | None = None
        self._work = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._work.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        if self._work.is_alive():
            self._database.interrupt()
            self._work.join()
        self._database.close()

    def value(self, seconds: float) -> Any:
        """Wait for it. Raises TookTooLong after ``seconds``, and the database's own errors."""
        self._work.join(seconds)
        if self._work.is_alive():
            raise TookTooLong
        if self._error is not None:
            raise self._error
        return self._found[0][0]

    def _run(self) -> None:
        try:
            self._found = self._database.execute(self._query).fetchall()
        except Exception as error:
            self._error = error


def statements(plan: Plan) -> Iterator[tuple[Relation, exp.Select]]:
    """The kept relations in order, each with the relations that it needs and that are not kept as its ``WITH``."""
    known = {relation.name: relation for relation in plan.relations}
    needs = {relation.name: relation.sources() & known.keys() for relation in plan.relations}
    for relation in plan.relations:
        if not relation.kept:
            continue
        wanted, pending = set[str](), [relation.name]
        while pending:
            for name in needs[pending.pop()] - wanted:
                if not known[name].kept:
                    wanted.add(name)
                    pending.append(name)
        below = [(other.name, other.query) for other in plan.relations if other.name in wanted]
        yield relation, replace(relation.query, below=below)
