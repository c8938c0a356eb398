"""Pay made comparable, in whole fen, rounded down: a month is 52 ÷ 12 weeks of the stated hours."""

from __future__ import annotations

from jiamenkou.engines.matching.hours import minutes_a_shift, minutes_a_week
from jiamenkou.engines.matching.model import Opening, PayUnit


def best_hourly_fen(opening: Opening) -> int | None:
    """The highest pay an hour that the post states; None where pay or the hours behind it are not stated."""
    pay = opening.pay_min_fen if opening.pay_max_fen is None else opening.pay_max_fen
    if pay is None:
        return None
    match opening.pay_unit:
        case PayUnit.HOUR:
            return pay
        case PayUnit.DAY:
            shift = minutes_a_shift(opening)
            return None if shift is None else pay * 60 // shift
        case PayUnit.MONTH:
            week = minutes_a_week(opening)
            return None if week is None else pay * 60 * 12 // (week * 52)
        case PayUnit.PIECE:
            return None


def sure_monthly_fen(opening: Opening) -> int | None:
    """The lowest pay a month that the post states; None where pay or the days and hours behind it are not stated."""
    pay = opening.pay_min_fen
    if pay is None:
        return None
    match opening.pay_unit:
        case PayUnit.MONTH:
            return pay
        case PayUnit.DAY:
            return None if opening.days is None else pay * opening.days.bit_count() * 52 // 12
        case PayUnit.HOUR:
            week = minutes_a_week(opening)
            return None if week is None else pay * week * 52 // (60 * 12)
        case PayUnit.PIECE:
            return None


def yuan(fen: int) -> str:
    """Fen as people write yuan: ``3800``, ``22.5``, ``0.05``."""
    whole, rest = divmod(fen, 100)
    return str(whole) if not rest else f"{whole}.{rest:02d}".rstrip("0")
