"""How well messages are read: our own corpus always, the samples beside the project where they are there."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jiamenkou.engines.vacancytext import parse
from tests.engines.vacancytext.corpus import messages, score
from tests.shared import shared

NAMES = ("first", "second", "third", "fourth", "fifth", "sixth")


def drafts(text: str) -> list[dict[str, Any]]:
    return [post.to_json() for post in parse(text).posts]


@pytest.mark.parametrize("name", NAMES)
def test_our_own_messages_are_read(name: str) -> None:
    figures = score(messages(name), drafts)
    assert figures["macro"] >= 0.90, figures
    assert min(figures["phones"], figures["pay_min"], figures["pay_max"], figures["pay_unit"]) >= 0.88, figures
    assert figures["count"] >= 0.90, figures


def test_the_samples_are_read() -> None:
    gold = [json.loads(line) for line in shared("vacancy/dev.jsonl").read_text("utf-8").splitlines()]
    figures = score(gold, drafts)
    assert figures["macro"] >= 0.85, figures
    assert min(figures["phones"], figures["pay_min"], figures["pay_max"], figures["pay_unit"]) >= 0.90, figures


@pytest.mark.parametrize("name", NAMES)
def test_fixtures_use_numbers_that_nobody_has(name: str) -> None:
    numbers = [phone for message in messages(name) for post in message["posts"] for phone in post.get("phones", ())]
    assert numbers
    assert all("0000" in number for number in numbers)
