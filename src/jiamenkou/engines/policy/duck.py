"""Plans on DuckDB: in memory, one connection a run, files opened by us and by nobody else."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa
import sqlglot
from sqlglot import exp

from jiamenkou.engines.policy import inputs, memory
from jiamenkou.engines.policy.faults import fail
from jiamenkou.engines.policy.inputs import Facts
from jiamenkou.engines.policy.meaning import Scope
from jiamenkou.engines.policy.plan import Plan, Relation
from jiamenkou.engines.policy.sql import Flavour, Sql, column, named, text

MEMORY = "1GB"


class Overflow(Exception):
    """A value left the range of 64-bit integers."""


class TookTooLong(Exception):
    """The time limit of the run is used up."""


class Duck:
    """A DuckDB with the two files attached. Closes with its ``with`` block."""

    flavour = Flavour.DUCKDB

    def __init__(self, facts: Mapping[Scope, Facts], seconds: float, threads: int = 0) -> None:
        self._spill = tempfile.TemporaryDirectory(prefix="jiamenkou-policy-")
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": MEMORY, "temp_directory": self._spill.name,
            "autoload_known_extensions": False, "autoinstall_known_extensions": False,
        }  # fmt: skip
        if threads:
            settings["threads"] = threads
        self.database = duckdb.connect(config=settings)
        self.seconds = seconds
        self.rows: dict[Scope, str] = {}  # conditions in our own SQL that narrow the base relations
        for scope, one in facts.items():
            inputs.attach(self.database, scope, one)
        allowed = [str(one.path) for one in facts.values()]
        self.database.execute("SET allowed_paths = $1", [allowed])
        self.database.execute("SET disabled_optimizers = 'expression_rewriter,statistics_propagation'")
        self.database.execute("SET enable_external_access = false")
        self.database.execute("SET lock_configuration = true")

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
            inputs.load(self.database, plan.scanned, self.rows)
            outputs = set(plan.kept.values())
            for relation, query in statements(plan):
                if ordered and relation.name in outputs:
                    query = query.order_by(column("unit_id"), copy=False)
                self.database.execute(f"CREATE TEMP TABLE {relation.name} AS {text(query, self.flavour)}")

    def key(self, unit: Scope) -> Sql:
        """The number a unit's household is remembered by (see ``memory``), over a kept relation."""
        names = {"household_id": "unit_id"} if unit is Scope.HOUSEHOLD else {"person_id": "unit_id"}
        tree = sqlglot.parse_one(memory.KEYS[unit], dialect=self.flavour.value)
        for found in tree.find_all(exp.Column):
            found.replace(column(names.get(found.name, found.name)))
        return tree

    def table(self, query: exp.Select) -> pa.Table:
        """The rows of a query over what was kept."""
        with self.guarded():
            return self.database.sql(text(query, self.flavour)).to_arrow_table()


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
        below = [exp.CTE(this=other.query, alias=exp.TableAlias(this=named(other.name))) for other in plan.relations
                 if other.name in wanted]  # fmt: skip
        query = exp.Select(**relation.query.args)
        query.set("with_", exp.With(expressions=below) if below else None)
        yield relation, query
