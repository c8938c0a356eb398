"""What staff may do in this room, and which roles may."""

from __future__ import annotations

from django.db import models

from jiamenkou.foundation.access.roles import Role


class JobsPermission(models.TextChoices):
    VIEW = "jobs.view", "看岗位和投递"
    EDIT = "jobs.edit", "发布岗位、推荐、跟进"


_BOTH = frozenset(JobsPermission)
GRANTS: dict[Role, frozenset[JobsPermission]] = {
    Role.GRID_WORKER: _BOTH,
    Role.WORKER: _BOTH,
    Role.COMMUNITY_LEAD: _BOTH,
    Role.STREET_OFFICER: frozenset({JobsPermission.VIEW}),
    Role.DISTRICT_OFFICER: frozenset({JobsPermission.VIEW}),
}
