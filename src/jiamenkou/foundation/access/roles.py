"""Roles and what each may do. One table; nothing else decides."""

from __future__ import annotations

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
    DESK = "desk", "进入工作台"
    RESIDENTS_VIEW = "residents.view", "看居民"
    RESIDENTS_EDIT = "residents.edit", "登记和修改居民"
    RESIDENTS_IMPORT = "residents.import", "导入花名册"
    RESIDENTS_EXPORT = "residents.export", "导出居民"
    RESIDENTS_REVEAL = "residents.reveal", "看完整号码"
    RESIDENTS_MERGE = "residents.merge", "合并重复居民"
    ORGANISATIONS_EDIT = "organisations.edit", "登记和核验单位"
    MESSAGES_SEND = "messages.send", "群发消息"
    FIGURES_VIEW = "figures.view", "看数据"
    PLACES_EDIT = "places.edit", "修改地方"
    ROLES_GRANT = "roles.grant", "授予角色"
    AUDIT_VIEW = "audit.view", "看留痕"
    JOBS_VIEW = "jobs.view", "看岗位和投递"
    JOBS_EDIT = "jobs.edit", "发布岗位、推荐、跟进"


_GRID = {
    Permission.DESK,
    Permission.RESIDENTS_VIEW,
    Permission.RESIDENTS_EDIT,
    Permission.RESIDENTS_REVEAL,
    Permission.FIGURES_VIEW,
    Permission.JOBS_VIEW,
    Permission.JOBS_EDIT,
}
_WORKER = _GRID | {
    Permission.RESIDENTS_IMPORT,
    Permission.RESIDENTS_EXPORT,
    Permission.RESIDENTS_MERGE,
    Permission.ORGANISATIONS_EDIT,
    Permission.MESSAGES_SEND,
}
_OFFICER = {Permission.DESK, Permission.FIGURES_VIEW, Permission.JOBS_VIEW, Permission.ORGANISATIONS_EDIT}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.BUILDING_HEAD: frozenset({Permission.DESK, Permission.FIGURES_VIEW}),
    Role.GRID_WORKER: frozenset(_GRID),
    Role.WORKER: frozenset(_WORKER),
    Role.COMMUNITY_LEAD: frozenset(_WORKER | {Permission.AUDIT_VIEW, Permission.ROLES_GRANT, Permission.PLACES_EDIT}),
    Role.STREET_OFFICER: frozenset(_OFFICER | {Permission.AUDIT_VIEW, Permission.ROLES_GRANT}),
    Role.DISTRICT_OFFICER: frozenset(
        _OFFICER | {Permission.AUDIT_VIEW, Permission.ROLES_GRANT, Permission.PLACES_EDIT}
    ),
    Role.ADMIN: frozenset({Permission.DESK, Permission.AUDIT_VIEW, Permission.ROLES_GRANT, Permission.PLACES_EDIT}),
}
