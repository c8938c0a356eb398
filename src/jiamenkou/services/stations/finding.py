"""Who somebody is who stands at the station without a phone: looked for by whole name and building before anything is written.

A host sees no register. The search answers at most five people with exactly that name, as family name and building; the
choice travels back signed and bound to the station. Every search is counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.core import signing
from django.db.models import Q

from jiamenkou.foundation.access import scope as scopes
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.limits import Rate, TooMany, hit
from jiamenkou.foundation.access.models import Reveal
from jiamenkou.foundation.access.reveal import PHONE_FIELD
from jiamenkou.foundation.bookings.people import Party, party_of, stranger
from jiamenkou.foundation.people.models import Phone, Resident
from jiamenkou.foundation.refusals import Refused
from jiamenkou.foundation.vault.service import open_field
from jiamenkou.services.stations.models import Station

SALT = "stations.person"
KEPT = 900
FEW = 5
SEARCHES = (Rate(20, 60), Rate(200, 86_400))
CALLS = (Rate(5, 60), Rate(30, 86_400))


@dataclass(frozen=True, slots=True)
class Found:
    """``choice`` names the person to this station for a quarter of an hour."""

    choice: str
    called: str
    building: str


def find(station: Station, name: str, building: str, *, by: Actor) -> list[Found]:
    """People of the community with this whole name; narrowed by the number of the building where one is given."""
    name = "".join(name.split())
    if len(name) < 2:
        raise Refused("请写全名，一个字找不准。", field="name", code="short")
    if by.account is not None:
        count("stations.find", by.account.pk, *SEARCHES)
    rows = called_so(station.community_id, name, building)[:FEW]
    return [_found(station, row) for row in rows]


def called_so(community: int, name: str, building: str) -> list[Resident]:
    """People of the community with exactly this name, of that building where its number is said; a handful at most."""
    number = re.search(r"\d{1,3}", building)
    with scopes.scope(scopes.EVERYTHING):
        people = Resident.objects.present().filter(community_id=community, name="".join(name.split()))
        if number:
            door = rf"(^|\D){number[0]}\s*(栋|幢|号楼|座)"
            people = people.filter(Q(address__regex=door) | Q(household__door__regex=door))
        return list(people.select_related("household").order_by("id")[: FEW + 1])


def count(kind: str, value: object, *rates: Rate) -> None:
    """Count one, or Refused with how long to wait."""
    try:
        hit(kind, value, *rates)
    except TooMany as too_many:
        minutes = -(-too_many.retry_after // 60)
        raise Refused(f"查得太多了，{minutes} 分钟后再试。", code="too_many") from too_many


def _found(station: Station, resident: Resident) -> Found:
    party = party_of(resident)
    choice = signing.dumps([station.pk, resident.pk], salt=SALT)
    return Found(choice, party.called, party.building)


def chosen(station: Station, choice: str) -> tuple[Party, Resident]:
    """The person of a search. Raises Refused for a choice that is old or another station's."""
    try:
        where, pk = signing.loads(choice, salt=SALT, max_age=KEPT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Refused("请再找一次这个人。", field="name", code="old") from error
    if where != station.pk:
        raise Refused("请再找一次这个人。", field="name", code="elsewhere")
    with scopes.scope(scopes.EVERYTHING):
        resident = Resident.objects.present().select_related("household").filter(pk=pk).first()
    if resident is None:
        raise Refused("找不到这个人了，请再找一次。", field="name", code="gone")
    return party_of(resident), resident


def party_from(station: Station, data: dict[str, str], *, by: Actor) -> tuple[Party, Resident | None]:
    """Who is meant by a form: a chosen person, else a name and a building. Somebody similar is asked about first."""
    if data.get("choice"):
        party, resident = chosen(station, data["choice"])
        return party, resident
    name, building = data.get("name", ""), data.get("building", "")
    party = stranger(name, building, station.community_id)
    if data.get("new") != "1":
        raise Search(party)
    return party, None


class Search(Exception):
    """The name was not looked up yet."""

    def __init__(self, party: Party) -> None:
        super().__init__("search first")
        self.party = party


def phone_of(station: Station, resident: int, why: str, *, by: Actor) -> str:
    """The number of somebody who has something of this station, when it is needed: limited, and written down where the
    person reads who looked. Raises Refused where there is none."""
    if by.account is None:
        raise Refused("请先登录。")
    count("stations.call", by.account.pk, *CALLS)
    with scopes.scope(scopes.EVERYTHING):
        phone = Phone.objects.filter(resident=resident).select_related("resident").first()
        if phone is None:
            raise Refused("登记册里没有电话，请找社区。", code="no_phone")
        Reveal.objects.create(
            resident_id=resident, by=by.account, field="手机号", reason=f"{station.name}：{why}"[:200]
        )
        return open_field(phone.resident.uid, PHONE_FIELD, bytes(phone.sealed))
