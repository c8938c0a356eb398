"""Logs as they might have been written: values only, the same for the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from jiamenkou.engines.workdays import WorkClock
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.cases import clocks
from jiamenkou.foundation.cases.catalogue import Rule
from jiamenkou.foundation.cases.folding import Fact
from jiamenkou.foundation.cases.states import EventKind, Outcome, ReturnReason, Satisfaction, Solved

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
    """Account ids: who handles and calls back; and the place of the desk."""

    workers: Sequence[int]
    place: int


def story(
    random: Random, clock: WorkClock, rule: Rule, at: datetime, now: datetime, hands: Hands, follower: int
) -> Story:
    """A believable course of things up to ``now``: most in time, some late, a few returned, reopened, beyond us."""
    told = Story(at, rule, random.choice(TITLES[rule.category]))
    handler, caller = random.sample(list(hands.workers), 2)
    response = clocks.due_or_none(clock, at, rule.response)
    due = clocks.due_or_none(clock, at, rule.handle)
    slack = (due - at) if due else timedelta(days=5)

    def step(kind: EventKind, when: datetime, by: int | None, text: str = "", **data: object) -> datetime:
        if when <= now:
            told.facts.append(Fact(len(told.facts) + 1, kind, when, by, data))
            told.texts[len(told.facts)] = text
        return when

    def hand_over(when: datetime) -> datetime:
        holder = clocks.due_or_none(clock, when, rule.holder)
        return step(
            K.ASSIGNED, when, None, place=hands.place, role=str(Role.WORKER), account=None,
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
    outcome = Outcome.CANNOT if random.random() < 0.04 else Outcome.SOLVED
    text = "产权不在社区，已转告产权单位" if outcome == Outcome.CANNOT else "处理好了，请您看看"
    when = step(K.HANDLED, when, handler, text, outcome=str(outcome), handler=handler, who_could="")
    if random.random() < 0.06 and outcome == Outcome.SOLVED:
        when = step(K.CALLED_BACK, when + timedelta(hours=20), caller, "好了一晚又坏了", follower=follower, round=0, own=False, reached=True, solved=str(Solved.NO), satisfaction=str(Satisfaction.POOR))  # fmt: skip
        step(K.REOPENED, when, None, holder_due=None)
        when = step(K.HANDLED, when + timedelta(hours=26), handler, "换了新的", outcome=str(outcome), handler=handler)
        _call(random, step, when, caller, follower, 1, outcome)
    else:
        _call(random, step, when, caller, follower, 0, outcome)
    return told


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
        said = random.choices([Satisfaction.VERY, Satisfaction.GOOD, Satisfaction.FAIR], [30, 55, 15])[0]
        when = step(
            K.CALLED_BACK, when + timedelta(hours=random.randint(2, 40)), caller, "", follower=follower, round=turn,
            own=random.random() < 0.3, reached=True, solved=str(solved), satisfaction=str(said),
        )  # fmt: skip
    step(K.CLOSED, when, None)
