"""The figures from the logs alone: no database."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiamenkou.engines.workdays import CHINA
from jiamenkou.foundation.cases.folding import Fact
from jiamenkou.foundation.cases.rates import Figures, Log, Share, figures, total
from jiamenkou.foundation.cases.states import EventKind, Satisfaction, Solved

SINCE = datetime(2026, 1, 1, tzinfo=CHINA)
UNTIL = datetime(2027, 1, 1, tzinfo=CHINA)
HOUR = timedelta(hours=1)


def log(case: int, community: int, start: int, answer: str = "", into: int | None = None, took: float = 20) -> Log:
    """A case that began ``start`` hours into the year, due 30 hours later, handed in after ``took`` hours."""
    at = SINCE + start * HOUR
    facts = [
        Fact(1, EventKind.OPENED, at, data={"due": (at + 30 * HOUR).isoformat(), "response_due": (at + 4 * HOUR).isoformat()}),
        Fact(2, EventKind.ASSIGNED, at, data={"place": 1, "role": "worker"}),
        Fact(3, EventKind.SIGNED, at + HOUR, 5),
    ]  # fmt: skip
    if into is not None:
        return Log(case, community, [*facts, Fact(4, EventKind.MERGED, at + 2 * HOUR, 5, {"into": into})])
    if answer:
        facts += [
            Fact(4, EventKind.CONTACTED, at + 2 * HOUR, 5),
            Fact(5, EventKind.HANDLED, at + took * HOUR, 5, {"outcome": "solved"}),
        ]
        said = {
            "reached": True,
            "solved": answer,
            "satisfaction": Satisfaction.GOOD if answer == "yes" else Satisfaction.POOR,
        }
        facts += [
            Fact(6, EventKind.CALLED_BACK, at + (took + 1) * HOUR, 6, {"follower": case, **said}),
            Fact(7, EventKind.CLOSED, at + (took + 2) * HOUR, None),
        ]
    return Log(case, community, facts)


def test_by_hand() -> None:
    logs = [log(1, 1, 0, "yes"), log(2, 1, 5, "no"), log(3, 1, 9, "yes", took=40), log(4, 1, 10)]
    found = figures(logs, SINCE, UNTIL, UNTIL)[1]
    assert (found.received, found.closed, found.open, found.late) == (4, 3, 1, 1)
    assert found.responded == Share(3, 4)
    assert found.in_time == Share(2, 4)
    assert found.solved == Share(2, 3) and found.satisfied == Share(2, 3) and found.rated == Share(3, 3)


@pytest.mark.parametrize(("share", "words"), [(Share(), "—"), (Share(14, 16), "14 / 16"), (Share(28, 30), "93.3%")])
def test_below_thirty_it_is_a_count(share: Share, words: str) -> None:
    assert share.words == words


def test_part_is_never_more_than_whole() -> None:
    with pytest.raises(ValueError, match="2 of 1"):
        Share(2, 1)


LOGS = st.lists(
    st.tuples(st.integers(1, 3), st.integers(0, 9000), st.sampled_from(["", *Solved.values]), st.integers(1, 60)),
    max_size=12,
).map(lambda rows: [log(n, place, start, said, took=took) for n, (place, start, said, took) in enumerate(rows, 1)])


@given(LOGS)
def test_a_street_is_the_sum_of_its_communities(logs: list[Log]) -> None:
    apart = figures(logs, SINCE, UNTIL, UNTIL)
    together = figures([Log(one.case, 9, one.facts) for one in logs], SINCE, UNTIL, UNTIL)
    assert total(apart) == together.get(9, Figures())


@given(LOGS, st.randoms())
def test_the_order_of_the_logs_changes_nothing(logs: list[Log], random: object) -> None:
    shuffled = list(logs)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert figures(shuffled, SINCE, UNTIL, UNTIL) == figures(logs, SINCE, UNTIL, UNTIL)


def test_merging_in_another_order_gives_the_same_figures() -> None:
    chained = [log(1, 1, 0, into=2), log(2, 1, 1, into=3), log(3, 1, 8, "yes")]
    flat = [log(1, 1, 0, into=3), log(2, 1, 1, into=3), log(3, 1, 8, "yes")]
    assert figures(chained, SINCE, UNTIL, UNTIL) == figures(flat, SINCE, UNTIL, UNTIL)
    for order in permutations(chained):
        assert figures(order, SINCE, UNTIL, UNTIL) == figures(flat, SINCE, UNTIL, UNTIL)
    # the first report's clock holds for all of them: due at hour 30, handed in at hour 28
    assert figures(flat, SINCE, UNTIL, UNTIL)[1].in_time == Share(1, 1)
