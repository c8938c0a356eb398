"""What staff may do in this room, and which roles may. Building heads see no visit: names and notes are not theirs."""

from __future__ import annotations

from django.db import models

from jiamenkou.foundation.access.roles import Role


class VisitsPermission(models.TextChoices):
    VIEW = "visits.view", "看走访"
    RECORD = "visits.record", "上门走访、记录"
    NOTES = "visits.notes", "看走访时的回答和备注"
    DECIDE = "visits.decide", "排走访、确认变动、两份走访合成一份"


_DOOR = frozenset({VisitsPermission.VIEW, VisitsPermission.RECORD, VisitsPermission.NOTES})
_ALL = frozenset(VisitsPermission)
GRANTS: dict[Role, frozenset[VisitsPermission]] = {
    Role.GRID_WORKER: _DOOR,
    Role.WORKER: _ALL,
    Role.COMMUNITY_LEAD: _ALL,
}
