"""The residents' index of the desk: name, initials and door. Under row-level security, by community first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q

from jiamenkou.foundation.access.scope import Scope
from jiamenkou.foundation.people.events import ResidentChanged, ResidentsChanged
from jiamenkou.foundation.people.masking import scrub
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.search.folding import first_letters, fold, is_letters
from jiamenkou.foundation.search.models import ResidentEntry

BATCH = 2_000
MOST_WORDS = 6


def reindex_residents(ids: Iterable[int]) -> int:
    """Write the search rows of these residents anew; three statements for each two thousand. Returns how many.

    Who was merged into another row is not found any more.
    """
    wanted, written = list(ids), 0
    for start in range(0, len(wanted), BATCH):
        chunk = wanted[start : start + BATCH]
        people = Resident.objects.filter(pk__in=chunk).only("name", "address", "community", "grid", "merged_into")
        rows = [_entry(person) for person in people.order_by("id") if person.merged_into_id is None]
        kept = {row.resident_id for row in rows}
        ResidentEntry.objects.filter(resident_id__in=set(chunk) - kept).delete()
        ResidentEntry.objects.bulk_create(
            rows,
            update_conflicts=True,
            update_fields=["community", "grid", "text", "initials"],
            unique_fields=["resident"],
        )
        written += len(rows)
    return written


def _entry(person: Resident) -> ResidentEntry:
    # an address that somebody filled with a phone number must not make that number findable
    text = "\n".join((fold(person.name), fold(scrub(person.address, 200))))
    return ResidentEntry(
        resident=person,
        community_id=person.community_id,
        grid_id=person.grid_id,
        text=text,
        initials=first_letters([fold(person.name)]),
    )


def find_residents(scope: Scope, word: str, *, limit: int) -> list[int]:
    """Ids of residents in the scope's communities and grids that match every word, by name."""
    entries = ResidentEntry.objects.filter(
        Q(community_id__in=sorted(scope.communities)) | Q(grid_id__in=sorted(scope.grids))
    )
    for term in _terms(word):
        match = Q(text__contains=term)
        if is_letters(term):
            match |= Q(initials__contains=term)
        entries = entries.filter(match)
    return list(entries.order_by("resident__name_key", "resident_id").values_list("resident_id", flat=True)[:limit])


def _terms(word: str) -> Sequence[str]:
    return list(dict.fromkeys(fold(word).split()))[:MOST_WORDS]


def on_resident_changed(event: ResidentChanged) -> None:
    reindex_residents([event.resident])


def on_residents_changed(event: ResidentsChanged) -> None:
    reindex_residents(event.residents)
