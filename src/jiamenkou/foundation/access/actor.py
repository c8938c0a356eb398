"""Who is asking: an account with its roles, or nobody. Built once per request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import QuerySet

from jiamenkou.foundation.access.models import StaffRole
from jiamenkou.foundation.access.roles import Permission, Role, granted
from jiamenkou.foundation.access.scope import Scope
from jiamenkou.foundation.people.models import Account, AccountResident
from jiamenkou.foundation.places.models import Place, PlaceKind

# in the audit trail: ``account:7 代 account:5``
STANDING_IN = " 代 "


@dataclass(frozen=True, slots=True)
class Held:
    """One role at one place, with the ids the scope needs: communities in full, or single grids.

    ``lender`` is the account whose role this is while somebody stands in, and ``until`` how long.
    """

    role: Role
    place: Place
    communities: frozenset[int]
    grids: frozenset[int]
    lender: Account | None = None
    until: datetime | None = None

    @property
    def grants(self) -> frozenset[str]:
        """What it allows. Who stands in appoints nobody: what was lent is not handed on."""
        found = granted(self.role)
        return found if self.lender is None else found - {Permission.ROLES_GRANT}


class Actor:
    """An account seen as someone who may do things. Everything is read at most once."""

    def __init__(self, account: Account | None, *, strong: bool = True) -> None:
        """``strong``: the session went through a second factor. Without one the account's roles sleep."""
        self.account = account
        self.strong = strong

    @property
    def is_anonymous(self) -> bool:
        return self.account is None

    @property
    def audit_name(self) -> str:
        """Who is answerable: the actor, and for whom they stand in while they do (two of them: the column is short)."""
        if self.account is None:
            return "visitor"
        lenders = sorted({held.lender.pk for held in self.roles if held.lender is not None})
        return self.account.actor + "".join(f"{STANDING_IN}account:{pk}" for pk in lenders[:2])

    @cached_property
    def _read(self) -> tuple[list[StaffRole], list[AccountResident]]:
        """Roles and people in one query."""
        from jiamenkou.foundation.asking import values  # which knows of actors

        if self.account is None:
            return [], []
        roles, links = values([self.account.pk], [_roles, _links])
        return roles, links

    @cached_property
    def roles(self) -> tuple[Held, ...]:
        return tuple(_held(row) for row in self._read[0]) if self.strong else ()

    @cached_property
    def residents(self) -> tuple[AccountResident, ...]:
        """The people this account may act for, the account's own person first."""
        return tuple(sorted(self._read[1], key=lambda link: (link.relation != "self", link.pk)))

    @cached_property
    def permissions(self) -> frozenset[str]:
        return frozenset(permission for held in self.roles for permission in held.grants)

    @property
    def is_staff(self) -> bool:
        return Permission.DESK in self.permissions

    def may(self, permission: str, community: int | None = None, grid: int | None = None) -> bool:
        """Whether some role grants ``permission``, at this community (and grid) where one is given."""
        for held in self.roles:
            if permission not in held.grants:
                continue
            if community is None or community in held.communities or (grid is not None and grid in held.grids):
                return True
        return False

    def scope(self, permission: str | None = None) -> Scope:
        """What row-level security lets this actor see: the roles that grant ``permission``, and own people."""
        roles: Iterable[Held] = self.roles
        if permission is not None:
            roles = [held for held in roles if permission in held.grants]
        communities: set[int] = set()
        grids: set[int] = set()
        for held in roles:
            communities |= held.communities
            grids |= held.grids
        own = frozenset(link.resident_id for link in self.residents)
        return Scope(frozenset(communities), frozenset(grids), own)

    @cached_property
    def home(self) -> Place | None:
        """The community whose desk this is: the one of the first role at or below a community."""
        for held in self.roles:
            if held.place.kind == PlaceKind.COMMUNITY:
                return held.place
        for held in self.roles:
            parent: Place | None = held.place
            while parent is not None and parent.kind != PlaceKind.COMMUNITY:
                parent = parent.parent
            if parent is not None:
                return parent
        return None


def _roles(account: list[int]) -> QuerySet[StaffRole]:
    from jiamenkou.foundation.asking import NOW

    held = StaffRole.objects.current(NOW).filter(account_id=account[0])
    return held.select_related("place", "stands_in_for__account").order_by("id")


def _links(account: list[int]) -> QuerySet[AccountResident]:
    return AccountResident.objects.current().filter(account_id=account[0]).order_by("id")


def _held(row: StaffRole) -> Held:
    place, lent = row.place, row.stands_in_for
    lender, until = (lent.account, row.until) if lent is not None else (None, None)
    if place.kind in {PlaceKind.DISTRICT, PlaceKind.STREET, PlaceKind.COMMUNITY}:
        below = (
            Place.objects.within(place).filter(kind=PlaceKind.COMMUNITY) if place.kind != PlaceKind.COMMUNITY else None
        )
        communities = (
            frozenset(below.order_by("id").values_list("id", flat=True))
            if below is not None
            else frozenset({place.pk})
        )
        return Held(Role(row.role), place, communities, frozenset(), lender, until)
    grid: Place | None = place
    while grid is not None and grid.kind != PlaceKind.GRID:
        grid = grid.parent
    return Held(Role(row.role), place, frozenset(), frozenset({grid.pk} if grid is not None else ()), lender, until)
