"""Invented lives that the words and thresholds were not tuned on."""

from __future__ import annotations

import pytest

from tests.engines.statement.lives import LIVES
from tests.engines.statement.score import score_life, total

SEEDS = range(900, 904)


@pytest.mark.parametrize("name", sorted(LIVES))
def test_other_lives_are_seen_for_what_they_are(name: str) -> None:
    score = total(score_life(LIVES[name](seed)) for seed in SEEDS)
    assert score.precision >= 0.97, score.mistakes[:10]
    assert score.recall >= 0.92, score.mistakes[:10]
    assert score.excused_share <= 0.10
    assert score.wrong <= score.lines * 0.01, score.mistakes[:10]
    if name in {"employee", "pensioner"}:
        assert score.months <= 0.05


def test_round_sums_alone_excuse_nothing() -> None:
    scores = [score_life(LIVES["rounds"](seed)) for seed in SEEDS]
    assert all(score.excused_share <= 0.10 or score.chance > 0.3 for score in scores)
