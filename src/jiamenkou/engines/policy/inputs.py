"""The two files of facts: Parquet or CSV, told apart by their first bytes, checked before anything runs.

CSV columns are typed by content: integers of 64 bits without leading zeros, ``true`` and
``false``, ISO dates, else text; ids and area stay text. Only an empty cell is null.
"""

from __future__ import annotations

import csv
import importlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

# The extension itself: the package around it takes longer to import than the engine takes to start.
import _duckdb as duckdb

from jiamenkou.engines.policy.faults import WrongUse, fail
from jiamenkou.engines.policy.meaning import Kind, Scope
from jiamenkou.engines.policy.plan import FILES, IDS
from jiamenkou.engines.policy.ranges import Range, Seen
from jiamenkou.engines.policy.syntax import iso_date

Database = duckdb.DuckDBPyConnection

TEXT_COLUMNS = frozenset({"person_id", "household_id", "area"})
_INTEGER = "-?(0|[1-9][0-9]*)"
_NUMBER = r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?"
_BLOCK = 16 * 1024 * 1024  # a CSV line may be this long


@dataclass(frozen=True, slots=True)
class Facts:
    """One file: where it is, what its columns hold, what it says of itself, and its rows (an Arrow table) where they
    are not Parquet."""

    path: Path
    columns: dict[str, Kind]
    seen: Seen
    table: Any = None

    @property
    def name(self) -> str:
        return self.path.name


def connect() -> Database:
    """A database in memory. Making one takes longer than looking at both files, so a run keeps to one."""
    return duckdb.connect(config={"threads": 1})


def read_all(files: Mapping[Scope, Path], database: Database) -> dict[Scope, Facts]:
    """Look at both files. Raises WrongUse and PolicyError as ``read`` does."""
    return {scope: read(path, scope, database) for scope, path in files.items()}


def read(path: Path, scope: Scope, database: Database) -> Facts:
    """Look at a file: its columns and their types. Raises WrongUse where there is none, PolicyError for a bad one."""
    try:
        with path.open("rb") as file:
            parquet = file.read(4) == b"PAR1"
    except OSError as error:
        raise WrongUse(f"文件无法读取：{path}") from error
    try:
        facts = _parquet(path, database) if parquet else _delimited(path, database)
    except (duckdb.Error, OSError, ValueError, csv.Error) as error:  # Arrow's errors are ValueErrors or OSErrors
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


def _parquet(path: Path, database: Database) -> Facts:
    literal = _literal(path)
    _unique(path, _roots(database, literal))
    described = database.execute(f"DESCRIBE SELECT * FROM read_parquet({literal})").fetchall()  # noqa: S608 - our own names, quoted
    types = {str(row[0]): str(row[1]) for row in described}
    for name, type_ in types.items():
        if type_ in {"FLOAT", "DOUBLE"} or type_.startswith("DECIMAL"):
            raise fail(path.name, f"列 {name} 是小数；金额以分为单位，用整数")
    kinds = {name: _kind(type_) for name, type_ in types.items()}
    columns = {name: Kind.TEXT if name in TEXT_COLUMNS else kind for name, kind in kinds.items() if kind}
    return Facts(path, columns, _seen(database, literal, columns))


def _roots(database: Database, literal: str) -> list[str]:
    """The names of the columns as the file has them: the children of the root of its schema."""
    elements = database.execute(f"SELECT name, num_children FROM parquet_schema({literal})").fetchall()  # noqa: S608 - our own names, quoted
    names, inside = [], 0
    for name, children in elements[1:]:
        if not inside:
            names.append(str(name))
        inside += (children or 0) - (1 if inside else 0)
    return names


def _seen(database: Database, literal: str, columns: Mapping[str, Kind]) -> Seen:
    """Rows, nulls and ends by the file's own statistics."""
    query = f"""SELECT path_in_schema, bool_and(coalesce(stats_null_count = 0, false)) FILTER (num_values > 0),
        bool_and(stats_min_value IS NOT NULL AND stats_max_value IS NOT NULL) FILTER (known),
        list(stats_min_value) FILTER (known), list(stats_max_value) FILTER (known)
        FROM (SELECT *, num_values > coalesce(stats_null_count, 0) AS known FROM parquet_metadata({literal}))
        GROUP BY path_in_schema"""  # noqa: S608 - our own names, quoted
    complete, ranges = set(), {}
    for name, full, ends, least, most in database.execute(query).fetchall():
        if full and ends is not None:
            complete.add(name)
        kind = columns.get(name)
        if ends and kind in {Kind.INTEGER, Kind.DATE}:
            numbers = [_end(text, kind) for text in [*least, *most]]
            known = [one for one in numbers if one is not None]
            if len(known) == len(numbers):
                ranges[name] = min(known), max(known)
    rows = _one(database, f"SELECT count(*) FROM read_parquet({literal})")  # noqa: S608 - our own names, quoted
    return Seen(rows, frozenset(complete), ranges)


def _end(text: str, kind: Kind) -> int | None:
    """A written end of a column as a number; a day as its ordinal."""
    if kind is Kind.INTEGER:
        return int(text) if re.fullmatch("-?[0-9]+", text) else None
    day: date | None = iso_date(text[:10]) if len(text) == 10 or text[10] == " " else None
    return day.toordinal() if day else None


_WHOLE = frozenset(f"{sign}{size}INT" for sign in ("", "U") for size in ("TINY", "SMALL", "BIG")) | {
    "INTEGER",
    "UINTEGER",
}


def _kind(type_: str) -> Kind | None:
    """The type of a Parquet column; None for one that no expression can name (lists, times of day …)."""
    if type_ in _WHOLE:
        return Kind.INTEGER
    if type_ == "BOOLEAN":
        return Kind.BOOLEAN
    if type_ == "DATE" or type_.startswith("TIMESTAMP"):  # data frames write days as instants at midnight
        return Kind.DATE
    return {'"NULL"': Kind.NULL, "NULL": Kind.NULL, "VARCHAR": Kind.TEXT, "JSON": Kind.TEXT}.get(type_)


def _unique(path: Path, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or "" in names:
        raise fail(path.name, f"列名 {twice[0]} 重复" if twice else "有一列没有名称")


def _delimited(path: Path, database: Database) -> Facts:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file, strict=True), [])
    if not header:
        raise fail(path.name, "文件是空的")
    _unique(path, header)
    import pyarrow as pa  # only here: a run over Parquet need not load it
    import pyarrow.csv

    reading = pyarrow.csv.ReadOptions(block_size=_BLOCK)
    parsing = pyarrow.csv.ParseOptions(newlines_in_values=True)
    converting = pyarrow.csv.ConvertOptions(
        column_types=dict.fromkeys(header, pa.string()), null_values=[""],
        strings_can_be_null=True, quoted_strings_can_be_null=True,
    )  # fmt: skip
    table = pyarrow.csv.read_csv(path, reading, parsing, converting)
    register(database, "written", table)
    kinds = {name: Kind.TEXT if name in TEXT_COLUMNS else _content(database, path, name) for name in header}
    listed = ", ".join(_typed(name, kind) for name, kind in kinds.items())
    typed = database.sql(f"SELECT {listed} FROM written").to_arrow_table()  # noqa: S608 - our own names, quoted
    ranges = _ends(database, kinds)
    complete = frozenset(name for name in header if not typed[name].null_count)
    return Facts(path, kinds, Seen(typed.num_rows, complete, ranges), typed)


def _ends(database: Database, kinds: Mapping[str, Kind]) -> dict[str, Range]:
    ordered = {name: kind for name, kind in kinds.items() if kind in {Kind.INTEGER, Kind.DATE}}
    if not ordered:
        return {}
    type_ = {Kind.INTEGER: "BIGINT", Kind.DATE: "DATE"}
    cells = (f"CAST({_quoted(name)} AS {type_[kind]})" for name, kind in ordered.items())
    listed = ", ".join(f"CAST({end}({cell}) AS VARCHAR)" for cell in cells for end in ("min", "max"))
    (row,) = database.execute(f"SELECT {listed} FROM written").fetchall()  # noqa: S608 - our own names, quoted
    found: dict[str, Range] = {}
    for index, (name, kind) in enumerate(ordered.items()):
        least, most = (_end(text, kind) for text in row[2 * index : 2 * index + 2])
        if least is not None and most is not None:
            found[name] = least, most
    return found


def _content(database: Database, path: Path, name: str) -> Kind:
    """The type that every cell of a column agrees on."""
    cell = _quoted(name)
    (row,) = database.execute(
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


def register(database: Database, name: str, table: Any) -> None:
    """Make an Arrow table readable as ``name``."""
    importlib.import_module("duckdb")  # the package teaches the extension to read Arrow
    database.register(name, table)


def attach(database: Database, scope: Scope, facts: Facts) -> None:
    """Make the whole file readable as ``whole(scope)``."""
    if facts.table is not None:
        register(database, whole(scope), facts.table)
    else:
        database.execute(f"CREATE TEMP VIEW {whole(scope)} AS SELECT * FROM {stored(facts.path)}")  # noqa: S608 - our own names, quoted


def stored(path: Path) -> str:
    """A Parquet file as a relation."""
    return f"read_parquet({_literal(path)})"


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def load(database: Database, scanned: Mapping[Scope, Sequence[str]], rows: Mapping[Scope, str]) -> None:
    """Make the base relations: the scanned columns of the rows for which a condition (our own SQL) holds.

    All rows are read where they lie, each time with only the columns wanted then; a few rows are stored.
    """
    for scope, names in scanned.items():
        kind, where = ("TABLE", f" WHERE {rows[scope]}") if scope in rows else ("VIEW", "")
        listed = ", ".join(_quoted(name) for name in names)
        query = f"SELECT {listed} FROM {whole(scope)}{where}"  # noqa: S608 - names are quoted, the condition is ours
        database.execute(f"CREATE OR REPLACE TEMP {kind} {FILES[scope]} AS {query}")


def verify(database: Database, facts: Mapping[Scope, Facts]) -> None:
    """Raise PolicyError for null or duplicate ids and for households that the households file does not have."""
    for scope in Scope:
        verify_ids(database, scope, facts[scope])
    strangers = f"""SELECT min(CAST(p.household_id AS VARCHAR)) FROM {whole(Scope.PERSON)} p ANTI JOIN
        {whole(Scope.HOUSEHOLD)} h ON CAST(p.household_id AS VARCHAR) = CAST(h.household_id AS VARCHAR)
        WHERE p.household_id IS NOT NULL"""  # noqa: S608 - our own names, quoted
    if (stranger := _one(database, strangers)) is not None:
        raise fail(facts[Scope.PERSON].name, f"家庭文件里没有 household_id {stranger}")


def verify_ids(database: Database, scope: Scope, facts: Facts) -> None:
    """Raise PolicyError for null or duplicate ids of one file."""
    cell, relation = f"CAST({IDS[scope]} AS VARCHAR)", whole(scope)
    counts = f"SELECT count(*), count({cell}), count(DISTINCT {cell}) FROM {relation}"  # noqa: S608 - our own names, quoted
    ((rows, known, different),) = database.execute(counts).fetchall()
    if known < rows:
        raise fail(facts.name, f"有 {rows - known} 行没有 {IDS[scope]}")
    if different < known:
        twice = f"SELECT min(id) FROM (SELECT {cell} AS id FROM {relation} GROUP BY 1 HAVING count(*) > 1)"  # noqa: S608 - our own names, quoted
        raise fail(facts.name, f"{IDS[scope]} 重复：{_one(database, twice)}")


def _one(database: Database, query: str) -> Any:
    return database.execute(query).fetchall()[0][0]
