"""What a title suggests, what is learnt, and that nothing depends on order or strange input."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiamenkou.engines.occupations import Classifier, Occupation, Suggester, fold, own_table, suggest

ALIASES = [(alias, one.code) for one in own_table() for alias in (one.name, *one.aliases)]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("小区保安（包吃住）", "保安员"),
        ("急招 保洁", "保洁员"),
        ("月嫂", "家政服务员"),
        ("ＨＲ", "企业人力资源管理师"),
        ("外卖骑手 日结", "网约配送员"),
        ("日间照料中心护理员", "养老护理员"),
        ("数控车工学徒", "车工"),
        ("【长期】洗碗阿姨", "餐厅服务员"),
    ],
)
def test_chat_titles_find_their_occupation(title: str, name: str) -> None:
    assert suggest(title)[0].name == name


def test_every_name_of_the_table_finds_its_own_occupation_first() -> None:
    official = {one.name: one.code for one in own_table()}
    wrong = [
        (alias, code)
        for alias, code in ALIASES
        if official.get(alias, code) == code and suggest(alias, 1)[0].code != code
    ]
    assert wrong == []


def test_why_is_said() -> None:
    assert suggest("保安员")[0].why == "和职业名称一样"
    assert suggest("门卫")[0].why == "也叫“门卫”"
    assert suggest("医院门卫")[0].why == "里面有“门卫”"
    assert "相近" in suggest("保洁岗")[0].why or "里面有" in suggest("保洁岗")[0].why


def test_a_worker_s_choice_comes_first_next_time() -> None:
    chosen = "4-09-08-01"
    learned = {fold("大厦后勤 (急)"): {chosen: 2, "4-07-05-01": 1, "9-99-99-99": 5}}
    found = suggest("大厦后勤", learned=learned)
    assert [s.code for s in found[:2]] == [chosen, "4-07-05-01"]
    assert found[0].why == "这里以前选过它"
    assert suggest("大厦后勤")[0].code != chosen


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=300), st.integers(-1, 10))
def test_any_text_gives_ordered_suggestions(title: str, k: int) -> None:
    found = suggest(title, k)
    assert len(found) <= max(k, 0)
    assert len({s.code for s in found}) == len(found)
    assert all(0 < s.score <= 100 and s.why for s in found)
    assert [s.score for s in found] == sorted((s.score for s in found), reverse=True)


def test_nothing_gives_nothing() -> None:
    assert suggest("") == suggest("  ") == suggest("★★★") == []


def test_a_title_takes_less_than_five_milliseconds() -> None:
    suggest("保洁")
    start = time.process_time()
    for title, _ in ALIASES[:200]:
        suggest(title)
    assert (time.process_time() - start) / 200 < 0.005


TABLE = (
    Occupation("4-09-08-01", "保洁员", ("保洁",)),
    Occupation("4-07-05-01", "保安员", ("保安",)),
    Occupation("6-31-01-03", "电工"),
)
PAIRS = [
    ("甲区清场人员", "4-09-08-01"),
    ("乙区清场人员", "4-09-08-01"),
    ("夜间清场人员", "4-09-08-01"),
    ("甲区巡更人员", "4-07-05-01"),
    ("乙区巡更人员", "4-07-05-01"),
    ("某某", "9-99-99-99"),
]


def test_a_classifier_learns_what_no_name_says() -> None:
    assert Suggester(TABLE).suggest("丙区清场") == []
    trained = Classifier(PAIRS, TABLE)
    assert trained.suggest("丙区清场")[0].code == "4-09-08-01"
    assert trained.suggest("丙区清场人员")[0].code == "4-09-08-01"
    assert trained.suggest("丙区清场人员")[0].why == "以前相近的岗位选了它"
    assert trained.suggest("丙区巡更人员")[0].code == "4-07-05-01"
    assert trained.suggest("电工")[0].code == "6-31-01-03", "what it never saw, the names still know"
    assert trained.suggest("电工")[0].why == "和职业名称一样"


def test_a_classifier_does_not_depend_on_the_order_of_its_pairs() -> None:
    one, other = Classifier(PAIRS, TABLE), Classifier(PAIRS[::-1] + PAIRS, TABLE[::-1])
    for title in ("丙区清场人员", "夜间巡更", "电工", "保洁"):
        assert [(s.code, s.score) for s in one.suggest(title)] == [(s.code, s.score) for s in other.suggest(title)]


def test_a_classifier_without_a_known_code_is_refused() -> None:
    with pytest.raises(ValueError, match="no title"):
        Classifier([("某某", "9-99-99-99")], TABLE)
