"""Which days of the week a post works: named ones, those that 双休 means, and none where nobody says which."""

from __future__ import annotations

import time

import pytest

from jiamenkou.engines.vacancytext import Post, parse
from tests.engines.vacancytext.corpus import messages


def days(post: Post) -> str:
    """``12345`` for Monday to Friday; empty where nobody says."""
    return "".join(str(day + 1) for day in range(7) if post.days and post.days.value >> day & 1)


def only(text: str) -> Post:
    (post,) = parse(text).posts
    return post


@pytest.mark.parametrize(
    ("words", "worked", "sure"),
    [
        ("周一到周五", "12345", True),
        ("星期一至星期六", "123456", True),
        ("礼拜一到六", "123456", True),
        ("周五～周日", "567", True),
        ("周六到周一", "167", True),
        ("周二四六", "246", True),
        ("周一、三、五", "135", True),
        ("周六日", "67", True),
        ("周六和周天", "67", True),
        ("周末兼职", "67", False),
        ("双休", "12345", False),
        ("做五休二", "12345", False),
        ("周末双休", "12345", True),
        ("周六周日休息", "12345", True),
        ("周三休息", "124567", True),
        ("全年无休", "1234567", True),
        ("周一到周六，单休", "123456", True),
        ("周一到周五，单休", "12345", False),
    ],
)
def test_days_that_are_named_or_meant(words: str, worked: str, sure: bool) -> None:
    post = only(f"招保洁员1名，{words}，3000元/月")
    assert days(post) == worked
    assert post.days is not None and post.days.inferred is not sure
    assert bool(post.days.reason) is not sure


@pytest.mark.parametrize(
    "words",
    ["单休", "做六休一", "每周休2天", "月休四天", "周一至周日轮休", "周一到周日，单休", "大小周", "周五发工资", "周末200一天",
     "面试时间周一到周五", "周一至周五来电", "周六周日加班双倍", "做二休一", "周末正常加班"],
)  # fmt: skip
def test_no_day_is_made_up(words: str) -> None:
    assert days(only(f"招保洁员1名，{words}，3000元/月")) == ""


def test_what_is_only_counted_stays_words_to_ask_about() -> None:
    def words(rest: str) -> str | None:
        found = only(f"招保洁员1名，{rest}，3000元/月").days_open
        return found and found.value

    assert [words(rest) for rest in ("每周休2天", "单休", "双休", "周一到周五")] == ["每周休2天", "单休", None, None]


def test_each_post_has_its_own_days() -> None:
    posts = parse("1、保洁员2名，周一到周五，3000元/月\n2、门卫1名，周六周日上班，150元/天").posts
    assert [days(post) for post in posts] == ["12345", "67"]


def test_days_are_words_of_the_text_and_no_rest_is_left_over() -> None:
    text = "招保洁员1名，周一到周五，3000元/月"
    post = only(text)
    assert post.days is not None
    assert [text[span.start : span.end] for span in post.days.spans] == ["周一到周五"]
    assert post.leftover == ()


def test_our_messages_about_days_are_read() -> None:
    """Right for all but one in ten; never a day where the message names none."""
    wrong = []
    for message in messages("sixth"):
        found = [days(post) for post in parse(message["text"]).posts]
        if found != [message["days"]]:
            wrong.append((message["id"], found, message["days"]))
    assert len(wrong) <= 1, wrong
    assert not [one for one in wrong if one[2] == ""], wrong


def test_a_text_of_nothing_but_days_is_read_in_time() -> None:
    started = time.process_time()
    for words in ("周一", "周一、", "周一到", "周末兼职", "双休"):
        parse("招保洁 " + words * 3000)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("words", "yuan"),
    [
        ("2335.66元/月", 2335.66),
        ("月薪2,335.66元", 2335.66),
        ("每小时 22.5 元", 22.5),
        ("时薪22.75元", 22.75),
        ("工资2335.66元", 2335.66),
        ("12,000元/月", 12000),
        # neither rounded nor cut: what is no whole number of fen is left for a person
        ("2335.666元/月", None),
        ("0.035元/件", None),
    ],
)
def test_cents_are_kept_and_never_made_up(words: str, yuan: float | None) -> None:
    assert only(f"招保洁员1名，{words}").to_json()["pay_min"] == yuan
