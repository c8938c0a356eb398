"""The demo community's sign-ins, read from what its loader has made: accounts whose username starts with ``demo-``.

The role is the account's staff role; else the word after the prefix where it is one of the contract's
(``demo-volunteer-1``); else what its organisation is; else elder or resident.
"""

from __future__ import annotations

from typing import TypedDict

from jiamenkou.foundation.access.accounts import plain_phone
from jiamenkou.foundation.access.links import DEMO_PREFIX, make_link
from jiamenkou.foundation.access.models import StaffRole
from jiamenkou.foundation.people.models import Account, AccountResident, OrganisationKind, OrganisationMember
from jiamenkou.foundation.places.models import Place, PlaceKind

ROLES = [
    *("resident", "elder", "worker", "grid_worker", "building_head", "employer", "street_officer", "district_officer"),
    *("volunteer", "host", "leader", "supplier", "provider", "provider_worker", "doctor", "enterprise", "reviewer"),
    "admin",
]
_BY_ORGANISATION = {
    OrganisationKind.EMPLOYER: "employer",
    OrganisationKind.PROVIDER: "provider",
    OrganisationKind.SUPPLIER: "supplier",
    OrganisationKind.ENTERPRISE: "enterprise",
}


class SignIn(TypedDict):
    """One entry of ``jiamenkou demo accounts --json``; ``community`` is a code, null above it."""

    role: str
    name: str
    community: str | None
    phone: str | None
    username: str
    login_url: str


def sign_ins(url: str) -> list[SignIn]:
    """Every active demo account with a fresh link under ``url``. The caller opens the scope."""
    found = []
    accounts = Account.objects.filter(username__startswith=DEMO_PREFIX, is_active=True).order_by("username")
    for account in accounts:
        role, place = _standing(account)
        found.append(
            SignIn(
                role=role,
                name=account.display_name,
                community=_community(place),
                phone=plain_phone(account),
                username=account.username,
                login_url=url + make_link(account),
            )
        )
    return sorted(
        found, key=lambda one: (ROLES.index(one["role"]) if one["role"] in ROLES else len(ROLES), one["username"])
    )


def _standing(account: Account) -> tuple[str, Place | None]:
    """What the account is, and the place that goes with it."""
    held = StaffRole.objects.current().filter(account=account).select_related("place").order_by("id").first()
    if held is not None:
        return str(held.role), held.place
    member = (
        OrganisationMember.objects.filter(account=account, ended_at__isnull=True)
        .select_related("organisation__community")
        .order_by("id")
        .first()
    )
    link = (
        AccountResident.objects.current()
        .filter(account=account)
        .select_related("resident__community")
        .order_by("id")
        .first()
    )
    place = member.organisation.community if member else link.resident.community if link else None
    word = account.username.removeprefix(DEMO_PREFIX).rsplit("-", 1)[0].replace("-", "_")
    if word in ROLES:
        return word, place
    if member is not None:
        kinds = (_BY_ORGANISATION.get(OrganisationKind(kind)) for kind in member.organisation.kinds)
        return next((kind for kind in kinds if kind), "employer"), place
    return ("elder" if account.care else "resident"), place


def _community(place: Place | None) -> str | None:
    while place is not None and place.kind != PlaceKind.COMMUNITY:
        if place.kind in {PlaceKind.DISTRICT, PlaceKind.STREET}:
            return None
        place = place.parent
    return place.code if place is not None else None
