"""Rosters (花名册): a sheet of people in, a plan of what it would change out. No Django, no clock, no database."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date

from jiamenkou.foundation.people.roster.planning import Action, Plan, Step, make_plan
from jiamenkou.foundation.people.roster.register import ELSEWHERE, Known, Register
from jiamenkou.foundation.people.roster.rows import CellError, Edits, Facts, Roster, RosterRow, parse_sheet
from jiamenkou.foundation.sheets.reading import read

__all__ = [
    "ELSEWHERE",
    "Action",
    "CellError",
    "Edits",
    "Facts",
    "Known",
    "Plan",
    "Register",
    "Roster",
    "RosterRow",
    "Step",
    "make_plan",
    "parse_sheet",
    "read_roster",
]


def read_roster(
    path: str | os.PathLike[str],
    today: date,
    *,
    keep_extra: bool = False,
    edits: Edits | None = None,
    progress: Callable[[int], None] | None = None,
) -> Roster:
    """Everybody in the file at ``path``. Raises :class:`~jiamenkou.foundation.sheets.Refused`.

    ``edits`` replaces cells, as ``{(row, known column): text}``; ``progress`` hears the rows read so far.
    """
    sheet = read(path, heading="姓名")
    return parse_sheet(sheet, today, keep_extra=keep_extra, edits=edits, progress=progress)
