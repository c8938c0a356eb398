"""Reads over the tree that are more than one place's vocabulary."""

from __future__ import annotations

from jiamenkou.foundation.places.models import Place, PlaceKind


def communities_by_street() -> list[tuple[str, Place]]:
    """Every open community with the name of its street, in the order of their codes. Two queries."""
    communities = list(Place.objects.filter(kind=PlaceKind.COMMUNITY, closed_on__isnull=True).order_by("code"))
    above = {place.ancestor_path(place.depth - 1) for place in communities}
    streets = {place.path: place.name for place in Place.objects.filter(path__in=above).order_by("path")}
    return [(streets.get(place.ancestor_path(place.depth - 1), ""), place) for place in communities]
