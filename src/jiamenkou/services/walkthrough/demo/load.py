"""Three rounds through the room's own actions: the first small, the second with seven findings, the last running."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from jiamenkou.foundation.access.accounts import make_account
from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.links import DEMO_PREFIX
from jiamenkou.foundation.cases.actions.handling import assign, handle, sign
from jiamenkou.foundation.cases.api import CaseSource, case_of
from jiamenkou.foundation.cases.routing import Desk
from jiamenkou.foundation.cases.states import Outcome
from jiamenkou.foundation.people.models import Account, AccountResident, Resident
from jiamenkou.foundation.places.demo import COMMUNITIES
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.walkthrough.actions import planning, recruiting, walking
from jiamenkou.services.walkthrough.actions.finding import check_finding, publish_finding, record_finding
from jiamenkou.services.walkthrough.following import ROOM
from jiamenkou.services.walkthrough.models import Errand, Finding, Officer, Round, ServicePoint, Walk

REASON = "示范数据"
OFFICERS = 2
POINTS = [
    ("社保窗口", "社区服务中心一楼 3 号", "社区服务中心"),
    ("民政窗口", "社区服务中心一楼 5 号", "社区服务中心"),
]
ERRANDS = [
    ("老年人优待证", 1, ("取号", "排队", "交材料", "拿结果"), ("身份证", "照片"), 30),
    ("居住证明", 0, ("取号", "交材料", "盖章"), ("身份证", "租房合同"), 20),
]
# kind, what the officer wrote, what the public reads, what was done; none: honestly not
FOUND = [
    ("unclear", "门口的牌子看不懂该去几号窗口", "门口指示牌看不懂", "换成大字，写清几号窗口办什么"),
    ("papers", "清单上没写，到了又要户口簿", "要了清单以外的材料", "统一按公布的清单收"),
    ("waiting", "一个窗口，等了四十多分钟", "排队太久", "上午加开一个窗口"),
    ("facility", "老人填表没有凳子和老花镜", "填表台没有凳子和老花镜", "添了凳子和老花镜"),
    ("trips", "复印要跑到对面打印店", "复印要跑到外面", "窗口旁放了复印机，免费印"),
    ("attitude", "问第二遍就不耐烦", "咨询时态度不好", "开了一次会，贴出首问负责"),
    ("system", "系统每到十一点就很慢", "办理系统上午很慢", ""),
]
# the round that runs: one is said to be done and waits for its finder, one nobody has taken; both were there before
LATEST = [("papers", "还是要户口簿，清单上没有", True), ("waiting", "十点去的，还是排到门外", False)]


def load(say: Any) -> None:
    """``say`` takes one sentence about what is being done."""
    community = Place.objects.get(code=COMMUNITIES[0].code)
    worker = Account.objects.get(username=f"{DEMO_PREFIX}worker-1")
    by, now = Actor(worker), timezone.now()
    say("登记窗口和事项")
    points = [
        planning.save_point(
            None,
            community,
            {"name": name, "address": where, "charge": who, "hours": "工作日 9:00–17:00"},
            by=by,
            reason=REASON,
        )
        for name, where, who in POINTS
    ]
    errands = [
        planning.save_errand(
            None, community, name, [points[at]], planning.Checklist(steps, papers, minutes), by=by, reason=REASON
        )
        for name, at, steps, papers, minutes in ERRANDS
    ]
    say("招体验员")
    officers = _officers(community, by, now)
    say("走三期")
    for number, (title, ago, kinds) in enumerate(
        [("先走一遍", 70, FOUND[2:3]), ("老年人办证", 35, FOUND), ("再看一次", 3, [])]
    ):
        first = timezone.localdate() - timedelta(days=ago)
        planned = planning.save_round(
            None, community, {"title": title, "aims": "看老人一个人能不能办成", "first_on": first, "last_on": first + timedelta(days=20)},
            errands, officers, by=by, reason=REASON,
        )  # fmt: skip
        start = now - timedelta(days=ago - 1)
        walk = _walk(planned, errands[0], points[1], officers[number % 2], start)
        me = Actor(officers[number % 2].account)
        for at, (kind, words, public, fix) in enumerate(kinds):
            when = walk.started_at + timedelta(minutes=5 * at + 3)
            finding = record_finding(walk, kind, words=words, by=me, now=when, reason=REASON)
            _checked(finding, public, fix, worker, me, when)
        if not kinds:
            _latest(walk, worker, me)
        _end(walk, me)


def _officers(community: Place, by: Actor, now: datetime) -> list[Officer]:
    """Two residents with accounts of their own who were accepted; a third has asked and waits."""
    taken = set(AccountResident.objects.order_by("pk").values_list("resident_id", flat=True))
    people = Resident.objects.present().filter(community=community, birth_date__year__lt=1970).exclude(pk__in=taken)
    said = ["退休了，想帮邻居看看", "认得窗口的人，也走过不少弯路", "在窗口碰过壁，想说一说"]
    found = []
    for number, (person, words) in enumerate(zip(people.order_by("pk")[:3], said, strict=True), 1):
        account = make_account(_free_name(), phone=f"1390917{number:04d}", display_name=person.name)
        AccountResident.objects.create(account=account, resident=person, relation="self", proof="示范")
        officer = recruiting.sign_up(person, words, True, by=Actor(account), now=now, reason=REASON)
        if number <= OFFICERS:
            recruiting.review(officer, True, "", by=by, now=now, reason=REASON)
            officer.refresh_from_db()
            found.append(officer)
    return found


def _free_name() -> str:
    """The next volunteer's username: another room may have the first."""
    names = (f"{DEMO_PREFIX}volunteer-{number}" for number in count(1))
    return next(name for name in names if not Account.objects.filter(username=name).exists())


def _walk(planned: Round, errand: Errand, point: ServicePoint, officer: Officer, start: datetime) -> Walk:
    """Begun in the morning; four steps, one of them long."""
    start = min(timezone.localtime(start).replace(hour=9, minute=10), timezone.localtime() - timedelta(hours=2))
    me = Actor(officer.account)
    walk = walking.start_walk(planned, errand, point, officer, by=me, now=start, reason=REASON)
    at = start
    for number, (minutes, waiting) in enumerate([(4, 2), (31, 28), (9, 0), (6, 3)], 1):
        asked = ["身份证", "照片", "户口簿"] if number == 3 else []
        walking.arrive(walk, number, by=me, now=at, reason=REASON)
        at += timedelta(minutes=minutes)
        walking.finish(walk, number, by=me, now=at, reason=REASON, waiting_minutes=waiting, asked=asked)
    return walk


def _end(walk: Walk, me: Actor) -> None:
    at = walk.started_at + timedelta(minutes=52)
    walking.end_walk(walk, "done", "办成了，路上不太顺", by=me, now=at, reason=REASON)


def _latest(walk: Walk, worker: Account, me: Actor) -> None:
    for number, (kind, words, handled) in enumerate(LATEST):
        when = walk.started_at + timedelta(minutes=9 * number + 20)
        finding = record_finding(walk, kind, words=words, by=me, now=when, reason=REASON)
        if handled:
            _handled(finding, "跟窗口核对了清单，贴在玻璃上", worker, when, timedelta(minutes=45))


def _checked(finding: Finding, public: str, fix: str, worker: Account, me: Actor, when: datetime) -> None:
    """Handled in two days, looked at on the third, published."""
    _handled(finding, fix, worker, when, timedelta(days=2))
    finding.refresh_from_db()
    check_finding(finding, True, "看过了", by=me, now=when + timedelta(days=3), reason=REASON)
    finding.refresh_from_db()
    by = Actor(worker)
    publish_finding(finding, public, fix, False, True, by=by, now=when + timedelta(days=3), reason=REASON)


def _handled(finding: Finding, fix: str, worker: Account, when: datetime, after: timedelta) -> None:
    """Assigned, signed for and said to be done ``after``; without a ``fix`` it honestly cannot be solved here."""
    by, case = Actor(worker), case_of(CaseSource(ROOM, finding.pk))
    assert case is not None
    if case.holder_role != "worker":
        assign(case, Desk(finding.community, "worker"), by=by, reason=REASON, now=when + after / 16)
    sign(case, by=by, reason=REASON, now=when + after / 8)
    outcome = Outcome.SOLVED if fix else Outcome.CANNOT
    text, who = (fix, "") if fix else ("系统是全市统一的，已经报上去", "市政务服务中心")
    handle(case, outcome, text, by=by, reason=REASON, who_could=who, now=when + after)
