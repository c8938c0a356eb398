"""The same plans on Spark (``pip install jiamenkou[spark]``), for more people than one machine holds.

PySpark is imported only here and only when asked for. What the plan keeps comes back to DuckDB, which
writes the files as it always does, so they are the same byte for byte; fingerprints are DuckDB's
alone, a later ``--since`` on such a folder is a full run.
"""

from __future__ import annotations

import importlib
import os
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from jiamenkou.engines.policy import delta, exp, inputs, results, verdicts
from jiamenkou.engines.policy.duck import Duck, Overflow, statements
from jiamenkou.engines.policy.faults import WrongUse
from jiamenkou.engines.policy.inputs import Facts
from jiamenkou.engines.policy.meaning import Scope
from jiamenkou.engines.policy.plan import FILES, Plan
from jiamenkou.engines.policy.results import RESULT_COLUMNS, RESULT_FILE, Folder, Line
from jiamenkou.engines.policy.running import Request, named_errors, prepare, remembered, summary
from jiamenkou.engines.policy.sql import Flavour, text
from jiamenkou.engines.policy.verdicts import Wanted

SETTINGS = {
    "spark.sql.ansi.enabled": "true",  # an overflow is an error, never a wrong number
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}


class Spark:
    """A Spark session with the two files attached; the session is kept for the next run of the process."""

    flavour = Flavour.SPARK

    def __init__(self, facts: dict[Scope, Facts]) -> None:
        try:
            sql: Any = importlib.import_module("pyspark.sql")
        except ImportError as error:
            raise WrongUse("没有安装 Spark：pip install jiamenkou[spark]") from error
        # It prints every failing query as JSON on stderr, which is ours for one plain line.
        importlib.import_module("pyspark.logger").PySparkLogger.getLogger("SQLQueryContextLogger").disabled = True
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = sql.SparkSession.builder.appName("jiamenkou-policy")
        if "MASTER" not in os.environ and "SPARK_REMOTE" not in os.environ:
            builder = builder.master("local[*]").config("spark.sql.shuffle.partitions", "4")
        for name, value in SETTINGS.items():
            builder = builder.config(name, value)
        self.session: Any = builder.getOrCreate()
        self.session.sparkContext.setLogLevel("OFF")
        self._typed = TemporaryDirectory(prefix="jiamenkou-policy-")
        self._views: list[str] = []
        for scope, one in facts.items():
            path = one.path
            if one.table is not None:  # a CSV, typed by content: Spark reads what DuckDB reads
                path = Path(self._typed.name, f"{scope.value}.parquet")
                pq.write_table(one.table, path)
            frame = self.session.read.parquet(str(path.absolute()))
            for name in (FILES[scope], inputs.whole(scope)):
                self._view(frame, name)

    def _view(self, frame: Any, name: str) -> None:
        frame.createOrReplaceTempView(name)
        self._views.append(name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.session.catalog.clearCache()
        for name in self._views:
            self.session.catalog.dropTempView(name)
        self._typed.cleanup()

    def keep(self, plan: Plan) -> None:
        """Compute what is kept, and forget how: a plan this deep is not analysed again for every policy."""
        for relation, query in statements(plan):
            try:
                frame = self._frame(query).localCheckpoint(eager=True)
            except Exception as error:
                raise _ours(error) from error
            self._view(frame, relation.name)

    def rows(self, relation: str) -> pa.Table:
        """A kept relation, sorted by unit. Raises Overflow."""
        try:
            return self.session.sql(f"SELECT * FROM {relation} ORDER BY unit_id").toArrow()  # noqa: S608 - generated
        except Exception as error:
            raise _ours(error) from error

    def _frame(self, query: exp.Select) -> Any:
        return self.session.sql(text(query, self.flavour))


def _ours(error: Exception) -> Exception:
    """Spark's overflow in our words; anything else stays what it is."""
    words = ("ARITHMETIC_OVERFLOW", "CAST_OVERFLOW", "NUMERIC_VALUE_OUT_OF_RANGE", "BINARY_ARITHMETIC_OVERFLOW")
    return Overflow(str(error)) if any(word in str(error) for word in words) else error


def run(request: Request, out: Path, since: Path | None = None) -> list[Line]:
    """Evaluate every policy in force on Spark and write ``out``; with ``since`` also what changed from there.

    Spark computes the kept relations; DuckDB checks the ids before and writes the files after.
    """
    prepared = prepare(request)
    if since is not None and delta.columns_of(since / RESULT_FILE, prepared.spare[0]) != RESULT_COLUMNS:
        raise WrongUse(f"{since} 不是结果目录")
    wanted = Wanted(request.every, request.explain)
    plan = verdicts.make(prepared.rules, prepared.values, Spark.flavour, wanted)
    with named_errors(prepared, request.seconds), Folder(out) as folder:
        folders = [folder.part, *([] if since is None else [since])]
        with Duck(prepared.facts, request.seconds, 1, folders, prepared.spare) as duck:
            with duck.guarded():
                inputs.verify(duck.database, prepared.facts)
            with Spark(prepared.facts) as spark:
                spark.keep(plan)
                for relation in plan.kept.values():
                    duck.take(relation, spark.rows(relation))
            lines = results.write(duck, plan, prepared.rules, wanted, folder)
            if since is not None:
                with duck.guarded():
                    results.write_changes(duck, since, folder)
        replace(remembered(request, prepared, plan), digest="").write(folder.part)
    return summary(prepared.library, lines)
