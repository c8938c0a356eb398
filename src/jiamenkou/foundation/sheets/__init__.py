"""Sheets in and out: untrusted workbooks are looked at before they are parsed, and what we write stays data.

Reading: :func:`inspect` (cheap, in process) and :func:`read` (in a bounded child process).
Writing: :class:`~jiamenkou.foundation.sheets.writing.WorkbookWriter`, imported from its module because
openpyxl is slow to load and a refused file must not wait for it.
"""

from __future__ import annotations

from jiamenkou.foundation.sheets.cells import Cell, Fault, Kind, Merge, Refused, Row, Sheet, kind_of
from jiamenkou.foundation.sheets.inspection import inspect
from jiamenkou.foundation.sheets.reading import read

__all__ = ["Cell", "Fault", "Kind", "Merge", "Refused", "Row", "Sheet", "inspect", "kind_of", "read"]
