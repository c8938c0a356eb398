"""One pair: what refuses, what is said, and that what is unknown never refuses."""

from __future__ import annotations

import math
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiamenkou.engines.matching import (
    MONDAY_TO_FRIDAY,
    Education,
    Kind,
    Mark,
    Opening,
    PayUnit,
    RefusalCode,
    Seeker,
    Spot,
    Window,
    feasible,
    reasons,
    score,
    spot,
    within_reach,
)
from jiamenkou.engines.matching.pay import best_hourly_fen, sure_monthly_fen, yuan
from jiamenkou.engines.matching.walking import minutes, minutes_of, reach_squared
from tests.engines.matching.strategies import openings, seekers

SCHOOL_DAY = (Window(MONDAY_TO_FRIDAY, 8 * 60, 15 * 60 + 30, "送孩子", "接孩子"),)
CARER = Opening(
    id="carer",
    title="日间照料中心护理员",
    code="4-10-01-05",
    spot=Spot(460, 0),
    days=MONDAY_TO_FRIDAY,
    start=8 * 60,
    end=15 * 60 + 30,
    pay_min_fen=420_000,
    pay_max_fen=460_000,
    certificates=frozenset({"养老护理员证"}),
    places_left=2,
)
MOTHER = Seeker(
    id="mother",
    spot=Spot(0, 0),
    windows=SCHOOL_DAY,
    max_walk_min=15,
    wish_monthly_fen=350_000,
    certificates=frozenset({"养老护理员证"}),
    wanted_words=frozenset({"护理"}),
)


def texts(seeker: Seeker, opening: Opening) -> list[str]:
    return [refusal.text for refusal in feasible(seeker, opening)]


def test_a_good_pair_says_why_and_its_points_add_up() -> None:
    assert feasible(MOTHER, CARER) == []
    said = reasons(MOTHER, CARER)
    assert [(r.mark, r.text) for r in said] == [
        (Mark.FOR, "您有养老护理员证"),
        (Mark.FOR, "能接孩子"),
        (Mark.FOR, "正是您想找的活"),
        (Mark.FOR, "走路 8 分钟"),
        (Mark.FOR, "一个月 4200 元起，够您想要的"),
    ]
    assert score(MOTHER, CARER) == sum(r.points for r in said) == 6 + 4 + 40 + 14 + 14


def test_hours_name_what_they_miss_by_how_much() -> None:
    assert texts(MOTHER, replace(CARER, end=16 * 60 + 10)) == ["差 40 分钟，赶不上接孩子"]
    assert texts(MOTHER, replace(CARER, start=7 * 60)) == ["差 60 分钟，来不及送孩子"]
    assert texts(MOTHER, replace(CARER, days=0b1100001)) == ["周六、周日要上班，您没空"]
    plain = replace(MOTHER, windows=(Window(MONDAY_TO_FRIDAY, 480, 930),))
    assert texts(plain, replace(CARER, end=960)) == ["下班晚 30 分钟，您没空"]
    assert texts(plain, replace(CARER, start=450)) == ["上班早 30 分钟，您没空"]


def test_every_other_condition_refuses_in_words() -> None:
    assert texts(MOTHER, replace(CARER, places_left=0)) == ["已经招满了"]
    assert texts(MOTHER, replace(CARER, spot=Spot(2000, 0))) == ["走路 35 分钟，超过您的 15 分钟"]
    assert texts(replace(MOTHER, limits=frozenset({"搬重物"})), replace(CARER, demands=frozenset({"搬重物"}))) == [
        "要搬重物，您说过不方便"
    ]
    assert texts(replace(MOTHER, education=Education.JUNIOR), replace(CARER, education=Education.SENIOR)) == [
        "要高中，您是初中"
    ]
    assert texts(replace(MOTHER, accepts=frozenset({Kind.CASUAL, Kind.HOME})), CARER) == [
        "这是全职，您只要零工、在家做"
    ]
    hourly = replace(CARER, pay_min_fen=1800, pay_max_fen=1850, pay_unit=PayUnit.HOUR)
    assert texts(replace(MOTHER, min_hourly_fen=2000), hourly) == ["每小时最多 18.5 元，您至少要 20 元"]
    assert texts(replace(MOTHER, certificates=frozenset()), CARER) == ["要养老护理员证，您还没有"]


def test_what_the_community_mends_is_curable_and_counts_against() -> None:
    canteen = replace(CARER, certificates=frozenset({"健康证"}), reserved=True)
    refusals = feasible(MOTHER, canteen)
    assert [(r.code, r.text) for r in refusals] == [
        (RefusalCode.CERTIFICATE, "要健康证，社区帮您约"),
        (RefusalCode.RESERVED, "先登记就业困难才能报"),
    ]
    assert within_reach(refusals)
    assert not within_reach(feasible(MOTHER, replace(canteen, places_left=0)))
    against = [(r.text, r.points) for r in reasons(MOTHER, canteen) if r.mark is Mark.AGAINST]
    assert against == [("要健康证，社区帮您约", -15), ("先登记就业困难才能报", -15)]
    registered = replace(MOTHER, hard_to_employ=True, certificates=frozenset({"健康证"}))
    assert feasible(registered, canteen) == []
    assert "公益岗，您够条件" in [r.text for r in reasons(registered, canteen)]


def test_what_is_not_stated_is_said_and_never_refuses() -> None:
    silent = Opening(id="silent", title="杂工", education=Education.SENIOR)
    strict = replace(MOTHER, min_hourly_fen=9000)
    assert feasible(strict, silent) == []
    assert [(r.mark, r.text) for r in reasons(strict, silent)] == [
        (Mark.UNKNOWN, "没写几点上下班，问一声"),
        (Mark.UNKNOWN, "不知道走多远，问一声"),
        (Mark.UNKNOWN, "没写工资，问一声"),
        (Mark.UNKNOWN, "要高中，您的学历还没登记"),
    ]
    assert "没写周几上班，问一声" in [r.text for r in reasons(MOTHER, replace(CARER, days=None))]
    assert "一个月能拿多少算不准" in [r.text for r in reasons(MOTHER, replace(CARER, pay_unit=PayUnit.PIECE))]


def test_wishes_order_but_do_not_refuse() -> None:
    wish = replace(MOTHER, max_walk_min=None, wish_walk_min=5, wish_monthly_fen=500_000)
    assert feasible(wish, CARER) == []
    against = [r.text for r in reasons(wish, CARER) if r.mark is Mark.AGAINST]
    assert against == ["一个月 4200 元起，比您想的少 800 元", "走路 8 分钟，比您想的多 3 分钟"]


def test_home_and_the_door_and_far_without_a_limit() -> None:
    free = Seeker(id="free", spot=Spot(0, 0))
    assert reasons(free, replace(CARER, kind=Kind.HOME))[-1].text == "在家就能做"
    assert "就在家门口" in [r.text for r in reasons(free, replace(CARER, spot=Spot(50, 0)))]
    (far,) = [r for r in reasons(free, replace(CARER, spot=Spot(1200, 0))) if r.mark is Mark.AGAINST]
    assert far.text == "走路 21 分钟"


def test_a_night_shift_needs_a_night() -> None:
    night = replace(CARER, start=22 * 60, end=6 * 60)
    assert texts(MOTHER, night)
    owl = replace(MOTHER, windows=(Window(127, 21 * 60, 24 * 60), Window(127, 0, 7 * 60)))
    assert feasible(owl, night) == []
    assert texts(replace(owl, windows=(Window(MONDAY_TO_FRIDAY, 21 * 60, 7 * 60),)), replace(night, days=127))


def test_nothing_can_carry_age_sex_or_height() -> None:
    names = {field.name for noun in (Seeker, Opening) for field in fields(noun)}
    assert not {name for name in names if any(word in name for word in ("age", "sex", "gender", "birth", "height"))}


def test_bad_values_are_refused() -> None:
    for days in (0, 128, -1):
        with pytest.raises(ValueError, match="mask"):
            Window(days, 0, 60)
    with pytest.raises(ValueError, match="minute"):
        Window(1, 0, 1441)
    with pytest.raises(ValueError, match="backwards"):
        Opening(id="o", title="x", pay_min_fen=2, pay_max_fen=1)


def test_pay_is_made_comparable() -> None:
    assert best_hourly_fen(CARER) == 460_000 * 60 * 12 // (450 * 5 * 52)
    assert best_hourly_fen(replace(CARER, start=None)) is None
    day = replace(CARER, pay_min_fen=15_000, pay_max_fen=None, pay_unit=PayUnit.DAY, break_min=30)
    assert best_hourly_fen(day) == 15_000 * 60 // 420
    assert sure_monthly_fen(day) == 15_000 * 5 * 52 // 12
    hourly = replace(CARER, pay_min_fen=2200, pay_max_fen=2200, pay_unit=PayUnit.HOUR)
    assert sure_monthly_fen(hourly) == 2200 * 450 * 5 * 52 // 720
    assert [yuan(fen) for fen in (380_000, 2250, 5, 0)] == ["3800", "22.5", "0.05", "0"]


@given(st.integers(-40_000, 40_000), st.integers(-40_000, 40_000), st.integers(0, 200))
def test_walking_is_one_rule_for_pairs_arrays_and_limits(x: int, y: int, limit: int) -> None:
    walk = minutes(Spot(0, 0), Spot(x, y))
    squared = x * x + y * y
    assert walk == pytest.approx(math.hypot(x, y) * 1.3 / 75, abs=1.0) and walk >= math.hypot(x, y) * 1.3 / 75 - 1e-9
    assert minutes_of(np.array([squared]))[0] == walk
    assert (squared <= reach_squared(limit)) == (walk <= limit)


@given(st.integers(0, 2000))
def test_walking_on_the_very_border(limit: int) -> None:
    edge = reach_squared(limit)
    assert minutes_of(np.array([edge, edge + 1])).tolist() == [limit, limit + 1]


def test_degrees_become_metres() -> None:
    here = spot(31.80, 119.96, origin=(31.79, 119.95))
    assert here.x == pytest.approx(945, abs=2)
    assert here.y == pytest.approx(1112, abs=1)


def free_minutes(seeker: Seeker) -> set[int]:
    """Every minute of the week, on a circle, that some window covers."""
    week = 7 * 1440
    return {
        (day * 1440 + minute) % week
        for w in seeker.windows
        for day in range(7)
        if w.days >> day & 1
        for minute in range(w.start, w.end if w.end > w.start else w.end + 1440)
    }


@given(seekers(), openings())
def test_hours_agree_with_counting_minutes(seeker: Seeker, opening: Opening) -> None:
    """Where days and hours are stated: every minute of every shift must be free."""
    if opening.days is None or opening.start is None or opening.end is None or not seeker.windows:
        return
    end = opening.end if opening.end > opening.start else opening.end + 1440
    worked = {
        (day * 1440 + minute) % (7 * 1440)
        for day in range(7)
        if opening.days >> day & 1
        for minute in range(opening.start, end)
    }
    refused = any(refusal.code is RefusalCode.HOURS for refusal in feasible(seeker, opening))
    assert refused == bool(worked - free_minutes(seeker))


@given(seekers(), openings(), st.integers(1, 127), st.integers(0, 1440), st.integers(0, 1440))
def test_stating_more_never_makes_a_refused_pair_feasible(
    seeker: Seeker, opening: Opening, days: int, start: int, end: int
) -> None:
    """What is unknown refuses only what every completion would refuse."""
    stated = replace(
        opening,
        days=opening.days or days,
        start=start if opening.start is None else opening.start,
        end=end if opening.end is None else opening.end,
    )
    codes = {refusal.code for refusal in feasible(seeker, opening)}
    assert codes <= {refusal.code for refusal in feasible(seeker, stated)}


@given(seekers(), openings())
def test_reasons_are_ordered_short_and_add_up(seeker: Seeker, opening: Opening) -> None:
    said = reasons(seeker, opening)
    marks = [list(Mark).index(reason.mark) for reason in said]
    assert marks == sorted(marks)
    assert all(0 < len(reason.text) <= 30 for reason in said)
    assert score(seeker, opening) <= 100
    assert all(reason.points >= 0 for reason in said if reason.mark is not Mark.AGAINST)
    assert all(reason.points == 0 for reason in said if reason.mark is Mark.UNKNOWN)
