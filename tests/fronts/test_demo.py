"""One step of the demo that fails is said; the others are loaded."""

from __future__ import annotations

from typing import Any

import pytest

from jiamenkou.foundation.access.demo import demo_progress
from jiamenkou.foundation.people.models import Organisation
from jiamenkou.fronts import demo
from tests.people import Town


@pytest.fixture
def house(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> list[demo.Step]:
    settings.DATA_DIR = tmp_path
    todo: list[demo.Step] = []
    monkeypatch.setattr(demo, "steps", lambda: todo)
    return todo


def _firm(name: str) -> Organisation:
    return Organisation.objects.create(name=name, name_key=name, kinds=["employer"])


def test_a_step_that_fails_is_said_and_undone(house: list[demo.Step], town: Town) -> None:
    def broken() -> None:
        _firm("半截")
        raise LookupError("没有这一家")

    house += [("布置甲", lambda: _firm("甲")), ("布置乙", broken), ("布置丙", lambda: _firm("丙"))]
    with pytest.raises(demo.DemoIncomplete, match="布置乙"):
        demo.load()
    assert sorted(Organisation.objects.values_list("name", flat=True)) == sorted(["甲", "丙"])
    done, total, words = demo_progress()
    assert (done, total) == (2, 3)
    assert "布置乙" in words


def test_all_steps_make_it_ready(house: list[demo.Step], town: Town) -> None:
    house.append(("布置甲", lambda: _firm("甲")))
    demo.load()
    assert demo_progress() == (1, 1, "好了")
