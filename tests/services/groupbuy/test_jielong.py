"""接龙 lists as neighbours write them; what is not certain is said, never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiamenkou.services.groupbuy.jielong import read

ONE = ["富硒大米"]
TWO = ["富硒大米", "菜籽油"]


@pytest.mark.parametrize(
    ("text", "products", "name", "room", "wants"),
    [
        ("1. 王姐 6-1-302 2袋", ONE, "王姐", "6-1-302", [(0, 2)]),
        ("2、李四 3栋402 +1", ONE, "李四", "3-402", [(0, 1)]),
        ("3.张阿姨 12幢2单元1102室 两袋", ONE, "张阿姨", "12-2-1102", [(0, 2)]),
        ("４． 赵叔　8-501 大米×3", ONE, "赵叔", "8-501", [(0, 3)]),
        ("5. 钱奶奶 6-302 大米2袋 油1桶", TWO, "钱奶奶", "6-302", [(0, 2), (1, 1)]),
        ("6) 孙明 5号楼 1单元 603 菜籽油 1桶", TWO, "孙明", "5-1-603", [(1, 1)]),
        ("7. 周末 9-1-101 13800001234 1袋", ONE, "周末", "9-1-101", [(0, 1)]),
    ],
)
def test_lines(text: str, products: list[str], name: str, room: str, wants: list[tuple[int, int]]) -> None:
    (wish,) = read(text, products)
    assert (wish.name, wish.room, wish.wants, wish.doubts) == (name, room, wants, [])


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("1. 王姐 2袋", "没写房号"),
        ("1. 王姐 6-1-302", "没写几份"),
        ("1. 6-1-302 2袋", "没看出姓名"),
        ("1. 王姐 6-1-302 100袋", "份数不对"),
        ("1. 王姐 6-1-302 2袋 取消", "像是取消"),
    ],
)
def test_doubts(text: str, doubt: str) -> None:
    assert doubt in read(text, ONE)[0].doubts


def test_with_two_products_a_bare_number_is_in_doubt() -> None:
    (wish,) = read("1. 王姐 6-1-302 2袋", TWO)
    assert "没写要哪一样" in wish.doubts


def test_heads_and_rules_are_nobody_and_the_same_neighbour_twice_is_said() -> None:
    text = "#接龙\n富硒大米 39.8 一袋\n截单周四晚八点\n\n1. 王姐 6-1-302 2袋\n2. 王姐 6-1-302 1袋\n"
    first, second = read(text, ONE)
    assert first.doubts == []
    assert second.doubts == ["前面已经有这一位"]


@given(st.text(max_size=300), st.lists(st.text(max_size=12), max_size=3))
def test_any_text_is_read_without_harm(text: str, products: list[str]) -> None:
    for wish in read("1. " + text, products):
        assert all(index is None or 0 <= index < len(products) for index, _ in wish.wants)
        assert wish.name == "" or wish.name in wish.text
