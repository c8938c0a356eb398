"""Whose account it is, and finding or opening it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from jiamenkou.foundation.ledger.models import Account, OwnerKind, Unit
from jiamenkou.foundation.people.models import Organisation, Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.rows import columns, made


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody or something that has accounts; make one with the functions below."""

    kind: OwnerKind
    key: str = ""
    resident: int | None = None
    organisation: int | None = None
    community: int | None = None


HOUSE = Owner(OwnerKind.HOUSE)


def resident_owner(resident: Resident) -> Owner:
    return Owner(OwnerKind.RESIDENT, str(resident.pk), resident=resident.pk, community=resident.community_id)


def organisation_owner(organisation: Organisation) -> Owner:
    return Owner(OwnerKind.ORGANISATION, str(organisation.pk), organisation=organisation.pk)


def community_owner(community: Place) -> Owner:
    return Owner(OwnerKind.COMMUNITY, str(community.pk), community=community.pk)


def station_owner(key: str, community: int) -> Owner:
    """``key`` names the station in its room, e.g. ``stations.station:3``."""
    return Owner(OwnerKind.STATION, key, community=community)


def cycle_owner(key: str, community: int) -> Owner:
    """``key`` names the cycle in its room, e.g. ``groupbuy.cycle:12``."""
    return Owner(OwnerKind.CYCLE, key, community=community)


def fund_owner(key: str, community: int | None) -> Owner:
    return Owner(OwnerKind.FUND, key, community=community)


def account_for(owner: Owner, purpose: str, unit: Unit = Unit.FEN) -> Account:
    """The account, opened where there is none yet. At most three statements; parallel openers get the same one."""
    found = account_of(owner, purpose, unit)
    if found is not None:
        return found
    named = {"owner_kind": owner.kind, "owner_key": owner.key, "purpose": purpose, "unit": unit}
    fresh = Account(
        **named, resident_id=owner.resident, organisation_id=owner.organisation, community_id=owner.community
    )
    Account.objects.bulk_create([fresh], ignore_conflicts=True)
    return Account.objects.get(**named)


def account_of(owner: Owner, purpose: str, unit: Unit = Unit.FEN) -> Account | None:
    """The account that is there. A resident who was merged has the accounts of both: the oldest is used."""
    if owner.resident is not None:
        return Account.objects.of_resident(owner.resident, purpose, unit).first()
    return Account.objects.of_key(owner.kind, owner.key).filter(purpose=purpose, unit=unit).first()


def accounts_of_key(kind: OwnerKind, key: str) -> list[Account]:
    """All accounts of an owner by its key, as every order of a cycle asks for them. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""select {columns(Account, "a")} from ledger_account a
                 where a.owner_kind = %s and a.owner_key = %s order by a.id""",  # noqa: S608 - our own columns
            [kind.value, key],
        )
        return [made(Account, row) for row in cursor.fetchall()]
