"""Logs as they might have been written: values only, the same for the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from jiamenkou.engines.workdays import CHINA, WorkClock
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.cases import clocks
from jiamenkou.foundation.cases.catalogue import Rule
from jiamenkou.foundation.cases.folding import Fact, fold
from jiamenkou.foundation.cases.states import (
    CaseState,
    EventKind,
    Outcome,
    ReturnReason,
    Satisfaction,
    Solved,
    WaitReason,
)

K = EventKind
TITLES = {
    "lighting": ["楼道灯不亮", "声控灯一直亮着", "地下室的灯坏了"],
    "elevator": ["电梯停在五楼不动", "电梯门关不严", "电梯里有异响"],
    "water": ["厨房下水堵了", "楼上漏水到我家", "楼前水管滴水"],
    "door": ["单元门关不上", "门禁刷不开", "单元门玻璃碎了"],
    "road": ["井盖松动，一走就响", "楼前路面有坑", "台阶缺了一块"],
    "rubbish": ["楼道堆了纸箱", "垃圾桶满了没人收", "装修垃圾堆在路边"],
    "green": ["树枝挡住二楼窗户", "草长到膝盖了", "桂花树生虫"],
    "noise": ["晚上十点还在装修", "广场舞声音太大", "楼上拖椅子"],
    "dispute": ["为停车位吵起来", "空调水滴到楼下", "宠物吓到孩子"],
    "fire": ["楼道里给电瓶车充电", "消防通道被占", "灭火器过期了"],
    "parking": ["僵尸车占了车位", "车堵在单元门口", "地锁装在公共车位"],
    "errand": ["居住证明怎么开", "老年卡要补办", "社保材料少一份"],
    "service": ["窗口中午没人", "排队排了一个钟头", "材料一次没说全"],
    "need": ["希望开暑假托管", "想要教老人用手机", "能不能开理发日"],
    "other": ["快递柜打不开", "健身器材松了", "宣传栏被雨淋坏"],
}


@dataclass(slots=True)
class Story:
    """One case to be: when, what, and every step of it."""

    at: datetime
    rule: Rule
    title: str
    facts: list[Fact] = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hands:
    """Account ids: who handles and calls back; and the place of the desk. ``street``: the desk above, and who sits there."""

    workers: Sequence[int]
    place: int
    street: tuple[int, int] | None = None


def story(
    random: Random, clock: WorkClock, rule: Rule, at: datetime, now: datetime, hands: Hands, follower: int
) -> Story:
    """A believable course of things up to ``now``: most in time, some late, a few returned, reopened, beyond us.

    Some stay unhappy: after the second unhappy answer the street takes it over, as ``callbacks`` does, and not all of
    those come round.
    """
    told = Story(at, rule, random.choice(TITLES[rule.category]))
    handler, caller = random.sample(list(hands.workers), 2)
    response = clocks.due_or_none(clock, at, rule.response)
    due = clocks.due_or_none(clock, at, rule.handle)
    slack = (due - at) if due else timedelta(days=5)

    def step(kind: EventKind, when: datetime, by: int | None, text: str = "", **data: object) -> datetime:
        if by is not None:
            when = _in_hours(when, told.facts[-1].at)
        if when <= now:
            told.facts.append(Fact(len(told.facts) + 1, kind, when, by, data))
            told.texts[len(told.facts)] = text
        return when

    def hand_over(when: datetime, place: int = hands.place, role: Role = Role.WORKER) -> datetime:
        holder = clocks.due_or_none(clock, when, rule.holder)
        return step(
            K.ASSIGNED, when, None, place=place, role=str(role), account=None,
            due=holder.isoformat() if holder else None,
        )  # fmt: skip

    step(
        K.OPENED,
        at,
        None,
        due=due.isoformat() if due else None,
        response_due=response.isoformat() if response else None,
    )
    when = hand_over(at)
    if random.random() < 0.05:
        when = step(
            K.RETURNED,
            when + slack * 0.08,
            caller,
            "查了分工，先要街道定由谁牵头",
            reason=str(ReturnReason.NEEDS_OTHERS),
        )
        when = hand_over(when + slack * 0.05)
    when = step(K.SIGNED, when + slack * random.uniform(0.01, 0.06), handler, account=handler)
    # most people are called well within the time for it
    when = max(when, step(K.CONTACTED, _spoken(random, at, response, when), handler, "打过电话，约好上门看"))
    if random.random() < 0.4:
        when = step(K.NOTED, when + slack * 0.1, handler, "到现场看过，已报修")
    late = random.random() < 0.09
    when = max(when, at + slack * (random.uniform(1.05, 1.6) if late else random.uniform(0.35, 0.95)))
    outcome = Outcome.CANNOT if random.random() < 0.05 else Outcome.SOLVED
    text = "产权不在社区，已转告产权单位" if outcome == Outcome.CANNOT else "处理好了，请您看看"
    when = step(K.HANDLED, when, handler, text, outcome=str(outcome), handler=handler, who_could="")

    def unhappy(when: datetime, turn: int, text: str) -> datetime:
        return step(
            K.CALLED_BACK, when + timedelta(hours=20), caller, text, follower=follower, round=turn, own=False,
            reached=True, solved=str(Solved.NO), satisfaction=str(Satisfaction.POOR), proof="",
        )  # fmt: skip

    turn, bad = 0, random.random() < (0.09 if outcome == Outcome.SOLVED else 0.4)
    if bad and outcome == Outcome.SOLVED:
        when = unhappy(when, 0, "好了一晚又坏了")
        step(K.REOPENED, when, None, holder_due=None)
        when = step(K.HANDLED, when + timedelta(hours=26), handler, "换了新的", outcome=str(outcome), handler=handler)
        turn, bad = 1, random.random() < 0.4
    if bad and hands.street is not None:
        place, officer = hands.street
        when = unhappy(when, turn, "说了两回，还是老样子" if turn else "谁都说不归自己管")
        step(K.SUPERVISED, when, None, "回访还是不满意，交街道", level=3, unhappy=True)
        hand_over(when, place, Role.STREET_OFFICER)
        when = step(K.SIGNED, when + timedelta(hours=2), officer, account=officer)
        text = "街道请产权单位到场，写了答复" if outcome == Outcome.CANNOT else "街道派人重做，当面看过"
        when = step(K.HANDLED, when + timedelta(hours=30), officer, text, outcome=str(outcome), handler=officer)
        if random.random() < 0.6:
            # the street has had it: it ends as it is, and counts as what was said
            step(K.CLOSED, unhappy(when, turn, "做是做了，拖得太久"), None)
            return told
    _call(random, step, when, caller, follower, turn, outcome)
    return told


def pend(told: Story, what: EventKind, now: datetime) -> bool:
    """Let an open case wait for a decision at ``now``. False where it is not at a point from which that is asked."""
    state = fold(told.facts)
    at = told.facts[-1].at + (now - told.facts[-1].at) * 0.7
    if state.state != CaseState.WORKING or state.due_at is None or state.due_at <= at:
        return False
    data, text = _PENDING[what]
    told.facts.append(Fact(len(told.facts) + 1, what, at, state.holder_id, data))
    told.texts[len(told.facts)] = text
    return True


_PENDING: dict[EventKind, tuple[dict[str, object], str]] = {
    K.EXTENSION_ASKED: ({"days": 3}, "要等专业公司排期，三天内能到"),
    K.SUSPENSION_ASKED: ({"reason": str(WaitReason.OTHERS)}, "等产权单位盖章，他们说下月初"),
    K.RETURNED: ({"reason": str(ReturnReason.NOT_OURS)}, "查了职责清单，这一项该由物业公司牵头"),
}


def _in_hours(when: datetime, after: datetime) -> datetime:
    """Staff work by day: what falls into the night was done before closing, or, if that is too early, next morning."""
    local = when.astimezone(CHINA)
    if 8 <= local.hour < 18:
        return when
    closing = local.replace(hour=17, minute=local.minute // 2 + 20)
    if local.hour < 8:
        closing -= timedelta(days=1)
    if closing > after:
        return closing
    morning = after.astimezone(CHINA)
    if morning.hour >= 17:
        morning += timedelta(days=1)
    return max(morning.replace(hour=8, minute=local.minute // 2 + 20), after + timedelta(minutes=5))


def _spoken(random: Random, at: datetime, response: datetime | None, signed: datetime) -> datetime:
    if response is None:
        return signed
    return at + (response - at) * (random.uniform(1.1, 2.0) if random.random() < 0.05 else random.uniform(0.2, 0.95))


def _call(random: Random, step: object, when: datetime, caller: int, follower: int, turn: int, outcome: str) -> None:
    """The answers, or three calls without any, then the end."""
    assert callable(step)
    if random.random() < 0.12:
        for number in range(1, 4):
            when = step(
                K.CALLED_BACK, when + timedelta(hours=20 * number), caller, "没打通", follower=follower, round=turn,
                own=False, reached=False,
            )  # fmt: skip
    else:
        solved = Solved.NO if outcome == Outcome.CANNOT else random.choices([Solved.YES, Solved.PARTLY], [92, 8])[0]
        ways = [10, 50, 40] if outcome == Outcome.CANNOT else [30, 55, 15]
        said = random.choices([Satisfaction.VERY, Satisfaction.GOOD, Satisfaction.FAIR], ways)[0]
        when = step(
            K.CALLED_BACK, when + timedelta(hours=random.randint(2, 40)), caller, "", follower=follower, round=turn,
            own=random.random() < 0.3, reached=True, solved=str(solved), satisfaction=str(said), proof="",
        )  # fmt: skip
    step(K.CLOSED, when, None)
