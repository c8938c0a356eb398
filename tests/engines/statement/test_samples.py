"""The six sample lives: what the review says of them, against their gold."""

from __future__ import annotations

import pytest

from tests.engines.statement.score import score_sample
from tests.shared import shared

PEOPLE = ["agent", "worker", "stall", "pensioner", "trickster", "shuffler"]


@pytest.mark.parametrize("person", PEOPLE)
def test_every_line_of_a_sample_is_read_and_labelled(person: str) -> None:
    score = score_sample(shared(f"statements/{person}"))
    assert score.wrong <= score.lines * 0.005, score.mistakes[:10]
    assert score.precision >= 0.97
    assert score.recall >= 0.92
    assert score.excused_share <= 0.10
    assert score.months <= 0.05
    assert score.tampering_found == score.tampering
    assert score.duplicates_missed <= 1  # the stall's edited amount no longer equals its twin's
