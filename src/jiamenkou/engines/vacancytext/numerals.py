"""Numbers as people type them: digits, 千 万 k w, and Chinese numerals up to a few ten thousand."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_PLACES = {"十": 10, "百": 100, "千": 1000, "万": 10000}
SCALES: dict[str, Decimal] = {
    "千": Decimal(1000),
    "k": Decimal(1000),
    "万": Decimal(10000),
    "w": Decimal(10000),
    "毛": Decimal("0.1"),
    "角": Decimal("0.1"),
    "分": Decimal("0.01"),
}
CHINESE = "零一二两俩三四五六七八九十百千万"


def whole(text: str) -> int | None:
    """``12``, ``两``, ``十五``, ``三千五`` (3500) as an integer, or ``None``."""
    if text.isascii() and text.isdigit():
        return int(text)
    if text[:1] in {"百", "千", "万"}:
        return None  # 2-千, 百把块: a place without a digit is no number
    total, current, last = 0, 0, 1
    for char in text:
        if char in _DIGITS:
            current = _DIGITS[char]
            last = 1 if char == "零" else last
        elif char in _PLACES:
            place = _PLACES[char]
            if place == 10000:
                total = (total + current) * place
            else:
                total += (current or 1) * place
            current, last = 0, place
        else:
            return None
    # 三千五 means 3500: a digit left after a place counts in the next lower place
    return total + current * (last // 10 if last > 10 else 1)


def fen(number: str, scale: str | None) -> int | None:
    """Yuan as typed (``4.5`` with scale ``千``, ``3,500``, ``三千``) in fen; ``None`` if that is no whole number."""
    try:
        amount = Decimal(number.replace(",", "")) if number[0].isascii() else Decimal(whole(number) or 0)
    except InvalidOperation:
        return None
    cents = amount * SCALES.get(scale or "", Decimal(1)) * 100
    return int(cents) if cents == int(cents) and cents > 0 else None
