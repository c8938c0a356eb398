"""Sheets in memory for roster tests, and files where a real one is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from jiamenkou.foundation.people.roster import Roster, parse_sheet
from jiamenkou.foundation.sheets import Cell, Merge, Row, Sheet

TODAY = date(2026, 11, 22)
GRIDS = [f"第{number}网格" for number in "一二三四五六"]


def sheet_of(*rows: Sequence[Cell], merges: Sequence[Merge] = ()) -> Sheet:
    """A sheet whose rows are numbered from 1; an empty row is blank."""
    return Sheet("表", tuple(merges), iter([Row(number, list(row)) for number, row in enumerate(rows, 1) if row]))


def roster_of(*rows: Sequence[Cell], merges: Sequence[Merge] = (), **options: object) -> Roster:
    return parse_sheet(sheet_of(*rows, merges=merges), TODAY, **options)  # type: ignore[arg-type]
