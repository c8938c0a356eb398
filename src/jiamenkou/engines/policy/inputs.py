"""The two files of facts: Parquet or CSV, told apart by their first bytes, checked before anything runs.

CSV columns are typed by content: integers of 64 bits without leading zeros, ``true`` and
``false``, ISO dates, else text; ids and area stay text. Only an empty cell is null.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from jiamenkou.engines.policy.faults import WrongUse, fail
from jiamenkou.engines.policy.meaning import Kind, Scope
from jiamenkou.engines.policy.plan import FILES, IDS

TEXT_COLUMNS = frozenset({"person_id", "household_id", "area"})
_INTEGER = "-?(0|[1-9][0-9]*)"
_NUMBER = r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?"
_BLOCK = 16 * 1024 * 1024  # a CSV line may be this long


@dataclass(frozen=True, slots=True)
class Facts:
    """One file: where it is, what its columns hold, and its rows where they are not Parquet.

    ``complete`` are the columns that are known to hold no null.
    """

    path: Path
    columns: dict[str, Kind]
    complete: frozenset[str]
    table: pa.Table | None

    @property
    def name(self) -> str:
        return self.path.name


def read(path: Path, scope: Scope) -> Facts:
    """Look at a file: its columns and their types. Raises WrongUse where there is none, PolicyError for a bad one."""
    try:
        with path.open("rb") as file:
            parquet = file.read(4) == b"PAR1"
    except OSError as error:
        raise WrongUse(f"文件无法读取：{path}") from error
    try:
        facts = _parquet(path) if parquet else _delimited(path)
    except (pa.ArrowException, OSError, UnicodeDecodeError, csv.Error) as error:
        kind = "Parquet" if parquet else "UTF-8 编码、逗号分隔的 CSV"
        raise fail(path.name, f"不是完好的 {kind} 文件") from error
    seen: dict[str, str] = {}
    for name in facts.columns:
        if seen.setdefault(name.casefold(), name) != name:
            raise fail(path.name, f"列名 {seen[name.casefold()]} 与 {name} 只有大小写不同")
    for name in (IDS[scope], "household_id", "area"):
        if name not in facts.columns:
            raise fail(path.name, f"缺少列 {name}")
    return facts


def _parquet(path: Path) -> Facts:
    schema = pq.read_schema(path)
    _unique(path, schema.names)
    columns: dict[str, Kind] = {}
    for column in schema:
        kind = _kind(column.type)
        if pa.types.is_floating(column.type) or pa.types.is_decimal(column.type):
            raise fail(path.name, f"列 {column.name} 是小数；金额以分为单位，用整数")
        if kind is not None:
            columns[column.name] = Kind.TEXT if column.name in TEXT_COLUMNS else kind
    return Facts(path, columns, _complete(path), None)


def _complete(path: Path) -> frozenset[str]:
    """The columns without a null by the file's own statistics."""
    metadata = pq.read_metadata(path)
    open_: set[str] = set()
    names = [metadata.schema.column(index).path for index in range(metadata.num_columns)]
    for group in range(metadata.num_row_groups):
        for index, name in enumerate(names):
            found = metadata.row_group(group).column(index).statistics
            if found is None or not found.has_null_count or found.null_count:
                open_.add(name)
    return frozenset(names) - open_


def _kind(type_: pa.DataType) -> Kind | None:
    """The type of a Parquet column; None for one that no expression can name (lists, times of day …)."""
    types = pa.types
    if types.is_dictionary(type_):
        return _kind(type_.value_type)
    if types.is_integer(type_):
        return Kind.INTEGER
    if types.is_boolean(type_):
        return Kind.BOOLEAN
    if types.is_date(type_) or types.is_timestamp(type_):  # data frames write days as instants at midnight
        return Kind.DATE
    if types.is_null(type_):
        return Kind.NULL
    texts = (types.is_string, types.is_large_string, types.is_string_view)
    return Kind.TEXT if any(test(type_) for test in texts) else None


def _unique(path: Path, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or "" in names:
        raise fail(path.name, f"列名 {twice[0]} 重复" if twice else "有一列没有名称")


def _delimited(path: Path) -> Facts:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file, strict=True), [])
    if not header:
        raise fail(path.name, "文件是空的")
    _unique(path, header)
    import pyarrow.csv  # only here: a run over Parquet need not load it

    reading = pyarrow.csv.ReadOptions(block_size=_BLOCK)
    parsing = pyarrow.csv.ParseOptions(newlines_in_values=True)
    converting = pyarrow.csv.ConvertOptions(
        column_types=dict.fromkeys(header, pa.string()), null_values=[""],
        strings_can_be_null=True, quoted_strings_can_be_null=True,
    )  # fmt: skip
    table = pyarrow.csv.read_csv(path, reading, parsing, converting)
    with duckdb.connect() as database:
        database.register("written", table)
        kinds = {name: Kind.TEXT if name in TEXT_COLUMNS else _content(database, path, name) for name in header}
        listed = ", ".join(_typed(name, kind) for name, kind in kinds.items())
        typed = database.sql(f"SELECT {listed} FROM written").to_arrow_table()  # noqa: S608
    return Facts(path, kinds, frozenset(name for name in header if not typed[name].null_count), typed)


def _content(database: duckdb.DuckDBPyConnection, path: Path, name: str) -> Kind:
    """The type that every cell of a column agrees on."""
    cell = _quoted(name)
    (row,) = database.sql(
        f"""SELECT count({cell}),
            bool_and(regexp_full_match({cell}, '{_INTEGER}') AND TRY_CAST({cell} AS BIGINT) IS NOT NULL),
            bool_and({cell} IN ('true', 'false')),
            bool_and(regexp_full_match({cell}, '\\d{{4}}-\\d\\d-\\d\\d') AND TRY_CAST({cell} AS DATE) IS NOT NULL),
            bool_and(regexp_full_match({cell}, '{_NUMBER}')),
            bool_or(regexp_matches({cell}, '[.eE]')) FROM written WHERE {cell} IS NOT NULL"""  # noqa: S608 - the name is quoted
    ).fetchall()
    count, integers, booleans, dates, numbers, points = row
    if count == 0:
        return Kind.NULL
    if numbers and points:
        raise fail(path.name, f"列 {name} 是小数；金额以分为单位，用整数")
    return Kind.INTEGER if integers else Kind.BOOLEAN if booleans else Kind.DATE if dates else Kind.TEXT


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _typed(name: str, kind: Kind) -> str:
    types = {Kind.INTEGER: "BIGINT", Kind.BOOLEAN: "BOOLEAN", Kind.DATE: "DATE"}
    return f"CAST({_quoted(name)} AS {types[kind]}) AS {_quoted(name)}" if kind in types else _quoted(name)


def whole(scope: Scope) -> str:
    """The relation that holds all rows of a file, whatever the base relation is narrowed to."""
    return f"whole_{FILES[scope]}"


def attach(database: duckdb.DuckDBPyConnection, scope: Scope, facts: Facts) -> None:
    """Make the whole file readable as ``whole(scope)``."""
    if facts.table is not None:
        database.register(whole(scope), facts.table)
    else:
        literal = "'" + str(facts.path).replace("'", "''") + "'"
        database.execute(f"CREATE TEMP VIEW {whole(scope)} AS SELECT * FROM read_parquet({literal})")  # noqa: S608


def load(
    database: duckdb.DuckDBPyConnection, scanned: Mapping[Scope, Sequence[str]], rows: Mapping[Scope, str]
) -> None:
    """Make the base relations: the scanned columns of the rows for which a condition (our own SQL) holds.

    All rows are read where they lie, each time with only the columns wanted then; a few rows are stored.
    """
    for scope, names in scanned.items():
        kind, where = ("TABLE", f" WHERE {rows[scope]}") if scope in rows else ("VIEW", "")
        listed = ", ".join(_quoted(name) for name in names)
        query = f"SELECT {listed} FROM {whole(scope)}{where}"  # noqa: S608 - names are quoted, the condition is ours
        database.execute(f"CREATE OR REPLACE TEMP {kind} {FILES[scope]} AS {query}")


def verify(database: duckdb.DuckDBPyConnection, facts: Mapping[Scope, Facts]) -> None:
    """Raise PolicyError for null or duplicate ids and for households that the households file does not have."""
    for scope in Scope:
        verify_ids(database, scope, facts[scope])
    strangers = f"""SELECT min(CAST(p.household_id AS VARCHAR)) FROM {whole(Scope.PERSON)} p ANTI JOIN
        {whole(Scope.HOUSEHOLD)} h ON CAST(p.household_id AS VARCHAR) = CAST(h.household_id AS VARCHAR)
        WHERE p.household_id IS NOT NULL"""  # noqa: S608
    if (stranger := _one(database, strangers)) is not None:
        raise fail(facts[Scope.PERSON].name, f"家庭文件里没有 household_id {stranger}")


def verify_ids(database: duckdb.DuckDBPyConnection, scope: Scope, facts: Facts) -> None:
    """Raise PolicyError for null or duplicate ids of one file."""
    cell, relation = f"CAST({IDS[scope]} AS VARCHAR)", whole(scope)
    hashes = database.sql(f"SELECT hash({cell}) AS hash FROM {relation} WHERE {cell} IS NOT NULL")  # noqa: S608
    found = hashes.to_arrow_table()["hash"].to_numpy()
    rows = _one(database, f"SELECT count(*) FROM {relation}")  # noqa: S608
    if len(found) < rows:
        raise fail(facts.name, f"有 {rows - len(found)} 行没有 {IDS[scope]}")
    # As many different hashes as rows means as many different ids; only else the ids themselves are looked at.
    if repeats(found):
        twice = f"SELECT min(id) FROM (SELECT {cell} AS id FROM {relation} GROUP BY 1 HAVING count(*) > 1)"  # noqa: S608
        if (double := _one(database, twice)) is not None:
            raise fail(facts.name, f"{IDS[scope]} 重复：{double}")


def repeats(hashes: np.ndarray[Any, Any]) -> bool:
    """Whether a number stands twice among ``hashes``."""
    ordered = np.sort(hashes)
    return bool((ordered[1:] == ordered[:-1]).any())


def _one(database: duckdb.DuckDBPyConnection, query: str) -> Any:
    return database.sql(query).fetchall()[0][0]
