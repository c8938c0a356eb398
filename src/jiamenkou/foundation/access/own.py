"""What a person may read about themselves, and whom an account may act for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.models import Reveal
from jiamenkou.foundation.people.models import (
    AccountResident,
    ArchiveItem,
    Consent,
    ConsentPurpose,
    Relation,
    Resident,
)

REVEALS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Relative:
    """A person this account acts for, and as what."""

    link: AccountResident
    resident: Resident

    @property
    def is_self(self) -> bool:
        return self.link.relation == Relation.SELF

    @property
    def relation(self) -> str:
        return str(Relation(self.link.relation).label)


@dataclass(frozen=True, slots=True)
class Agreement:
    """One purpose, with the current consent to it if there is one."""

    purpose: ConsentPurpose
    consent: Consent | None


def relatives(by: Actor) -> list[Relative]:
    """In the order of the links: the account's own person first. One query besides the links."""
    found = Resident.objects.present().in_bulk([link.resident_id for link in by.residents])
    return [Relative(link, found[link.resident_id]) for link in by.residents if link.resident_id in found]


def archive_of(resident: Resident) -> Sequence[ArchiveItem]:
    """Skills, interests, wishes for training and certificates, in this order."""
    return list(ArchiveItem.objects.filter(resident=resident).order_by("kind", "text"))


def access_own_item(by: Actor, pk: int) -> ArchiveItem:
    """An entry of somebody this account acts for."""
    item = ArchiveItem.objects.filter(pk=pk, resident_id__in=[link.resident_id for link in by.residents]).first()
    if item is None:
        raise Http404
    return item


def agreements_of(resident: Resident) -> list[Agreement]:
    """Every purpose there is, agreed to or not."""
    given = {
        consent.purpose: consent
        for consent in Consent.objects.filter(resident=resident, withdrawn_at__isnull=True).order_by("id")
    }
    return [Agreement(purpose, given.get(purpose)) for purpose in ConsentPurpose]


def reveals_of(resident: Resident) -> Sequence[Reveal]:
    """Who looked at a full number of this person, when and why; newest first."""
    rows = Reveal.objects.filter(resident=resident).select_related("by").order_by("-at", "-id")
    return list(rows[:REVEALS_SHOWN])
