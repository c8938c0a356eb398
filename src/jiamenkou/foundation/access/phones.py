"""Mobile numbers as people type them."""

from __future__ import annotations

import re
import unicodedata

_MOBILE = re.compile(r"1[3-9][0-9]{9}")


def mobile(typed: str) -> str | None:
    """The eleven digits of a mainland mobile number, or None. Full-width digits, +86, spaces and hyphens are mended."""
    folded = unicodedata.normalize("NFKC", typed[:60])
    digits = re.sub(r"[\s\-()]", "", folded)
    digits = re.sub(r"^(\+|00)?86(?=1[0-9]{10}$)", "", digits)
    return digits if _MOBILE.fullmatch(digits) else None


def masked(phone: str) -> str:
    """``138****1234``."""
    return f"{phone[:3]}****{phone[-4:]}"


def spaced(phone: str) -> str:
    """``138 0000 1234``, to be read by its owner."""
    return f"{phone[:3]} {phone[3:7]} {phone[7:]}"
