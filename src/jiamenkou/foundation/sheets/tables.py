"""Lists that rooms take from a sheet: the header is found, every cell becomes text, every bad cell is named.

A room says which columns it knows (:class:`Table`) and what a row means (the ``check`` of :func:`checked`). Nothing
here writes. A plan that was looked at is planned again from :attr:`Plan.stored`, because the house moves on meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from os import PathLike
from typing import Any, Generic, TypeAlias, TypeVar

from jiamenkou.foundation.people.masking import scrub
from jiamenkou.foundation.sheets.cells import Cell, Fault, Refused, Row
from jiamenkou.foundation.sheets.reading import read

HEADER_WITHIN = 8  # the header stands within the first eight rows of the sheet
MOST_ROWS = 2_000
# what stands for a cell with an error or a formula without a result: it must survive the way from the look to the write
BROKEN = "#出错的公式"

_BRACKETS = re.compile(r"[(（\[【〔<《{「][^()（）\[\]【】〔〕<>《》{}「」]*[)）\]】〕>》}」]")
_IGNORED = re.compile(r"[\s*＊\u200b-\u200f\ufeff:：]")

Meant = TypeVar("Meant")
Values: TypeAlias = Mapping[str, str]  # our field -> what stood in the cell
Numbered: TypeAlias = tuple[int, Values]  # the spreadsheet's number of the row first
Problem: TypeAlias = tuple[str, str]  # our field, what to do about it


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong with one cell: our field, its heading, what stood there without anybody's number, and why."""

    field: str
    column: str
    value: str
    problem: str


@dataclass(frozen=True, slots=True)
class Checked(Generic[Meant]):
    """One row: the spreadsheet's number, what stood there, what it means, and its bad cells."""

    number: int
    values: Values
    meant: Meant
    faults: tuple[CellFault, ...]


@dataclass(slots=True)
class Plan(Generic[Meant]):
    """What an import would do."""

    rows: list[Checked[Meant]] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    @property
    def good(self) -> list[Checked[Meant]]:
        return [row for row in self.rows if not row.faults]

    @property
    def bad(self) -> list[Checked[Meant]]:
        return [row for row in self.rows if row.faults]

    @property
    def stored(self) -> list[list[Any]]:
        """The rows as JSON takes them; :func:`restored` brings them back."""
        return [[row.number, dict(row.values)] for row in self.rows]


def normalise_heading(text: str) -> str:
    """A heading without white space, asterisks and anything in brackets."""
    before = ""
    while before != text:
        before, text = text, _BRACKETS.sub("", text)
    return _IGNORED.sub("", text)


def text_of(_field: str, cell: Cell) -> str:
    """As a person would have typed it: 12.0 is 12, a day is 2026-11-03."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    return str(cell).replace("\x00", "").strip()


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a list. Of each group in ``needed`` one must be there; ``empty`` says that no row is."""

    headings: Values  # our field -> heading
    needed: tuple[tuple[str, ...], ...]
    empty: str
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # our field -> other names of its column
    text: Callable[[str, Cell], str] = text_of

    def read(self, path: str | PathLike[str]) -> tuple[list[Numbered], list[str]]:
        """Every row with something in a column we know, and the columns we do not. Raises :class:`Refused`."""
        rows = read(path, heading="").rows
        columns, ignored = self._header(rows)
        found: list[Numbered] = []
        for row in rows:
            cells = {ours: row.cells[at] for at, ours in columns.items() if at < len(row.cells)}
            if all(cell is None or not str(cell).strip() for cell in cells.values()):
                continue
            if len(found) >= MOST_ROWS:
                raise Refused(f"一次最多导入 {MOST_ROWS:,} 行，请拆成几个文件。")
            found.append((row.number, {ours: self._text(ours, cell) for ours, cell in cells.items()}))
        if not found:
            raise Refused(self.empty)
        return found, ignored

    def _text(self, ours: str, cell: Cell) -> str:
        return BROKEN if isinstance(cell, Fault) else self.text(ours, cell)

    def _header(self, rows: Iterable[Row]) -> tuple[dict[int, str], list[str]]:
        """Columns by position and the headings that are not known; ``rows`` stands below the header afterwards."""
        known = {name: ours for ours, head in self.headings.items() for name in (head, *self.aliases.get(ours, ()))}
        for row in rows:
            names = [normalise_heading(cell) if isinstance(cell, str) else "" for cell in row.cells]
            columns = {at: known[name] for at, name in enumerate(names) if name in known}
            if all(set(group) & set(columns.values()) for group in self.needed):
                return columns, [scrub(name, 40) for at, name in enumerate(names) if name and at not in columns]
            if row.number >= HEADER_WITHIN:
                break
        wanted = "和".join(f"“{self.headings[group[0]]}”" for group in self.needed)
        count = "两列" if len(self.needed) == 2 else "这几列" if self.needed[1:] else "这一列"
        raise Refused(f"前 {HEADER_WITHIN} 行里没有找到{wanted}{count}，请对照模板检查表头。")


def checked(
    rows: Iterable[Numbered], headings: Values, check: Callable[[Values], tuple[Meant, Sequence[Problem]]]
) -> list[Checked[Meant]]:
    """Each row with its bad cells in the order in which ``check`` names them, broken formulas first."""
    found = []
    for number, values in rows:
        broken = {ours for ours, text in values.items() if text == BROKEN}
        meant, problems = check({ours: text for ours, text in values.items() if ours not in broken})
        faults = [
            *(
                CellFault(ours, headings.get(ours, ""), "", "单元格里是出错的公式，请改成数值。")
                for ours in sorted(broken)
            ),
            *(
                CellFault(ours, headings.get(ours, ""), scrub(values.get(ours, "")), why)
                for ours, why in problems
                if ours not in broken
            ),
        ]
        found.append(Checked(number, values, meant, tuple(faults)))
    return found


def restored(stored: Sequence[Sequence[Any]]) -> list[Numbered]:
    """The rows of :attr:`Plan.stored`, to be checked anew: somebody may have moved or been merged since."""
    return [(int(number), dict(values)) for number, values in stored]
