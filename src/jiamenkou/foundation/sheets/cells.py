"""What a cell of a sheet can be, what a sheet is once read, and the one way to say no to a file."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeAlias

from jiamenkou.commandline import plain


class Refused(Exception):
    """A file that is not read. ``message`` is one plain Chinese line of at most 200 characters."""

    def __init__(self, message: str) -> None:
        self.message = plain(message)
        super().__init__(self.message)


class Fault(enum.Enum):
    """A cell that shows something on screen but holds no value that can be trusted."""

    ERROR = "error"  # #N/A, #VALUE! …
    FORMULA = "formula"  # a formula whose result was never stored


class Kind(enum.Enum):
    """The kind of a cell, as the file stores it and not as it looks."""

    EMPTY = "empty"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    ERROR = "error"
    FORMULA = "formula"


# The Python type carries the kind, so that two million cells need no wrapper: text, number, boolean,
# day (a number cell shown as a date), fault, or None for an empty cell.
Cell: TypeAlias = str | float | bool | date | Fault | None


def kind_of(cell: Cell) -> Kind:
    """The kind that the type of ``cell`` stands for."""
    if cell is None:
        return Kind.EMPTY
    if isinstance(cell, str):
        return Kind.TEXT
    if isinstance(cell, bool):  # before int: a bool is an int
        return Kind.BOOLEAN
    if isinstance(cell, (int, float)):
        return Kind.NUMBER
    if isinstance(cell, Fault):
        return Kind(cell.value)
    return Kind.DATE


class Merge(NamedTuple):
    """A merged range, 1-based and inclusive, as the spreadsheet counts."""

    top: int
    left: int
    bottom: int
    right: int


class Row(NamedTuple):
    """One row that is not blank. ``number`` is the spreadsheet's; ``cells`` starts at column A."""

    number: int
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first sheet of a file. ``rows`` streams, once, in order, without blank rows; hidden rows count."""

    name: str
    merges: tuple[Merge, ...]
    rows: Iterator[Row]
