"""What staff may do in this room, and which roles may."""

from __future__ import annotations

from django.db import models

from jiamenkou.foundation.access.roles import Role


class GroupbuyPermission(models.TextChoices):
    VIEW = "groupbuy.view", "看社区优选"
    EDIT = "groupbuy.edit", "审核供货商和主理人、管团购"
    MONEY = "groupbuy.money", "确认收退款、结算、对账"


_ALL = frozenset(GroupbuyPermission)
GRANTS: dict[Role, frozenset[GroupbuyPermission]] = {
    Role.GRID_WORKER: frozenset({GroupbuyPermission.VIEW}),
    Role.WORKER: _ALL,
    Role.COMMUNITY_LEAD: _ALL,
    Role.STREET_OFFICER: frozenset({GroupbuyPermission.VIEW}),
    Role.DISTRICT_OFFICER: frozenset({GroupbuyPermission.VIEW}),
}
