"""Organisations: registered once, their licences checked."""

from __future__ import annotations

from datetime import date
from typing import Any

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.people.models import LicenceState, Organisation, OrganisationKind
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Refused


def register_organisation(
    name: str, *, kind: str, community: Place | None, by: Actor, reason: str, **fields: Any
) -> Organisation:
    """The organisation of this name, made where there is none; an old one gets the new kind beside its own."""
    key = Organisation.key_of(name)
    if not key:
        raise Refused("请写单位名称。", field="employer", code="required")
    organisation, made = Organisation.objects.get_or_create(
        name_key=key,
        defaults={"name": name.strip(), "kinds": [OrganisationKind(kind)], "community": community, **fields},
    )
    if not made and kind not in organisation.kinds:
        organisation.kinds = [*organisation.kinds, kind]
        organisation.save()
    return organisation


def check_licence(
    organisation: Organisation, state: LicenceState, *, until: date | None, note: str, by: Actor, reason: str
) -> Organisation:
    """What the check found; a refusal wants a sentence."""
    if state == LicenceState.REFUSED and not note.strip():
        raise Refused("核验不通过，请写明哪里不对。", field="note", code="required")
    organisation.licence_state, organisation.licence_until, organisation.licence_note = state, until, note[:200]
    organisation.save()
    return organisation
