"""Numbers of identity: mended where the mending is certain, checked, and read for birth date and sex.

Resident identity numbers after GB 11643-1999 (18 characters, check digit ISO 7064 MOD 11-2; the 15-digit form
lacks century and check digit). The same form is used by residence permits for Hong Kong, Macau and Taiwan
residents (81, 82, 83 …) and, since 2023, by permanent-residence cards of foreigners (first digit 9).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import mul

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_FULL_WIDTH = str.maketrans({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)})
_NOISE = re.compile(r"[\s'’‘`´\u00a0\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u3000]")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d+")

ID_CARD, HK_MACAU, TAIWAN, PASSPORT, PERMANENT = "id_card", "hk_macau", "taiwan", "passport", "permanent"
_PAPERS = (
    (HK_MACAU, re.compile(r"[HM](?:\d{8}|\d{10})")),
    (TAIWAN, re.compile(r"\d{8}")),
    (PERMANENT, re.compile(r"[A-Z]{3}\d{12}")),
    (PASSPORT, re.compile(r"\d{9}|(?=[A-Z0-9]*[A-Z])(?=(?:[A-Z]*\d){4})[A-Z0-9]{6,9}")),
)

LOST_DIGITS = "数字格式会丢掉末尾几位，请把这一列设为文本后重新填写"
NOT_A_NUMBER = "看不出是哪种证件号码"
WRONG_CHECK = "校验位不对"


class Unreadable(ValueError):
    """A cell whose value cannot be taken. ``str()`` is the problem in Chinese, without the value."""


@dataclass(frozen=True, slots=True)
class Identity:
    """One number, normalised. ``birth_date`` and ``sex`` (男, 女) only where the number carries them."""

    number: str
    kind: str
    birth_date: date | None = None
    sex: str | None = None


def read_number_cell(value: float, otherwise: str = NOT_A_NUMBER) -> str:
    """A number cell as the digits it stands for; beyond 15 digits a spreadsheet has already lost some."""
    if value >= 1e15:
        raise Unreadable(LOST_DIGITS)
    if value != int(value) or value < 0:
        raise Unreadable(otherwise)
    return str(int(value))


@lru_cache(maxsize=4096)
def parse_identity(text: str, today: date) -> Identity:
    """The identity that ``text`` stands for. Raises :class:`Unreadable`. Cached: heads repeat in a household."""
    plain = text.isascii() and text.isalnum()  # most are written as they should be
    number = (text if plain else _NOISE.sub("", text.translate(_FULL_WIDTH))).upper()
    if _SCIENTIFIC.fullmatch(number):
        raise Unreadable(LOST_DIGITS)
    if len(number) == 15 and number.isdecimal():
        number = upgrade(number)
    if len(number) == 18 and number[:17].isdecimal() and number.isascii():
        return _resident(number, today)
    for kind, pattern in _PAPERS:
        if pattern.fullmatch(number):
            return Identity(number, kind)
    digits = sum(character.isdecimal() for character in number)
    if digits >= 10 and digits >= len(number) - 1:
        raise Unreadable(f"身份证号应为 18 位，这里是 {len(number)} 位")
    raise Unreadable(NOT_A_NUMBER)


def check_digit(first17: str) -> str:
    """The eighteenth character for the first seventeen digits."""
    return _CHECK[sum(map(mul, _WEIGHTS, map(int, first17))) % 11]


def upgrade(number: str) -> str:
    """The 18-character form of a 15-digit number, which was only issued to people born from 1900 to 1999."""
    first17 = number[:6] + "19" + number[6:]
    return first17 + check_digit(first17)


def _resident(number: str, today: date) -> Identity:
    try:
        birth_date = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise Unreadable("号码里的出生日期不存在") from None
    if birth_date.year < 1850 or birth_date > today:
        raise Unreadable("号码里的出生日期不可能")
    if check_digit(number[:17]) != number[17]:
        raise Unreadable(WRONG_CHECK)
    kind = PERMANENT if number[0] == "9" else ID_CARD
    return Identity(number, kind, birth_date, "男" if int(number[16]) % 2 else "女")
