"""Roles and what each may do: the house's own permissions here, a room's in the room. Nothing else decides."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import models


class Role(models.TextChoices):
    """A role is held at a place: it reaches that place and everything below it."""

    GRID_WORKER = "grid_worker", "网格员"
    BUILDING_HEAD = "building_head", "楼栋长"
    WORKER = "worker", "社区工作者"
    COMMUNITY_LEAD = "community_lead", "社区负责人"
    STREET_OFFICER = "street_officer", "街道"
    DISTRICT_OFFICER = "district_officer", "区"
    ADMIN = "admin", "系统管理员"


class Permission(models.TextChoices):
    """What the house itself can grant. A room brings an enum of its own (``services/<room>/permissions.py``)."""

    DESK = "desk", "进入工作台"
    RESIDENTS_VIEW = "residents.view", "看居民"
    RESIDENTS_EDIT = "residents.edit", "登记和修改居民"
    RESIDENTS_IMPORT = "residents.import", "导入花名册"
    RESIDENTS_EXPORT = "residents.export", "导出居民"
    RESIDENTS_REVEAL = "residents.reveal", "看完整号码"
    RESIDENTS_MERGE = "residents.merge", "合并重复居民"
    RESIDENTS_POLITICS = "residents.politics", "看和登记政治面貌"
    ORGANISATIONS_EDIT = "organisations.edit", "登记和核验单位"
    MESSAGES_SEND = "messages.send", "群发消息"
    FIGURES_VIEW = "figures.view", "看数据"
    PLACES_EDIT = "places.edit", "修改地方"
    ROLES_GRANT = "roles.grant", "授予角色"
    AUDIT_VIEW = "audit.view", "看留痕"


_GRID = {
    Permission.DESK,
    Permission.RESIDENTS_VIEW,
    Permission.RESIDENTS_EDIT,
    Permission.RESIDENTS_REVEAL,
    Permission.FIGURES_VIEW,
}
_WORKER = _GRID | {
    Permission.RESIDENTS_IMPORT,
    Permission.RESIDENTS_EXPORT,
    Permission.RESIDENTS_MERGE,
    Permission.ORGANISATIONS_EDIT,
    Permission.MESSAGES_SEND,
}
_OFFICER = {Permission.DESK, Permission.FIGURES_VIEW, Permission.ORGANISATIONS_EDIT}

_GRANTS: dict[Role, frozenset[str]] = {
    Role.BUILDING_HEAD: frozenset({Permission.DESK, Permission.FIGURES_VIEW}),
    Role.GRID_WORKER: frozenset(_GRID),
    Role.WORKER: frozenset(_WORKER),
    Role.COMMUNITY_LEAD: frozenset(
        _WORKER
        | {Permission.AUDIT_VIEW, Permission.ROLES_GRANT, Permission.PLACES_EDIT, Permission.RESIDENTS_POLITICS}
    ),
    Role.STREET_OFFICER: frozenset(_OFFICER | {Permission.AUDIT_VIEW, Permission.ROLES_GRANT}),
    Role.DISTRICT_OFFICER: frozenset(
        _OFFICER | {Permission.AUDIT_VIEW, Permission.ROLES_GRANT, Permission.PLACES_EDIT}
    ),
    Role.ADMIN: frozenset({Permission.DESK, Permission.AUDIT_VIEW, Permission.ROLES_GRANT, Permission.PLACES_EDIT}),
}

_labels: dict[str, str] = dict(Permission.choices)


def grant(permissions: type[models.TextChoices], to: Mapping[Role, Collection[str]]) -> None:
    """Make a room's permissions known and grant them; harmless to call twice.

    Raises ValueError where a role is granted what the enum does not hold: a room grants only its own.
    """
    known = set(permissions.values)
    for role, some in to.items():
        if not known.issuperset(some):
            raise ValueError(f"{permissions.__name__} does not hold {sorted(set(some) - known)}")
        _GRANTS[role] = _GRANTS[role] | frozenset(map(str, some))
    _labels.update((value, str(label)) for value, label in permissions.choices)


def granted(role: Role) -> frozenset[str]:
    """Every permission of a role, the rooms' included."""
    return _GRANTS[role]


def all_permissions() -> dict[str, str]:
    """Value → label, the house's own first, then by room."""
    return dict(_labels)
