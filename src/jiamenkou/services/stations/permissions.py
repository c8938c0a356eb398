"""What staff may do in this room, and which roles may. A host needs none of it: a host keeps one station."""

from __future__ import annotations

from django.db import models

from jiamenkou.foundation.access.roles import Role


class StationsPermission(models.TextChoices):
    VIEW = "stations.view", "看驿站和借还"
    EDIT = "stations.edit", "办驿站、空间、角落"


_BOTH = frozenset(StationsPermission)
GRANTS: dict[Role, frozenset[StationsPermission]] = {
    Role.GRID_WORKER: _BOTH,
    Role.WORKER: _BOTH,
    Role.COMMUNITY_LEAD: _BOTH,
    Role.STREET_OFFICER: frozenset({StationsPermission.VIEW}),
    Role.DISTRICT_OFFICER: frozenset({StationsPermission.VIEW}),
}
