"""The register of one community in the database, as planning asks it. Nothing sealed is opened for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import Q

from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.people.importing.doors import said_building
from jiamenkou.foundation.people.models import (
    ArchiveItem,
    ArchiveKind,
    EmploymentStatus,
    Evidence,
    Household,
    Identity,
    Membership,
    Phone,
    Resident,
)
from jiamenkou.foundation.people.models.resident import DisabilityLevel, ResidentQuerySet, Sex
from jiamenkou.foundation.people.roster.register import ELSEWHERE, Found, Known, NameBirth, NameText
from jiamenkou.foundation.people.roster.rows import Facts
from jiamenkou.foundation.people.roster.values import fold
from jiamenkou.foundation.places.models import Place, PlaceKind
from jiamenkou.foundation.vault.service import blind_index

_ARCHIVE = {
    ArchiveKind.SKILL: "skills",
    ArchiveKind.INTEREST: "interests",
    ArchiveKind.TRAINING_NEED: "training_needs",
}
K = TypeVar("K")


class CommunityRegister:
    """Batch lookups in ``community``; the caller's scope must reach it. Tokens are blind indexes in hex."""

    def __init__(self, community: Place) -> None:
        self._community = community

    def grids(self) -> Collection[str]:
        found = Place.objects.within(self._community).of_kind(PlaceKind.GRID)
        return list(found.order_by("code").values_list("name", flat=True))

    def token(self, kind: str, value: str) -> str:
        return blind_index(kind, value).hex()

    def by_code(self, codes: Collection[str]) -> Mapping[str, Known]:
        known = self._known(self._people().filter(pk__in=[int(code[1:]) for code in codes])) if codes else {}
        return {person.code: person for person in known.values()}

    def by_number(self, tokens: Collection[str]) -> Mapping[str, Found]:
        if not tokens:
            return {}
        indexes = [bytes.fromhex(token) for token in tokens]
        # row-level security hides the people of other communities: only whether a number is taken is asked, no more
        with scope(EVERYTHING):
            rows = list(
                Identity.objects.filter(index__in=indexes)
                .order_by("resident_id")
                .values_list("index", "resident_id", "resident__community_id", "resident__merged_into_id")
            )
        here = {
            bytes(index).hex(): merged or resident
            for index, resident, community, merged in rows
            if community == self._community.pk
        }
        known = self._known(self._people().filter(pk__in=here.values()))
        found: dict[str, Found] = {bytes(index).hex(): ELSEWHERE for index, *_ in rows}
        found.update({token: known[pk] for token, pk in here.items() if pk in known})
        return found

    def by_name_and_birth(self, keys: Collection[NameBirth]) -> Mapping[NameBirth, Sequence[Known]]:
        if not keys:
            return {}
        names, births = {name for name, _ in keys}, {birth for _, birth in keys}
        wanted = set(keys)
        rows = self._people().filter(name__in=names, birth_date__in=births).values_list("pk", "name", "birth_date")
        return self._grouped(((name, birth), pk) for pk, name, birth in rows if birth and (name, birth) in wanted)

    def by_name_and_phone(self, keys: Collection[NameText]) -> Mapping[NameText, Sequence[Known]]:
        if not keys:
            return {}
        wanted = set(keys)
        rows = (
            Phone.objects.filter(index__in=[bytes.fromhex(token) for _, token in keys])
            .filter(resident__in=self._people())
            .order_by("resident_id")
            .values_list("resident_id", "resident__name", "index")
        )
        pairs = (((name, bytes(index).hex()), pk) for pk, name, index in rows)
        return self._grouped((key, pk) for key, pk in pairs if key in wanted)

    def by_name_and_address(self, keys: Collection[NameText]) -> Mapping[NameText, Sequence[Known]]:
        if not keys:
            return {}
        wanted = set(keys)
        rows = self._people().filter(name__in={name for name, _ in keys}).values_list("pk", "name", "address")
        pairs = (((name, fold(address)), pk) for pk, name, address in rows)
        return self._grouped((key, pk) for key, pk in pairs if key in wanted)

    def by_name(self, names: Collection[str]) -> Mapping[str, Sequence[Known]]:
        if not names:
            return {}
        bare = self._people().filter(name__in=names, birth_date__isnull=True, address="", identity_masked="")
        rows = bare.filter(phone_masked="").values_list("name", "pk")
        return self._grouped(rows)

    def _people(self) -> ResidentQuerySet:
        return Resident.objects.filter(community=self._community, merged_into__isnull=True).order_by("pk")

    def _grouped(self, pairs: Iterable[tuple[K, int]]) -> dict[K, list[Known]]:
        listed = list(pairs)
        known = self._known(self._people().filter(pk__in={pk for _, pk in listed}))
        grouped: dict[K, list[Known]] = defaultdict(list)
        for key, pk in listed:
            if pk in known:
                grouped[key].append(known[pk])
        return dict(grouped)

    def _known(self, people: ResidentQuerySet) -> dict[int, Known]:
        """Residents as planning compares them, with a handful of queries however many they are."""
        residents = list(people.select_related("grid", "household__unit").order_by("pk"))
        if not residents:
            return {}
        pks = [resident.pk for resident in residents]
        numbers = {
            pk: bytes(index).hex()
            for pk, index in Identity.objects.filter(resident__in=pks)
            .order_by("pk")
            .values_list("resident_id", "index")
        }
        phones: dict[int, list[str]] = defaultdict(list)
        rows = Phone.objects.filter(resident__in=pks).order_by("resident_id", "-is_main", "pk")
        for pk, index in rows.values_list("resident_id", "index"):
            phones[pk].append(bytes(index).hex())
        relations = dict(
            Membership.objects.filter(resident__in=pks, until__isnull=True)
            .order_by("pk")
            .values_list("resident_id", "relation")
        )
        archive, certain = _archive(pks)
        buildings = _buildings(residents)
        return {
            resident.pk: Known(
                resident.pk,
                Facts(
                    name=resident.name,
                    number=numbers.get(resident.pk),
                    sex=Sex(resident.sex).label if resident.sex else None,
                    birth_date=resident.birth_date,
                    phones=tuple(phones[resident.pk]),
                    hukou=resident.hukou or None,
                    address=resident.address or None,
                    grid=resident.grid.name if resident.grid else None,
                    relation=relations.get(resident.pk) or None,
                    employment=EmploymentStatus(resident.employment).label if resident.employment else None,
                    disability_kinds=tuple(sorted(resident.disability_kinds)),
                    disability_level=(
                        DisabilityLevel(resident.disability_level).label if resident.disability_level else None
                    ),
                    categories=tuple(sorted(resident.categories)),
                    note=resident.note or None,
                    **archive.get(resident.pk, {}),
                    **_door(resident.household, buildings),
                ),
                certain.get(resident.pk, frozenset()),
                resident.extra,
            )
            for resident in residents
        }


def _archive(pks: list[int]) -> tuple[dict[int, dict[str, Any]], dict[int, frozenset[str]]]:
    """What each person can, likes and wants to learn; and the skills that were seen or certified."""
    texts: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    certain: dict[int, set[str]] = defaultdict(set)
    rows = ArchiveItem.objects.filter(resident__in=pks, kind__in=_ARCHIVE).order_by("resident_id", "kind", "text")
    for pk, kind, text, evidence in rows.values_list("resident_id", "kind", "text", "evidence"):
        texts[pk][_ARCHIVE[ArchiveKind(kind)]].append(text)
        if evidence != Evidence.SELF_SAID and kind == ArchiveKind.SKILL:
            certain[pk].add(text)
    sets: dict[int, dict[str, Any]] = {
        pk: {name: tuple(sorted(items)) for name, items in kinds.items()} for pk, kinds in texts.items()
    }
    return sets, {pk: frozenset(items) for pk, items in certain.items()}


def _buildings(residents: list[Resident]) -> dict[str, str]:
    """Names of the buildings above the units of these residents' households, by path."""
    units = {resident.household.unit for resident in residents if resident.household and resident.household.unit}
    paths = {unit.path[: -Place.steplen] for unit in units if unit.kind == PlaceKind.UNIT}
    rows = Place.objects.filter(Q(path__in=paths), kind=PlaceKind.BUILDING).order_by("path")
    return dict(rows.values_list("path", "name"))


def _door(household: Household | None, buildings: Mapping[str, str]) -> dict[str, Any]:
    if household is None:
        return {}
    unit = household.unit
    building = unit.name if unit and unit.kind == PlaceKind.BUILDING else None
    if unit and unit.kind == PlaceKind.UNIT:
        building = buildings.get(unit.path[: -Place.steplen])
    return {
        "building": said_building(building) if building else None,
        "unit": unit.name if unit and unit.kind == PlaceKind.UNIT else None,
        "room": household.room or None,
        "head_number": bytes(household.head_index).hex() if household.head_index else None,
    }
