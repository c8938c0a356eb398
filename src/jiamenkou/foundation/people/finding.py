"""Finding residents: a word somebody typed, a whole number, and the conditions of the list."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from jiamenkou.foundation.people.models import (
    ArchiveItem,
    ArchiveKind,
    EmploymentStatus,
    Evidence,
    Identity,
    Phone,
)
from jiamenkou.foundation.people.models.resident import ResidentQuerySet
from jiamenkou.foundation.people.roster.identity import Unreadable, parse_identity
from jiamenkou.foundation.people.roster.values import parse_phones
from jiamenkou.foundation.vault.service import blind_index

# nobody spoke with them for so long: the list shows the date in red
STALE_AFTER = timedelta(days=180)
OLD_AGE = 80
HARD_TO_EMPLOY = "就业困难人员"
LONGEST_WORD = 40

_SEPARATORS = re.compile(r"[\s\-+().·'’]")
_NUMBER = re.compile(r"(?:\d{7,}[xX]?|[A-Za-z]{1,3}\d{6,})")
_DOOR = re.compile(r"\d{1,4}(?:[-－]\d{1,4}){1,3}")
_LATIN = re.compile(r"[a-z]{1,20}")


def looks_like_number(text: str) -> bool:
    """Whether this could be somebody's phone or number of identity: it must then never stand in an address."""
    return _NUMBER.search(_SEPARATORS.sub("", unicodedata.normalize("NFKC", text))) is not None


def matching(rows: ResidentQuerySet, word: str) -> ResidentQuerySet:
    """Those whose name, pinyin, 编号, door or last four digits of a phone the word is."""
    found = Q(name__icontains=word) | Q(address__icontains=word) | Q(household__door__icontains=word)
    folded = unicodedata.normalize("NFKC", word).strip()
    latin = folded.lower().replace(" ", "")
    if _LATIN.fullmatch(latin):
        # "su ying he 苏映禾" by its initials, or by its syllables written together
        found |= Q(name_key__regex="^" + "[a-z]* ".join(latin))
        found |= Q(name_key__regex="^" + " ?".join(latin))
    if _DOOR.fullmatch(folded):
        steps = re.split(r"[-－]", folded)
        found |= Q(household__door__regex=r"(^|\D)" + r"\D+".join(steps) + "$")
    if folded.isascii() and folded.isdigit():
        found |= Q(household__room=folded)
        if len(folded) == 4:
            same = Phone.objects.filter(resident=OuterRef("pk"), last_four=blind_index("phone4", folded))
            found |= Q(Exists(same))
    if re.fullmatch(r"[Rr]\d{1,9}", folded):
        found |= Q(pk=int(folded[1:]))
    return rows.filter(found)


def by_number(rows: ResidentQuerySet, text: str, today: date) -> ResidentQuerySet:
    """Those who have this phone or number of identity; none where it is neither."""
    found = Q(pk__in=[])
    try:
        identity = parse_identity(text, today)
    except Unreadable:
        identity = None
    if identity is not None:
        found |= Q(
            Exists(Identity.objects.filter(resident=OuterRef("pk"), index=blind_index("identity", identity.number)))
        )
    try:
        phones = parse_phones(text) or ()
    except Unreadable:
        phones = ()
    if phones:
        indexes = [blind_index("phone", phone) for phone in phones]
        found |= Q(Exists(Phone.objects.filter(resident=OuterRef("pk"), index__in=indexes)))
    return rows.filter(found)


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the list is narrowed to; an empty value narrows nothing."""

    grid: int | None = None
    employment: str = ""
    category: str = ""
    skill: str = ""
    certified: bool = False
    stale: bool = False
    old: bool = False


def narrowed(rows: ResidentQuerySet, to: Conditions, today: date) -> ResidentQuerySet:
    if to.grid is not None:
        rows = rows.filter(grid_id=to.grid)
    if to.employment:
        rows = rows.filter(employment=to.employment)
    if to.category:
        rows = rows.filter(categories__contains=[to.category])
    if to.skill:
        rows = rows.filter(Exists(_archive().filter(text__icontains=to.skill)))
    if to.certified:
        rows = rows.filter(certified())
    if to.stale:
        rows = rows.filter(stale(today))
    if to.old:
        rows = rows.filter(old(today))
    return rows


def _archive() -> QuerySet[ArchiveItem]:
    return ArchiveItem.objects.filter(resident=OuterRef("pk"), kind__in=[ArchiveKind.SKILL, ArchiveKind.CERTIFICATE])


def certified() -> Q:
    """Has a certificate somebody saw."""
    return Q(Exists(_archive().filter(Q(kind=ArchiveKind.CERTIFICATE) | Q(evidence=Evidence.CERTIFIED))))


def stale(today: date) -> Q:
    return Q(last_contact_on__isnull=True) | Q(last_contact_on__lt=today - STALE_AFTER)


def old(today: date) -> Q:
    """Complete years on the day, as :meth:`Resident.age` counts them."""
    try:
        born = today.replace(year=today.year - OLD_AGE)
    except ValueError:  # 29 February
        born = date(today.year - OLD_AGE, 2, 28)
    return Q(birth_date__lte=born)


def view_counts(rows: ResidentQuerySet, today: date) -> dict[str, int]:
    """How many people each saved view holds. One query."""
    counted = rows.aggregate(
        all=Count("id"),
        looking=Count("id", filter=Q(employment=EmploymentStatus.LOOKING)),
        hard=Count("id", filter=Q(categories__contains=[HARD_TO_EMPLOY])),
        old=Count("id", filter=old(today)),
        certified=Count("id", filter=certified()),
    )
    return {name: int(value) for name, value in counted.items()}


def people_in(community: int) -> int:
    """How many people a community has, for those who see only a part of them: a number, nobody's row."""
    with connection.cursor() as cursor:
        cursor.execute("select people_in_community(%s)", [community])
        row = cursor.fetchone()
    return int(row[0]) if row else 0
