"""What staff may do in this room, and which roles may."""

from __future__ import annotations

from django.db import models

from jiamenkou.foundation.access.roles import Role


class NeedsPermission(models.TextChoices):
    VIEW = "needs.view", "看需求和缺口"
    EDIT = "needs.edit", "登记需求、开项目、办市集"
    SETUP = "needs.setup", "改需求分类和网格责任人"


_WORK = frozenset({NeedsPermission.VIEW, NeedsPermission.EDIT})
GRANTS: dict[Role, frozenset[NeedsPermission]] = {
    Role.BUILDING_HEAD: frozenset(),
    Role.GRID_WORKER: _WORK,
    Role.WORKER: frozenset(NeedsPermission),
    Role.COMMUNITY_LEAD: frozenset(NeedsPermission),
    Role.STREET_OFFICER: frozenset({NeedsPermission.VIEW}),
    Role.DISTRICT_OFFICER: frozenset({NeedsPermission.VIEW}),
}
