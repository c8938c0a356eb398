"""Who is shown a post, apart from whose it is: its community, every community of the street, or all of them.

A place shows its posts to one level more than itself: a community to its street, a street to everybody. Showing more
changes neither the owner nor who may change it; whoever publishes for the place above may show less again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.places.models import Place, PlaceKind
from jiamenkou.services.jobs.access import publishes_for
from jiamenkou.services.jobs.models import Vacancy
from jiamenkou.services.jobs.models.vacancy import to_everybody
from jiamenkou.services.jobs.permissions import JobsPermission


class Reach(models.TextChoices):
    COMMUNITY = "community", _("本社区")
    STREET = "street", _("本街道各社区")
    EVERYONE = "everyone", _("全区各社区")


# what else a sheet may say
SAID = {
    "社区": Reach.COMMUNITY,
    "本街道": Reach.STREET,
    "街道": Reach.STREET,
    "全街道": Reach.STREET,
    "全区": Reach.EVERYONE,
    "所有社区": Reach.EVERYONE,
}
# within what a place shows its posts, by what it is
_OWN: dict[str, tuple[Reach, ...]] = {
    PlaceKind.COMMUNITY: (Reach.COMMUNITY, Reach.STREET),
    PlaceKind.STREET: (Reach.STREET, Reach.EVERYONE),
}


@dataclass(frozen=True, slots=True)
class Showing:
    """What one actor may choose for the posts of ``owner``; ``usual`` is what a new post starts with."""

    owner: Place
    reaches: Sequence[Reach]
    usual: Reach
    vacancy: Vacancy | None = None

    @property
    def choices(self) -> list[tuple[str, Any]]:
        return [(reach.value, reach.label) for reach in self.reaches]

    def fields(self, reach: str) -> dict[str, Any]:
        """The columns of a post that says ``reach``; none where it says so already."""
        if self.vacancy is not None and reach == reach_of(self.vacancy):
            return {}
        match Reach(reach):
            case Reach.COMMUNITY:
                return {"community": self.owner, "street": None}
            case Reach.STREET:
                return {"community": None, "street": street_of(self.owner)}
            case _:
                return {"community": None, "street": None}


def reach_of(vacancy: Vacancy) -> Reach:
    if vacancy.community_id is not None:
        return Reach.COMMUNITY
    return Reach.STREET if vacancy.street_id is not None else Reach.EVERYONE


def reached(reach: Reach) -> Q:
    """Posts that are shown so."""
    match reach:
        case Reach.COMMUNITY:
            return Q(community__isnull=False)
        case Reach.STREET:
            return Q(street__isnull=False)
        case _:
            return to_everybody()


def street_of(place: Place) -> Place | None:
    """The street itself, or the one above a community. At most one query."""
    return place if place.kind == PlaceKind.STREET else place.parent


def showing_for(by: Actor, vacancy: Vacancy | None = None) -> Showing:
    """For a new post of the actor's own place, or for ``vacancy``, which keeps what it has whoever chose it."""
    owner = publishes_for(by) if vacancy is None else vacancy.owner
    reaches = set(_OWN.get(owner.kind, (Reach.EVERYONE,)))
    above = [held.place for held in by.roles if JobsPermission.EDIT in held.grants and held.place.contains(owner)]
    if any(place.kind in {PlaceKind.STREET, PlaceKind.DISTRICT} for place in above):
        reaches.add(Reach.EVERYONE)
    if owner.kind == PlaceKind.COMMUNITY and owner.depth == 1:
        reaches.discard(Reach.STREET)
    usual = Reach.COMMUNITY if owner.kind == PlaceKind.COMMUNITY else Reach.EVERYONE
    if vacancy is not None:
        usual = reach_of(vacancy)
        reaches.add(usual)
    return Showing(owner, [reach for reach in Reach if reach in reaches], usual, vacancy)
