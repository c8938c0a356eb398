"""What staff may do in this room, and which roles may."""

from __future__ import annotations

from django.db import models

from jiamenkou.foundation.access.roles import Role


class JobsPermission(models.TextChoices):
    """``PEOPLE`` goes only to roles that see residents: whoever lacks it gets counts where others get names."""

    VIEW = "jobs.view", "看岗位和数字"
    EDIT = "jobs.edit", "发布岗位、管数据源"
    PEOPLE = "jobs.people", "看应聘的人，推荐、跟进"


_ALL = frozenset(JobsPermission)
_POSTS = frozenset({JobsPermission.VIEW, JobsPermission.EDIT})
GRANTS: dict[Role, frozenset[JobsPermission]] = {
    Role.GRID_WORKER: _ALL,
    Role.WORKER: _ALL,
    Role.COMMUNITY_LEAD: _ALL,
    Role.STREET_OFFICER: _POSTS,
    Role.DISTRICT_OFFICER: _POSTS,
}
