"""What staff may do in this room, and which roles may."""

from __future__ import annotations

from django.db import models

from jiamenkou.foundation.access.roles import Role


class WalksPermission(models.TextChoices):
    VIEW = "walks.view", "看走流程"
    EDIT = "walks.edit", "安排走流程、审核体验员、公开问题"


_BOTH = frozenset(WalksPermission)
GRANTS: dict[Role, frozenset[WalksPermission]] = {
    Role.WORKER: _BOTH,
    Role.COMMUNITY_LEAD: _BOTH,
    Role.STREET_OFFICER: frozenset({WalksPermission.VIEW}),
    Role.DISTRICT_OFFICER: frozenset({WalksPermission.VIEW}),
}
