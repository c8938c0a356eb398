"""What holds for any text: no exception, no invented number, spans that say what they claim, bounded time."""

from __future__ import annotations

import json
import re
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiamenkou.engines.vacancytext import LONGEST, Found, Post, Span, fraud_words, parse
from jiamenkou.engines.vacancytext.spans import Cover, Row

_WORDS = (
    "招 聘 急招 保洁 服务员 月嫂 普工 3名 两名 数名 各1名 另招 4500 3800-4500 58006500 18元/小时 "
    "每小时18元 5.5元一单 1毛5一个 4k-7k 1.5万 工资 返费 利润 押金 8:00-20:00 8:0020:00 早7晚5 "
    "两班倒 双休 月休四天 13800001234 0571-88000000 张经理 电话 地址： 长安区飞天路 18号 有限公司 "
    "食堂 18-45岁 2052岁 限女 男 身高1、70米 包吃住 五险 健康证 要求： 【福利】 岗位： \n \n\n ， 。 "
    "、 + / （ ） 🔥 [红包] ① 1、 【1】 ： - ～ 面议 日结 截止3月底 千 百 十 万"
)
PIECES = _WORDS.split(" ")
CHAT = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
ANY = st.one_of(
    CHAT, st.text(max_size=300), st.text(alphabet="招聘0123456789-:：.、点元/天月岁名男女路区\n 千万kK", max_size=200)
)
CHINESE = "零一二两三四五六七八九十百千万"


def founds(post: Post) -> list[Found[object]]:
    """Every value of a post with its words."""
    values: list[Found[object]] = []
    for name in Post.__dataclass_fields__:
        value = getattr(post, name)
        values += [value] if isinstance(value, Found) else list(value or ())
    return values


def digits(text: str) -> str:
    return re.sub(r"\D", "", unicodedata.normalize("NFKC", text))


@settings(max_examples=250, deadline=None)
@given(ANY)
def test_every_value_comes_from_its_words(text: str) -> None:
    for post in parse(text).posts:
        for found in founds(post):
            assert found.inferred or found.spans
            for span in found.spans:
                assert 0 <= span.start < span.end <= len(text)
        for words in (post.title, post.hours, post.rest, post.place, post.employer, post.contact, *post.benefits):
            if words is not None:
                said = text[words.spans[0].start : words.spans[0].end].strip()
                # 周一到周五 says 双休: the one value in our words, with the sender's beside them
                ours = words is post.rest and words.inferred and words.value in {f"双休（{said}）", f"单休（{said}）"}
                assert words.value == said or ours


@settings(max_examples=250, deadline=None)
@given(ANY)
def test_no_number_is_invented(text: str) -> None:
    for post in parse(text).posts:
        for phone in post.phones:
            assert digits(str(phone.value)) in digits(text)
        for amount in (post.pay_min, post.pay_max):
            if amount is not None:
                words = text[amount.spans[0].start : amount.spans[0].end]
                significant = str(amount.value).rstrip("0")
                assert significant in digits(words) or any(char in CHINESE for char in words)
        if post.pay_min and post.pay_max:
            assert 0 < post.pay_min.value <= post.pay_max.value


@settings(max_examples=150, deadline=None)
@given(ANY)
def test_drafts_are_json_of_the_contract(text: str) -> None:
    said = json.loads(json.dumps(parse(text).to_json()))
    for post in said["posts"]:
        assert post["pay_unit"] in {None, "hour", "day", "month", "year", "piece"}
        assert all(
            post[key] is None or re.fullmatch(r"[0-2]\d:[0-5]\d", post[key]) for key in ("start_time", "end_time")
        )
        assert isinstance(post["negotiable"], bool)
        assert all(
            isinstance(one, str) for key in ("phones", "requirements", "benefits", "leftover") for one in post[key]
        )


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_fraud_words_never_fail(text: str) -> None:
    for flag in fraud_words(text):
        assert flag.word


HOSTILE = {
    "digits": "1" * 1_000_000,
    "one ideograph": "招" * 1_000_000,
    "jobs without end": "服务员3名4500 " * 100_000,
    "labels": "【要求】" * 250_000,
    "addresses": "路区县镇村" * 200_000,
    "numerals": "一二三四五六七八九十百千万" * 80_000,
    "names": "王经理" * 300_000,
    "also": "另招保安1名 " * 100_000,
    "lines": "\n" * 1_000_000,
    "numbered": "".join(f"{number}、服务员{number}名\n" for number in range(60_000)),
    "controls": "".join(map(chr, range(32))) * 30_000,
    "binary": bytes(range(256)).decode("latin-1") * 4_000,
    "lone surrogates": "\ud800招" * 1_000,
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_text_ends_soon(name: str) -> None:
    started = time.process_time()
    message = parse(HOSTILE[name])
    fraud_words(HOSTILE[name])
    assert time.process_time() - started < 2
    if len(HOSTILE[name]) > LONGEST:
        assert message.unread == Span(LONGEST, len(HOSTILE[name]))


SPANS = st.tuples(st.integers(0, 40), st.integers(0, 6)).map(lambda pair: Span(pair[0], pair[0] + pair[1]))


@given(st.lists(SPANS, max_size=12), SPANS)
def test_cover_agrees_with_counting_characters(spans: list[Span], asked: Span) -> None:
    covered = {offset for span in spans for offset in range(span.start, span.end)}
    wanted = covered & set(range(asked.start, asked.end))
    cover = Cover(spans)
    assert cover.width(asked) == len(wanted)
    if asked.end > asked.start:
        assert cover.hits(asked) == bool(wanted)


@given(st.lists(SPANS, max_size=12), st.integers(0, 45), st.integers(0, 45))
def test_row_agrees_with_a_scan(spans: list[Span], start: int, end: int) -> None:
    row = Row(spans, lambda span: span)
    assert row.between(start, end) == [span for span in sorted(spans) if start <= span.start < end]
    assert row.before(start) == next((span for span in sorted(spans, reverse=True) if span.start < start), None)
