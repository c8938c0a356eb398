"""The bounded search against trying everything."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from jiamenkou.engines.statement import Line
from jiamenkou.engines.statement.evidence import Side, add_tokens, side_of
from jiamenkou.engines.statement.passthrough import MAX_COMMISSION, find_deals
from tests.engines.statement.making import line

MARK = "桃园里3-101"


def sides(lines: list[Line]) -> tuple[list[Side], list[Side]]:
    both = [side_of(item, position) for position, item in enumerate(lines)]
    add_tokens(both, lines, (), "")
    both.sort(key=lambda side: side.when)
    return [s for s in both if lines[s.position].amount > 0], [s for s in both if lines[s.position].amount < 0]


@given(
    st.integers(100_000, 900_000),
    st.lists(st.tuples(st.integers(20_000, 900_000), st.integers(0, 7)), min_size=1, max_size=7),
)
@settings(max_examples=200)
def test_one_client_one_mark_is_matched_exactly_where_some_set_of_payments_fits(
    total: int, paid: list[tuple[int, int]]
) -> None:
    lines = [line(2, total, "卜嘉树", MARK)]
    lines += [
        line(row, -amount, "金地置业有限公司", MARK, days=day + 0.1) for row, (amount, day) in enumerate(paid, 3)
    ]
    found = find_deals(*sides(lines)).deals
    low = total - int(total * MAX_COMMISSION)
    fits = any(
        low <= sum(amount for amount, _ in some) <= total for size in range(1, 5) for some in combinations(paid, size)
    )
    even = [deal for deal in found if deal.paid >= low]
    assert bool(even) == fits
    assert all(deal.paid <= deal.total for deal in found)


@given(st.lists(st.tuples(st.sampled_from([1, 2, 3, 5]), st.booleans(), st.integers(0, 60)), min_size=2, max_size=60))
@settings(max_examples=100)
def test_nothing_is_used_twice_and_nothing_is_paid_before_it_came(moves: list[tuple[int, bool, int]]) -> None:
    lines = [
        line(row, (1 if arrives else -1) * size * 100_000, f"卜嘉{'树' if arrives else '禾'}", "购房款", days=day)
        for row, (size, arrives, day) in enumerate(moves, 2)
    ]
    inflows, outflows = sides(lines)
    found = find_deals(inflows, outflows).deals
    for part in (lambda d: d.inflows, lambda d: d.outflows):
        used = [position for deal in found for position in part(deal)]
        assert len(used) == len(set(used))
    for deal in found:
        first = min(inflows[position].when for position in deal.inflows)
        assert all(outflows[position].when >= first for position in deal.outflows)


def test_the_null_knows_a_file_in_which_everything_fits_everything() -> None:
    lines = []
    for row in range(2, 240, 2):
        lines.append(line(row, 500_000, f"卜嘉{chr(0x4E00 + row)}", "购房款", days=row * 0.4))
        lines.append(line(row + 1, -500_000, "金地置业有限公司", "购房款", days=row * 0.4 + 0.1))
    assert find_deals(*sides(lines)).chance > 0.8


def test_a_dense_file_ends_the_search_and_says_so() -> None:
    lines = []
    for row in range(2, 6_000, 2):
        lines.append(line(row, 100_000 + row, f"卜嘉{chr(0x4E00 + row)}", "购房款", days=row * 0.01))
        lines.append(line(row + 1, -100_000 - row * 7, "金地置业有限公司", "购房款", days=row * 0.01))
    assert find_deals(*sides(lines)).exhausted
