"""What staff may do in this room, and which roles may."""

from __future__ import annotations

from django.db import models

from jiamenkou.foundation.access.roles import Role


class NeedsPermission(models.TextChoices):
    """``PEOPLE`` goes only to roles that see residents: whoever lacks it gets figures where others get names."""

    VIEW = "needs.view", "看缺口和项目"
    PEOPLE = "needs.people", "看谁提的需求"
    EDIT = "needs.edit", "登记需求、开项目、办市集"
    SETUP = "needs.setup", "改需求分类和网格责任人"


_WORK = frozenset({NeedsPermission.VIEW, NeedsPermission.PEOPLE, NeedsPermission.EDIT})
GRANTS: dict[Role, frozenset[NeedsPermission]] = {
    Role.BUILDING_HEAD: frozenset(),
    Role.GRID_WORKER: _WORK,
    Role.WORKER: frozenset(NeedsPermission),
    Role.COMMUNITY_LEAD: frozenset(NeedsPermission),
    Role.STREET_OFFICER: frozenset({NeedsPermission.VIEW}),
    Role.DISTRICT_OFFICER: frozenset({NeedsPermission.VIEW}),
}
