"""What a cell says: money to integer fen, days, times of day. Anything doubtful is None, never a guess."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from jiamenkou.engines.statement.model import CHINA

_MONEY = re.compile(
    r"^(?P<open>\()?\s*(?P<sign>[+\-－−＋])?\s*(?:[¥￥]|RMB|CNY|人民币)?\s*(?P<late>[+\-－−＋])?\s*"
    r"(?P<whole>\d{1,3}(?:[,，]\d{3})+|\d+)?(?:\.(?P<part>\d*))?\s*元?\s*(?P<close>\))?$",
    re.IGNORECASE,
)
_BLANK_MONEY = frozenset({"", "-", "--", "—", "－", "/", "\\", "无"})
_DAY = re.compile(r"^(\d{4})\s*(?:-|/|\.|年)\s*(\d{1,2})\s*(?:-|/|\.|月)\s*(\d{1,2})\s*日?(?:[\sT]+(.*))?$")
_PACKED_DAY = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:\s*(\d{2}):?(\d{2}):?(\d{2}))?$")
_CLOCK = re.compile(r"^(\d{1,2})[:：.](\d{1,2})(?:[:：.](\d{1,2})(?:\.\d+)?)?$")
_PACKED_CLOCK = re.compile(r"^\d{5,6}$")
_SERIAL = re.compile(r"^\d{5}(?:\.\d+)?$")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．：／（）", "0123456789.:/()")

_MIDNIGHT = time()

MAX_FEN = 10**13  # a hundred thousand million yuan: above this a cell is no amount of a household


def fen(cell: str) -> int | None:
    """``¥1,234.50`` → 123450. None for what is not an amount, and for more than two decimals that are not zero."""
    # most cells: 1234.56 or -1234.56
    if cell[-3:-2] == "." and len(cell) < 16 and cell.isascii() and cell[cell[0] == "-" : -3].isdigit():
        part = cell[-2:]
        if part.isdigit():
            return int(cell[:-3] + part)
    found = _MONEY.match(cell.translate(_FULL_WIDTH).strip())
    if not found or not (found["whole"] or found["part"]):
        return None
    part = (found["part"] or "").rstrip("0")
    if len(part) > 2:
        # binary floats of workbooks: 32.990000000000002
        rounded = round(int(part[:6].ljust(6, "0")) / 10_000)
        if abs(rounded * 10_000 - int(part[:6].ljust(6, "0"))) > 2:
            return None
        hundredths = rounded
    else:
        hundredths = int(part.ljust(2, "0"))
    value = int(re.sub(r"[,，]", "", found["whole"] or "0")) * 100 + hundredths
    if value > MAX_FEN:
        return None
    negative = bool(found["open"] and found["close"]) or any(
        (found[name] or "") in {"-", "－", "−"} and found[name] for name in ("sign", "late")
    )
    return -value if negative else value


def blank(cell: str) -> bool:
    """Whether a money cell says nothing."""
    return cell in _BLANK_MONEY


def clock(cell: str) -> time | None:
    """``09:40:03``, ``094003``, ``94003`` → a time of day."""
    if len(cell) == 8 and cell[2] == cell[5] == ":":
        try:
            return time.fromisoformat(cell)
        except ValueError:
            pass
    if found := _CLOCK.match(cell):
        hours, minutes, seconds = int(found[1]), int(found[2]), int(found[3] or 0)
    elif _PACKED_CLOCK.match(cell):
        packed = cell.zfill(6)
        hours, minutes, seconds = int(packed[:2]), int(packed[2:4]), int(packed[4:])
    else:
        return None
    return time(hours, minutes, seconds) if hours < 24 and minutes < 60 and seconds < 60 else None


@lru_cache(maxsize=10_000)
def moment(cell: str) -> tuple[date, time | None] | None:
    """A day, with its time where the same cell carries one; None where there is no day between 1990 and 2100."""
    try:
        # most cells: 2024-10-04 11:59:19
        if len(cell) == 19 and cell[4] == "-" and cell[10] == " ":
            both = datetime.fromisoformat(cell)
            return (both.date(), both.time()) if 1990 <= both.year < 2100 else None
        if found := _DAY.match(cell):
            day = date(int(found[1]), int(found[2]), int(found[3]))
            hour = clock(found[4].strip()) if found[4] else None
        elif found := _PACKED_DAY.match(cell):
            day = date(int(found[1]), int(found[2]), int(found[3]))
            hour = time(int(found[4]), int(found[5]), int(found[6])) if found[4] else None
        else:
            return None
    except ValueError:
        return None
    return (day, hour) if 1990 <= day.year < 2100 else None


def serial(cell: str) -> tuple[date, time | None] | None:
    """A spreadsheet's day number where the sheet forgot to call it a date: ``45658.38``."""
    if not _SERIAL.match(cell):
        return None
    seconds = round(float(cell) * 86_400)
    when = datetime(1899, 12, 30, tzinfo=CHINA) + timedelta(seconds=seconds)
    if not 1990 <= when.year < 2100:
        return None
    return when.date(), (when.time() if seconds % 86_400 else None)


def at(day: date, hour: time | None) -> datetime:
    """A day without a time is that day at 00:00, Chinese time."""
    return datetime.combine(day, hour or _MIDNIGHT, CHINA)
