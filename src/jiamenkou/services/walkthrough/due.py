"""What this room puts on 今天."""

from __future__ import annotations

from collections.abc import Iterable

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.asking import Ask, Counted
from jiamenkou.foundation.events.contributions import Due
from jiamenkou.services.walkthrough.access import findings_for, officers_for
from jiamenkou.services.walkthrough.permissions import WalksPermission
from jiamenkou.services.walkthrough.states import FindingState, OfficerState

KIND = "走流程"


def _waiting(by: Actor) -> Counted | None:
    return Counted(findings_for(by).filter(state=FindingState.WAITING)) if by.may(WalksPermission.VIEW) else None


def _mine(by: Actor) -> Counted | None:
    if not by.may(WalksPermission.VIEW):
        return None
    return Counted(findings_for(by).filter(state=FindingState.CHECKING, officer__account=by.account))


def _of_others(by: Actor) -> Counted | None:
    if not by.may(WalksPermission.VIEW):
        return None
    return Counted(findings_for(by).filter(state=FindingState.CHECKING).exclude(officer__account=by.account))


def _findings(by: Actor, waiting: int, mine: int, checks: int) -> Iterable[Due]:
    findings = "/desk/walks/findings/?state="
    if waiting:
        yield _row(f"{waiting} 项问题还没人接", "体验员等着看结果", f"{findings}waiting", "看一看", "red")
    if mine:
        yield _row(f"{mine} 项请您去看一眼", "您发现的，经办的人说办好了", "/walks/mine/", "复核", "violet", "eye")
    if checks:
        yield _row(
            f"{checks} 项等发现的人复核", "久了打个电话提醒", f"{findings}checking", "看一看", "violet", mine=False
        )  # fmt: skip


def _asked(by: Actor) -> Counted | None:
    if not by.may(WalksPermission.EDIT):
        return None
    return Counted(officers_for(by, WalksPermission.EDIT).filter(state=OfficerState.ASKED))


def _requests(by: Actor, asked: int) -> Iterable[Due]:
    if asked:
        href = "/desk/walks/officers/?state=asked"
        yield _row(f"{asked} 位居民报名体验员", "等您审核", href, "审核", "teal", "user-round-plus")


# findings nobody has taken, checks that wait, one's own first, requests to become an officer
DUE = [Ask((_waiting, _mine, _of_others), _findings), Ask((_asked,), _requests)]


def _row(
    title: str, why: str, href: str, act: str, tone: str, icon: str = "footprints", *, mine: bool = True
) -> Due:  # fmt: skip
    return Due(KIND, icon, tone, title, why, "", "", href, act, None, mine)
