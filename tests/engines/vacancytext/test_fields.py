"""Traps and rules, field by field."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jiamenkou.engines.vacancytext import Post, deadline_date, fraud_words, parse


def only(text: str) -> Post:
    posts = parse(text).posts
    assert len(posts) == 1
    return posts[0]


def draft(text: str) -> dict[str, Any]:
    return only(text).to_json()


def pay(text: str) -> tuple[object, object, object]:
    said = draft(text)
    return said["pay_min"], said["pay_max"], said["pay_unit"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("招普工，工资58006500元/月", (5800, 6500, "month")),  # the dash was lost
        ("招普工，工价200220元/天", (200, 220, "day")),
        ("招小时工，每小时18元", (18, 18, "hour")),
        ("招客服，薪资：4k-7k", (4000, 7000, "month")),
        ("招客服，薪资４０００－７０００元／月", (4000, 7000, "month")),
        ("招文员 4.5-6千/月", (4500, 6000, "month")),
        ("招厨师，1-1.5万/月", (10000, 15000, "month")),
        ("招厨师，8千-1万/月", (8000, 10000, "month")),
        ("招经理，年薪10万-15万", (100000, 150000, "year")),
        ("招骑手，5.5-8元一单", (5.5, 8, "piece")),
        ("招小区保安，一天一百八，包住", (180, 180, "day")),
        ("招收费员，工资两千六百元", (2600, 2600, "month")),
        ("招保育员，三千到三千五一个月", (3000, 3500, "month")),
        ("招保安每月3千2", (3200, 3200, "month")),  # not 3000
        ("招保安月薪3千2到3千8", (3200, 3800, "month")),
        ("招保安，6千1个月", (6000, 6000, "month")),  # not 6100
        ("招保安月薪1.5千2", (None, None, None)),  # no number at all
        ("招清扫工，每月2360.50元", (2360.5, 2360.5, "month")),
        ("招月嫂，26天12800", (12800, 12800, "month")),
        ("招打包员，早9晚6，3500元/月起", (3500, None, "month")),  # 6,350 is no number here
        ("招司机 1W-1.5W/月", (10000, 15000, "month")),
        ("手工串珠子 0.35元/个", (0.35, 0.35, "piece")),
        ("手工钉扣子，一毛五一颗", (0.15, 0.15, "piece")),
        ("招普工，时薪28", (28, 28, "hour")),
        ("招文员 4000—5500元", (4000, 5500, "month")),
        ("招手工，串珠0.35元/个", (0.35, 0.35, "piece")),
        ("招手工，粘花1毛5一个", (0.15, 0.15, "piece")),
        ("招服务员，工资3200起", (3200, None, "month")),
        ("招服务员一名4500到", (4500, None, "month")),
        ("招打菜员，工资两千八", (2800, 2800, "month")),
        ("招保洁，一天130", (130, 130, "day")),
        ("招普工，周结200/天，月结220/天", (200, 220, "day")),
        ("招普工，18元/小时，综合工资5000-6500", (18, 18, "hour")),
        ("招普工，15元/小时，返费2000元，利润3元/小时", (15, 15, "hour")),
        ("招普工，20元/小时\n代理费：2元/小时", (20, 20, "hour")),
        ("招普工，餐补15元/天，押金100元，全勤300元", (None, None, None)),
        ("招普工\n政策：打卡18天800+V", (None, None, None)),
    ],
)
def test_wages_and_what_is_none(words: str, expected: tuple[object, ...]) -> None:
    assert pay(words) == expected


def test_less_than_a_fen_is_not_rounded_into_a_wage() -> None:
    assert pay("招手工，折纸0.035元/个") == (None, None, None)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("上班时间：8:0020:00", ("08:00", "20:00")),
        ("上班时间：8、30～9、00", ("08:30", "21:00")),
        ("时间：９：００－１８：００", ("09:00", "18:00")),
        ("工作时间:早7.30-晚7.30", ("07:30", "19:30")),
        ("18点～22点", ("18:00", "22:00")),
        ("早8点到晚8点", ("08:00", "20:00")),
        ("朝九晚六", ("09:00", "18:00")),
        ("早上五点半至下午一点", ("05:30", "13:00")),
        ("9:00-12:00；13:00-17:00", ("09:00", "17:00")),
        ("8:30-20:30、20:30-8:30两班倒", ("08:30", "20:30")),
        ("20:00-8:00", ("20:00", "08:00")),
        ("晚上7点-11点", ("19:00", "23:00")),
        ("凌晨3点上班，上午10点下班", ("03:00", "10:00")),
        ("面试时间：9:00-11:00", (None, None)),
        ("年龄18-45岁", (None, None)),
    ],
)
def test_hours(words: str, expected: tuple[str | None, str | None]) -> None:
    said = draft(f"招保安\n{words}")
    assert (said["start_time"], said["end_time"]) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("招服务员3名", 3),
        ("招服务员两名", 2),
        ("招服务员数名", None),
        ("招服务员3-5名", None),
        ("招服务员10名以上", None),
        ("招服务员，宿舍6人间", None),
        ("招普工\n人数：30人", 30),
        ("招绿化工五六个", None),
    ],
)
def test_head_counts(words: str, expected: int | None) -> None:
    assert draft(words)["headcount"] == expected


@pytest.mark.parametrize(
    ("words", "phones"),
    [
        ("电话13800001234", ["13800001234"]),
        ("电话：138 0000 1234", ["13800001234"]),
        ("电话：138-0000-1234 / 139-0000-5678", ["13800001234", "13900005678"]),
        ("１３８００００１２３４", ["13800001234"]),
        ("+86 138 0000 1234", ["13800001234"]),
        ("1380000123413900005678", ["13800001234", "13900005678"]),
        ("座机0571-88000000转801", ["0571-88000000-801"]),
        ("电话 8800 0000", ["88000000"]),
        ("QQ：34560000", []),
        ("工资58006500", []),
        ("订单编号 202611220000123", []),
    ],
)
def test_phones(words: str, phones: list[str]) -> None:
    assert draft(f"招保洁，{words}")["phones"] == phones


@pytest.mark.parametrize(
    ("words", "struck"),
    [
        ("要求：2052岁", ["2052岁"]),
        ("要求：男1845岁", ["男1845岁"]),
        ("要求：身高1、70米", ["身高1、70米"]),
        ("要求：限女，35岁以下，已婚已育优先", ["限女", "35岁以下", "已婚已育优先"]),
        ("要求：形象好气质佳", ["形象好气质佳"]),
        ("要求：男女不限，18岁以上，无纹身，无犯罪记录", []),
        ("招月嫂，会做月子餐", []),
    ],
)
def test_unlawful_terms_are_set_apart(words: str, struck: list[str]) -> None:
    post = only(f"招保安\n{words}")
    assert [one.value.words for one in post.discriminatory] == struck
    assert all("法" in one.value.law for one in post.discriminatory)
    assert not set(struck) & {one.value for one in post.requirements}


def test_public_welfare_posts_may_name_who_they_are_for() -> None:
    said = only("公益性岗位：社区保洁员2名，招聘对象：女40周岁以上、男50周岁以上的就业困难人员")
    assert not said.discriminatory
    assert said.requirements
    assert said.kind
    assert said.kind.value == "public_welfare"


def test_another_post_inherits_what_it_does_not_say() -> None:
    first, second = parse(
        "颐安居养老服务中心急招护理员3名，3800-4500一个月，地址锦荷路58号。\n"
        "另招夜班保洁1名，120一晚。\n找蒋经理138 0000 6217"
    ).posts
    assert (first.headcount and first.headcount.value, second.headcount and second.headcount.value) == (3, 1)
    assert second.to_json()["pay_min"] == 120
    assert second.place
    assert second.place.inferred == ("锦荷路" in second.place.value)
    assert second.to_json()["pay_unit"] == "day"
    assert first.to_json()["phones"] == second.to_json()["phones"] == ["13800006217"]


def test_traditional_text_keeps_its_own_characters() -> None:
    said = draft("餐廳誠聘侍應生2名，時薪65元，包兩餐")
    assert (said["title"], said["headcount"], said["pay_min"], said["pay_unit"]) == ("侍應生", 2, 65, "hour")
    assert said["benefits"] == ["包兩餐"]


def test_what_was_not_understood_is_left_for_people() -> None:
    assert "懂的都懂" in draft("招保洁，3000一个月，懂的都懂。")["leftover"]


@pytest.mark.parametrize("text", ["", " \n", "各位邻居早上好", "13800001234", "今天停水，请大家储水"])
def test_no_vacancy_no_post(text: str) -> None:
    assert parse(text).posts == ()


def test_fraud_words_say_why_and_where() -> None:
    text = "招打字员，先交钱后上班，押金200元，可刷单"
    found = fraud_words(text)
    assert {flag.word for flag in found} >= {"押金", "刷单"}
    assert all(text[flag.span.start : flag.span.end] == flag.word and flag.why for flag in found)
    assert fraud_words("正规企业，不收押金，无需交培训费，谨防刷单") == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("3月底前", date(2026, 3, 31)),
        ("2026年4月15日", date(2026, 4, 15)),
        ("1月5日前", date(2027, 1, 5)),
        ("2月30日", None),
        ("尽快", None),
    ],
)
def test_deadlines(words: str, expected: date | None) -> None:
    assert deadline_date(words, date(2026, 2, 1)) == expected


def test_a_deadline_is_found_with_its_words() -> None:
    post = only("招保洁1名，2500元/月，3月底前都行，日结")
    assert post.deadline
    assert post.deadline.value.startswith("3月底")
    assert post.deadline.inferred
    assert post.settlement
    assert post.settlement.value == "daily"


@pytest.mark.parametrize(
    ("words", "rest"),
    [
        ("招文员，周一到周五 9:00-17:00，3000元/月", "双休（周一到周五）"),
        ("招文员，星期一至星期六 9:00-17:00，3000元/月", "单休（星期一至星期六）"),
        ("招文员，双休，周一到周五 9:00-17:00，3000元/月", "双休"),
        ("招文员，3000元/月，面试时间：周一到周五 9:00-17:00", None),
    ],
)
def test_working_days_say_which_are_free(words: str, rest: str | None) -> None:
    assert draft(words)["rest"] == rest


def test_a_wage_names_its_post() -> None:
    """One sum under a label is everybody's; a sum behind a trade's name is that trade's."""
    posts = parse("招帮厨1人、洗碗工1人，包两餐，帮厨3200/月，洗碗2600/月").posts
    assert [(post.to_json()["title"], post.to_json()["pay_min"]) for post in posts] == [
        ("帮厨", 3200),
        ("洗碗工", 2600),
    ]
    posts = parse("招保洁员1名、巡逻员2名\n待遇：2490元/月").posts
    assert [post.to_json()["pay_min"] for post in posts] == [2490, 2490]
