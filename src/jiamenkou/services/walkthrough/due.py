"""What this room puts on 今天."""

from __future__ import annotations

from collections.abc import Iterable

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.events.contributions import Due
from jiamenkou.services.walkthrough.access import findings_for, officers_for
from jiamenkou.services.walkthrough.permissions import WalksPermission

KIND = "走流程"


def due(by: Actor) -> Iterable[Due]:
    """Findings nobody has taken, checks that wait, requests to become an officer. Three counts."""
    if not by.may(WalksPermission.VIEW):
        return
    waiting = findings_for(by).to_assign().count()
    if waiting:
        yield _row(f"{waiting} 项问题还没人接", "体验员等着看结果", "?state=waiting", "看一看", "red")
    checks = findings_for(by).to_check().count()
    if checks:
        yield _row(f"{checks} 项等发现的人复核", "久了打个电话提醒", "?state=checking", "看一看", "violet")
    if by.may(WalksPermission.EDIT):
        asked = officers_for(by, WalksPermission.EDIT).filter(state="asked").count()
        if asked:
            yield Due(
                KIND, "user-round-plus", "teal", f"{asked} 位居民报名体验员", "等您审核", "", "",
                "/desk/walks/officers/?state=asked", "审核", None,
            )  # fmt: skip


def _row(title: str, why: str, query: str, act: str, tone: str) -> Due:
    return Due(KIND, "footprints", tone, title, why, "", "", f"/desk/walks/findings/{query}", act, None)
