"""Occupations: our own short table, and the full national classification from a file.

``table.csv`` holds the occupations that communities see: code and name as in
the national occupation classification of 2022 (国家职业分类大典 2022 年版), and
the words that people and chat groups use for them, gathered by us.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

_CODE = re.compile(r"\d-\d\d-\d\d-\d\d")
# the classification marks green occupations with L and digital ones with S behind the name
_MARKS = re.compile(r"[LS/\s]+$")
_SEPARATORS = re.compile(r"[、,，;；|/\s]+")
_MOST_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Occupation:
    """One class: code such as ``4-10-01-05`` (groups of 00 are wider classes), official name, other names."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()


@cache
def own_table() -> tuple[Occupation, ...]:
    """The occupations that communities see, by code."""
    text = (files(__package__) / "table.csv").read_text(encoding="utf-8")
    return tuple(_occupations(csv.DictReader(text.splitlines()), "aliases"))


def load_full(path: Path) -> tuple[Occupation, ...]:
    """The classification from a CSV file with the columns ``code``, ``name`` and, if present, ``alias``.

    Occupations and wider classes down to the middle ones are taken; the marks
    at the end of names go. Raises ValueError, naming the line, for a file that
    is not UTF-8, lacks a column, has a bad code or no name, or is over 20 MB; OSError as
    the system gives it.
    """
    if path.stat().st_size > _MOST_BYTES:
        raise ValueError("the file is larger than any classification")
    with path.open(newline="", encoding="utf-8-sig") as lines:
        try:
            rows = csv.DictReader(lines, strict=True)
            missing = {"code", "name"} - set(rows.fieldnames or ())
            if missing:
                raise ValueError(f"columns are missing: {', '.join(sorted(missing))}")
            found = _occupations(rows, "alias")
        except (UnicodeDecodeError, csv.Error) as error:
            raise ValueError(f"not a CSV file in UTF-8: {error}") from error
    return tuple(one for one in found if not one.code.endswith("-00-00-00"))


def _occupations(rows: csv.DictReader[str], alias_column: str) -> list[Occupation]:
    found: dict[str, Occupation] = {}
    for row in rows:
        code, name = (row["code"] or "").strip(), _MARKS.sub("", (row["name"] or "").strip())
        if not _CODE.fullmatch(code) or not name:
            raise ValueError(f"line {rows.line_num}: code {code!r}, name {name!r}")
        # a code may stand twice, as it does where a class has no parts: its first name is the official one
        first = found.get(code, Occupation(code, name))
        more = [_MARKS.sub("", alias) for alias in _SEPARATORS.split(row.get(alias_column) or "")]
        aliases = dict.fromkeys(a for a in (*first.aliases, name, *more) if a and a != first.name)
        found[code] = Occupation(code, first.name, tuple(aliases))
    return sorted(found.values(), key=lambda one: one.code)


def merged(first: Iterable[Occupation], more: Iterable[Occupation]) -> tuple[Occupation, ...]:
    """Both tables by code: names of the first win, aliases are joined."""
    found = {one.code: one for one in more}
    for one in first:
        other = found.get(one.code)
        names = one.aliases + ((other.name, *other.aliases) if other else ())
        found[one.code] = Occupation(
            one.code, one.name, tuple(dict.fromkeys(name for name in names if name != one.name))
        )
    return tuple(found[code] for code in sorted(found))
