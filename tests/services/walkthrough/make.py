"""A round that runs today, with what is walked in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from tests.people import make_resident, make_signed_up, make_staff

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.cases.actions.handling import handle, sign
from jiamenkou.foundation.cases.api import CaseSource, case_of
from jiamenkou.foundation.cases.recording import whole
from jiamenkou.foundation.cases.states import Outcome
from jiamenkou.foundation.people.models import Account, Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.walkthrough.actions.finding import record_finding
from jiamenkou.services.walkthrough.actions.planning import Checklist, save_errand, save_point, save_round
from jiamenkou.services.walkthrough.actions.recruiting import review, sign_up
from jiamenkou.services.walkthrough.actions.walking import start_walk
from jiamenkou.services.walkthrough.models import Errand, Finding, Officer, Round, ServicePoint, Walk

WHY = "测试"


@dataclass
class Scene:
    """A worker who plans, a resident who was accepted as an officer, an errand at one window."""

    community: Place
    worker: Account
    account: Account
    resident: Resident
    officer: Officer
    point: ServicePoint
    errand: Errand
    round: Round

    @property
    def by(self) -> Actor:
        """The officer."""
        return Actor(self.account)

    def walk(self, now: datetime | None = None) -> Walk:
        return start_walk(
            self.round, self.errand, self.point, self.officer, by=self.by, now=now or timezone.now(), reason=WHY
        )


def make_scene(community: Place, resident: Resident | None = None, account: Account | None = None) -> Scene:
    now, today = timezone.now(), timezone.localdate()
    worker = make_staff(Role.WORKER, community)
    staff = Actor(worker)
    resident = resident or make_resident(community)
    account = account or make_signed_up(resident)
    officer = sign_up(resident, "退休了，有时间", True, by=Actor(account), now=now, reason=WHY)
    review(officer, True, "", by=staff, now=now, reason=WHY)
    officer.refresh_from_db()
    fields = {"name": "社保窗口", "address": "一楼 3 号", "charge": "社区服务中心"}
    point = save_point(None, community, fields, by=staff, reason=WHY)
    checklist = Checklist(("取号", "排队", "交材料", "拿结果"), ("身份证", "户口簿"), 30)
    errand = save_errand(None, community, "居住证明", [point], checklist, by=staff, reason=WHY)
    dates = {"title": "办证明", "first_on": today - timedelta(days=1), "last_on": today + timedelta(days=5)}
    planned = save_round(None, community, dates, [errand], [officer], by=staff, reason=WHY)
    return Scene(community, worker, account, resident, officer, point, errand, planned)


def another_round(scene: Scene) -> Round:
    """The next round on the same days, with the same errand and officer."""
    first, by = scene.round, Actor(scene.worker)
    dates = {"title": "再走一次", "first_on": first.first_on, "last_on": first.last_on}
    return save_round(None, scene.community, dates, [scene.errand], [scene.officer], by=by, reason=WHY)


def make_finding(scene: Scene, walk: Walk, kind: str = "waiting", **fields: Any) -> Finding:
    fields.setdefault("words", "等了四十分钟")
    return record_finding(walk, kind, by=scene.by, now=timezone.now(), reason=WHY, **fields)


def handled(finding: Finding, by: Account, outcome: Outcome = Outcome.SOLVED) -> Finding:
    """The worker signs for the case and says how it ended."""
    with whole():
        case = case_of(CaseSource("walkthrough", finding.pk))
        assert case is not None
        if case.state != "working":
            sign(case, by=Actor(by), reason=WHY)
        who = "市人社局" if outcome == Outcome.CANNOT else ""
        handle(case, outcome, "加开了一个窗口", by=Actor(by), reason=WHY, who_could=who)
    finding.refresh_from_db()
    return finding
