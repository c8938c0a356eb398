"""Small statements made in code, for tests that need no file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from jiamenkou.engines.statement import Kind, Line, Statement
from jiamenkou.engines.statement.model import CHINA

START = datetime(2025, 1, 6, 9, 0, tzinfo=CHINA)


def line(
    row: int, amount: int, party: str = "", memo: str = "", *, days: float = 0.0, account: str = "a1", **more: object
) -> Line:
    return Line(account, row, START + timedelta(days=days), amount, party, memo, **more)  # type: ignore[arg-type]


def statement(lines: Sequence[Line], id: str = "a1", kind: Kind = Kind.BANK, **more: object) -> Statement:
    return Statement(id, f"{id}.csv", kind, "ICBC" if kind is Kind.BANK else None, tuple(lines), **more)  # type: ignore[arg-type]
