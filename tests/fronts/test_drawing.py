"""What the server draws keeps its promises: inside its box, in order, and never a sum that does not agree."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiamenkou.fronts import drawing

CLOCK = st.builds(lambda h, m: f"{h:02}:{m:02}", st.integers(0, 23), st.integers(0, 59))


@given(st.lists(st.integers(0, 500), min_size=1, max_size=6).filter(any))
def test_parts_fill_the_whole_bar(counts: list[int]) -> None:
    spans = drawing.parts(sum(counts), [(count, "green") for count in counts])
    assert len(spans) == sum(count > 0 for count in counts)
    assert sum(span.width for span in spans) == pytest.approx(100, abs=0.1)
    for before, after in pairwise(spans):
        assert after.x == pytest.approx(before.x + before.width, abs=0.02)


def test_a_sum_that_does_not_agree_is_not_drawn() -> None:
    with pytest.raises(ValueError, match="40 is not the sum"):
        drawing.parts(40, [(33, "green"), (1, "orange"), (5, "rest")])


@given(CLOCK, CLOCK, st.lists(CLOCK, max_size=2))
def test_the_day_stays_on_its_bar(start: str, end: str, school: list[str]) -> None:
    work, *runs = drawing.day_bar((start, end), school)
    assert work.css == "work"
    assert len(runs) == len(school)
    for span in (work, *runs):
        assert span.x >= 0
        assert span.x + span.width <= 100.05


def test_picking_up_the_child_lies_after_work() -> None:
    work, bring, fetch = drawing.day_bar(("08:00", "15:30"), ["07:40", "15:50"])
    assert bring.x < work.x
    assert fetch.x > work.x + work.width


@pytest.mark.parametrize("wrong", ["24:00", "07:60", "7点", "0740"])
def test_a_wrong_time_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError):
        drawing.minute_of_day(wrong)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40))
def test_a_course_stays_in_its_box(values: list[float]) -> None:
    trace = drawing.sparkline(values)
    points = [tuple(float(part) for part in point.split(",")) for point in trace.line.split()]
    assert len(points) == len(values)
    assert all(0 <= x <= 80 and 0 <= y <= 24 for x, y in points)
    assert [x for x, _ in points] == sorted(x for x, _ in points)


def test_higher_is_drawn_higher() -> None:
    assert drawing.sparkline([1, 5]).y < drawing.sparkline([5, 1]).y


def test_the_street_has_lit_and_dark_windows_inside_its_walls() -> None:
    sky = drawing.sky()
    assert {window.css for window in sky.windows} == {"on", "w"}
    for window in sky.windows:
        assert any(
            wall.x <= window.x and window.x + window.width <= wall.x + wall.width and window.y >= wall.y
            for wall in sky.walls
        )
