"""What this room puts on 今天."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.events.contributions import Due
from jiamenkou.services.walkthrough.access import findings_for, officers_for
from jiamenkou.services.walkthrough.permissions import WalksPermission
from jiamenkou.services.walkthrough.states import FindingState, OfficerState

KIND = "走流程"


def due(by: Actor) -> Iterable[Due]:
    """Findings nobody has taken, checks that wait, one's own first, requests to become an officer. Two queries."""
    if not by.may(WalksPermission.VIEW) or by.account is None:
        return
    checking = Q(state=FindingState.CHECKING)
    counts = findings_for(by).aggregate(
        waiting=Count("pk", filter=Q(state=FindingState.WAITING)),
        mine=Count("pk", filter=checking & Q(officer__account=by.account)),
        checks=Count("pk", filter=checking & ~Q(officer__account=by.account)),
    )
    findings = "/desk/walks/findings/?state="
    if counts["waiting"]:
        yield _row(f"{counts['waiting']} 项问题还没人接", "体验员等着看结果", f"{findings}waiting", "看一看", "red")
    if counts["mine"]:
        yield _row(
            f"{counts['mine']} 项请您去看一眼", "您发现的，经办的人说办好了", "/walks/mine/", "复核", "violet", "eye"
        )
    if counts["checks"]:
        yield _row(
            f"{counts['checks']} 项等发现的人复核", "久了打个电话提醒", f"{findings}checking", "看一看", "violet", mine=False
        )  # fmt: skip
    if by.may(WalksPermission.EDIT):
        asked = officers_for(by, WalksPermission.EDIT).filter(state=OfficerState.ASKED).count()
        if asked:
            href = "/desk/walks/officers/?state=asked"
            yield _row(f"{asked} 位居民报名体验员", "等您审核", href, "审核", "teal", "user-round-plus")


def _row(
    title: str, why: str, href: str, act: str, tone: str, icon: str = "footprints", *, mine: bool = True
) -> Due:  # fmt: skip
    return Due(KIND, icon, tone, title, why, "", "", href, act, None, mine)
