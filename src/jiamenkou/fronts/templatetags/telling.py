"""Amounts on the pages of campaigns."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def yuan(fen: int) -> str:
    """``1250`` → ``¥12.50``; whole amounts without the cents."""
    whole, rest = divmod(int(fen), 100)
    return f"¥{whole:,}" + (f".{rest:02d}" if rest else "")
