"""Numbers people can read out: GHY-2026-0318, the community's letters, the year, one after the other."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import F

from jiamenkou.foundation.cases.models import CaseCounter
from jiamenkou.foundation.people.naming import initials
from jiamenkou.foundation.places.models import Place

_NOT_LETTERS = ("社区", "村", "居委会")


def next_number(community: Place, year: int) -> str:
    """The next number of the community's year. The counter's row is held until the transaction ends."""
    if not CaseCounter.objects.filter(community=community, year=year).exists():
        _begin(community, year)
    CaseCounter.objects.filter(community=community, year=year).update(last=F("last") + 1)
    row = CaseCounter.objects.get(community=community, year=year)
    return f"{row.prefix}-{year}-{row.last:04d}"


def reserve(community: Place, year: int, count: int) -> list[str]:
    """``count`` numbers at once."""
    if not CaseCounter.objects.filter(community=community, year=year).exists():
        _begin(community, year)
    CaseCounter.objects.filter(community=community, year=year).update(last=F("last") + count)
    row = CaseCounter.objects.get(community=community, year=year)
    return [f"{row.prefix}-{year}-{number:04d}" for number in range(row.last - count + 1, row.last + 1)]


def _begin(community: Place, year: int) -> None:
    name = community.name
    for ending in _NOT_LETTERS:
        name = name.removesuffix(ending)
    letters = "".join(c for c in initials(name).upper() if c.isascii() and c.isalpha())[:4] or "JMK"
    for prefix in (letters, *(f"{letters}{n}" for n in range(2, 100)), f"{letters[:2]}{community.pk}"[:8]):
        if CaseCounter.objects.filter(community=community, year=year).exists():
            return
        try:
            with transaction.atomic():
                CaseCounter.objects.create(community=community, year=year, prefix=prefix)
                return
        except IntegrityError:
            continue
