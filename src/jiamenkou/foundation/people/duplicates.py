"""Who stands in the register twice. Five deterministic keys, one query each.

A number of identity cannot stand twice (its index is unique over the installation); the fifth key finds what typing
does to a name instead: another character of the same sound, with the same birth date.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, QuerySet

from jiamenkou.foundation.people.models import Phone, Resident

# a number or an address that so many share is a family's or a front desk's, not one person's
CROWD = 6


@dataclass(frozen=True, slots=True)
class Pair:
    """Two residents (``first`` < ``second``) that may be one, and what they have in common, surest first."""

    first: int
    second: int
    why: tuple[str, ...]


def find_duplicates(community: int) -> list[Pair]:
    """Pairs of present residents of a community, those with most in common first."""
    here = Resident.objects.present().filter(community=community)
    phones = Phone.objects.filter(
        resident__community=community, resident__merged_into__isnull=True, resident__deceased_on__isnull=True
    )
    keys: list[tuple[str, Iterable[list[int]]]] = [
        ("姓名和出生日期", _groups(here.filter(birth_date__isnull=False), "id", "name", "birth_date")),
        ("姓名和电话", _groups(phones, "resident_id", "resident__name", "index")),
        (
            "出生日期和电话",
            _groups(phones.filter(resident__birth_date__isnull=False), "resident_id", "resident__birth_date", "index"),
        ),
        ("姓名和住址", _groups(here.exclude(address=""), "id", "name", "address")),
        ("同音姓名和出生日期", _groups(here.filter(birth_date__isnull=False), "id", "name_key", "birth_date")),
    ]
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for why, groups in keys:
        for group in groups:
            for first, second in combinations(sorted(group), 2):
                found[first, second].append(why)
    pairs = (Pair(*ids, tuple(why)) for ids, why in found.items())
    return sorted(pairs, key=lambda pair: (-len(pair.why), pair.first, pair.second))


def _groups(rows: QuerySet[Resident] | QuerySet[Phone], person: str, *key: str) -> list[list[int]]:
    """The people who share a key: at least two, and not a crowd."""
    grouped = (
        rows.order_by()
        .values(*key)
        .annotate(people=ArrayAgg(person, distinct=True), count=Count(person, distinct=True))
    )
    shared = grouped.filter(count__gt=1, count__lte=CROWD).order_by(*key).values_list("people", flat=True)
    return list(shared)
