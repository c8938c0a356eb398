"""What staff may do with cases, and which roles may."""

from __future__ import annotations

from django.db import models

from jiamenkou.foundation.access.roles import Role


class CasesPermission(models.TextChoices):
    VIEW = "cases.view", "看办件"
    HANDLE = "cases.handle", "登记和办理"
    DISPATCH = "cases.dispatch", "派单、合并"
    CALLBACK = "cases.callback", "回访"
    APPROVE = "cases.approve", "批延期、挂账、剔除"
    RULE = "cases.rule", "裁定和督办"
    SOURCE = "cases.source", "看保密线索的来源"
    CATALOGUE = "cases.catalogue", "改派单目录和工作日历"


_GRID = frozenset({CasesPermission.VIEW, CasesPermission.HANDLE, CasesPermission.CALLBACK})
_WORKER = _GRID | {CasesPermission.DISPATCH}
_UPPER = _WORKER | {CasesPermission.APPROVE, CasesPermission.RULE, CasesPermission.CATALOGUE}
GRANTS: dict[Role, frozenset[CasesPermission]] = {
    Role.GRID_WORKER: _GRID,
    Role.WORKER: _WORKER,
    Role.COMMUNITY_LEAD: _WORKER | {CasesPermission.APPROVE, CasesPermission.SOURCE, CasesPermission.CATALOGUE},
    Role.STREET_OFFICER: _UPPER,
    Role.DISTRICT_OFFICER: _UPPER,
}
# who stands above whom when an extension, a suspension or an exclusion is asked for
RANK: dict[str, int] = {
    Role.BUILDING_HEAD: 0,
    Role.GRID_WORKER: 1,
    Role.WORKER: 2,
    Role.COMMUNITY_LEAD: 3,
    Role.STREET_OFFICER: 4,
    Role.DISTRICT_OFFICER: 5,
}
