"""Numbers of people as they may be shown: on screens, in files, in messages and on the command line."""

from __future__ import annotations

import re

from jiamenkou.commandline import plain

_FULL_WIDTH = str.maketrans({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "})
# nine digits or more, or a letter or two and seven: no date and no door number is that long
_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])(?:\+?\d(?:[ '\-\u00a0]{0,3}\d){8,}[Xx]?|[A-Za-z]{1,3}\d{7,12})(?![0-9A-Za-z*])"
)
_SEPARATORS = re.compile(r"[^0-9A-Za-z]")
MASKED = re.compile(r"[^*＊]{0,10}[*＊]{2,}[^*＊]{0,8}")


def mask_id(number: str) -> str:
    """``320402198504038515`` → ``3204**********8515``; shorter numbers keep two characters at either end."""
    keep = 4 if len(number) >= 15 else 2 if len(number) >= 8 else 1
    if len(number) <= 2 * keep:
        return "*" * len(number)
    return number[:keep] + "*" * (len(number) - 2 * keep) + number[-keep:]


def mask_phone(phone: str) -> str:
    """``13800001234`` → ``138****1234``, ``0519-85211214`` → ``0519-****1214``."""
    area, hyphen, local = phone.rpartition("-")
    if hyphen:
        return f"{area}-{'*' * max(len(local) - 4, 3)}{local[-4:] if len(local) > 6 else ''}"
    if len(phone) < 9:
        return mask_id(phone)
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]


def is_masked(text: str) -> bool:
    """Whether ``text`` is what one of our own exports shows instead of a number."""
    return MASKED.fullmatch(text) is not None


def scrub(text: str, limit: int = 60) -> str:
    """One printable line of free text in which nothing that could be somebody's number is left in full."""
    return plain(_NUMBER.sub(_masked, text.translate(_FULL_WIDTH)), limit)


def scrub_sentence(text: str, limit: int = 60) -> str:
    """As :func:`scrub`, for what people read: the words keep their full-width punctuation."""
    # numbers are found in the half-width copy, which is the same character by character
    kept, at = [], 0
    for number in _NUMBER.finditer(text.translate(_FULL_WIDTH)):
        kept += [text[at : number.start()], _masked(number)]
        at = number.end()
    return plain("".join([*kept, text[at:]]), limit)


def _masked(match: re.Match[str]) -> str:
    compact = _SEPARATORS.sub("", match[0])
    return mask_phone(compact) if re.fullmatch(r"1\d{10}", compact) else mask_id(compact)
