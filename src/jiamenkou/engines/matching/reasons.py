"""Why a pair fits, in the words that the phone and the desk show, with the points behind each.

Score (0 to 100, less 15 for each curable refusal) = sum of the points of all
reasons: occupation 40, walk 30, pay 20, certificate 6, hours 4. What is not
known earns nothing, so silence never outranks a stated fact.
"""

from __future__ import annotations

from functools import lru_cache

from jiamenkou.engines.matching import hours
from jiamenkou.engines.matching.feasibility import feasible, walk_minutes
from jiamenkou.engines.matching.likeness import OCCUPATION_POINTS, likeness
from jiamenkou.engines.matching.model import (
    MINUTES_A_DAY,
    Kind,
    Mark,
    Opening,
    PayUnit,
    Reason,
    ReasonCode,
    Refusal,
    RefusalCode,
    Seeker,
    Window,
)
from jiamenkou.engines.matching.pay import sure_monthly_fen, yuan

WALK_POINTS = 30
PAY_POINTS = 20
CERTIFICATE_POINTS = 6
HOURS_POINTS = 4
CURE_POINTS = -15
# a walk without a wish is judged against half an hour, and counts as near within a quarter
USUAL_WALK_MIN = 30
NEAR_WALK_MIN = 15
AT_THE_DOOR_MIN = 2

_MARK_ORDER = {Mark.FOR: 0, Mark.AGAINST: 1, Mark.UNKNOWN: 2}
_CURED = {RefusalCode.CERTIFICATE: ReasonCode.CERTIFICATE, RefusalCode.RESERVED: ReasonCode.RESERVED}


def reasons(seeker: Seeker, opening: Opening) -> list[Reason]:
    """What speaks for the pair, what against, what is not known, in that order, hard conditions before wishes.

    For a pair without incurable refusals; those refusals are not repeated here.
    """
    said = _said(seeker, opening, feasible(seeker, opening))
    return sorted(said, key=lambda reason: (_MARK_ORDER[reason.mark], not reason.hard, -reason.points))


def score(seeker: Seeker, opening: Opening, refusals: list[Refusal] | None = None) -> int:
    """The sum of the points of all ``reasons``; ``refusals`` where ``feasible`` has been asked already."""
    known = feasible(seeker, opening) if refusals is None else refusals
    return sum(reason.points for reason in _said(seeker, opening, known))


def _said(seeker: Seeker, opening: Opening, refusals: list[Refusal]) -> list[Reason]:
    return [
        *_certificates(seeker, opening),
        *_hours(seeker, opening),
        *_reserved(seeker, opening),
        *_occupation(seeker, opening),
        *_walk(seeker, opening),
        *_pay(seeker, opening),
        *_education(seeker, opening),
        *_cures(refusals),
    ]


def walk_scale(seeker: Seeker) -> int:
    """The minutes on foot at which a walk earns nothing, at least 1."""
    for limit in (seeker.wish_walk_min, seeker.max_walk_min):
        if limit is not None:
            return max(limit, 1)
    return USUAL_WALK_MIN


def _walk(seeker: Seeker, opening: Opening) -> list[Reason]:
    walk = walk_minutes(seeker, opening)
    if walk is None:
        return [Reason(ReasonCode.WALK, "不知道走多远，问一声", Mark.UNKNOWN)]
    scale = walk_scale(seeker)
    points = WALK_POINTS * max(scale - walk, 0) // scale
    if opening.kind is Kind.HOME:
        return [Reason(ReasonCode.WALK, "在家就能做", Mark.FOR, points)]
    if walk <= AT_THE_DOOR_MIN:
        return [Reason(ReasonCode.WALK, "就在家门口", Mark.FOR, points)]
    if seeker.wish_walk_min is not None and walk > seeker.wish_walk_min:
        more = walk - seeker.wish_walk_min
        return [Reason(ReasonCode.WALK, f"走路 {walk} 分钟，比您想的多 {more} 分钟", Mark.AGAINST, points)]
    far = walk > NEAR_WALK_MIN and seeker.wish_walk_min is None and seeker.max_walk_min is None
    return [Reason(ReasonCode.WALK, f"走路 {walk} 分钟", Mark.AGAINST if far else Mark.FOR, points)]


def _hours(seeker: Seeker, opening: Opening) -> list[Reason]:
    shift = hours.shift(opening)
    if not shift.known:
        missing = "没写几点上下班，问一声" if opening.start is None or opening.end is None else "没写周几上班，问一声"
        return [Reason(ReasonCode.HOURS, missing, Mark.UNKNOWN)]
    if not seeker.windows:
        return []
    return [Reason(ReasonCode.HOURS, _hours_words(seeker.windows, shift), Mark.FOR, HOURS_POINTS, hard=True)]


@lru_cache(maxsize=65536)
def _hours_words(windows: tuple[Window, ...], shift: hours.Shift) -> str:
    free = hours.week(windows)
    spans = [
        span
        for day in range(7)
        if shift.days >> day & 1
        for span in free[day]
        if any(span.covers(probe) for probe in shift.probes)
    ]
    for word in (*(span.until for span in spans), *(span.since for span in spans)):
        if word:
            return f"能{word}"
    end = max(probe[1] for probe in shift.probes)
    return "上午就下班" if end <= MINUTES_A_DAY // 2 else "时间对得上"


def _pay(seeker: Seeker, opening: Opening) -> list[Reason]:
    if opening.pay_min_fen is None and opening.pay_max_fen is None:
        return [Reason(ReasonCode.PAY, "没写工资，问一声", Mark.UNKNOWN)]
    wish, monthly = seeker.wish_monthly_fen, sure_monthly_fen(opening)
    if not wish:
        return []
    if monthly is None:
        return [Reason(ReasonCode.PAY, "一个月能拿多少算不准", Mark.UNKNOWN)]
    points = min(max(PAY_POINTS // 2 + PAY_POINTS * (monthly - wish) // wish, 0), PAY_POINTS)
    if opening.pay_unit is not PayUnit.MONTH:
        monthly -= monthly % 100  # worked out from hours or days: cents would only look exact
    sure = f"一个月 {yuan(monthly)} 元起"
    if monthly >= wish:
        return [Reason(ReasonCode.PAY, f"{sure}，够您想要的", Mark.FOR, points)]
    return [Reason(ReasonCode.PAY, f"{sure}，比您想的少 {yuan(wish - monthly)} 元", Mark.AGAINST, points)]


def _certificates(seeker: Seeker, opening: Opening) -> list[Reason]:
    held = sorted(opening.certificates & seeker.certificates)
    points = CERTIFICATE_POINTS if held and len(held) == len(opening.certificates) else 0
    return [
        Reason(ReasonCode.CERTIFICATE, f"您有{name}", Mark.FOR, points if name == held[0] else 0, hard=True)
        for name in held
    ]


def _reserved(seeker: Seeker, opening: Opening) -> list[Reason]:
    if not (opening.reserved and seeker.hard_to_employ):
        return []
    return [Reason(ReasonCode.RESERVED, "公益岗，您够条件", Mark.FOR, hard=True)]


def _occupation(seeker: Seeker, opening: Opening) -> list[Reason]:
    points = likeness(seeker, opening)
    if not points:
        return []
    words = "正是您想找的活" if points == OCCUPATION_POINTS else "和您想找的差不多"
    return [Reason(ReasonCode.OCCUPATION, words, Mark.FOR, points)]


def _education(seeker: Seeker, opening: Opening) -> list[Reason]:
    if opening.education is None or seeker.education is not None:
        return []
    return [Reason(ReasonCode.EDUCATION, f"要{opening.education.label}，您的学历还没登记", Mark.UNKNOWN)]


def _cures(refusals: list[Refusal]) -> list[Reason]:
    return [
        Reason(_CURED[refusal.code], refusal.text, Mark.AGAINST, CURE_POINTS, hard=True)
        for refusal in refusals
        if refusal.curable
    ]
