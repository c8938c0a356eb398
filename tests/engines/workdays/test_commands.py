"""The command prints one date, or one plain line."""

from __future__ import annotations

import json

import pytest

from jiamenkou.engines.workdays import from_chinesecalendar
from jiamenkou.engines.workdays.commands import main


def test_it_prints_the_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add", "2026-02-13", "2"]) == 0
    assert capsys.readouterr() == ("2026-02-24\n", "")
    assert main(["add", "2026-02-13", "0", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["result"] == "2026-02-13"


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["add"],
        ["add", "2026-02-13"],
        ["add", "2026-02-13", "-1"],
        ["add", "2026-02-13", "1.5"],
        ["add", "2026-02-13", "９"],
        ["add", "2026-02-13", "1" * 10],
        ["add", "2026-02-30", "1"],
        ["add", "20260213", "1"],
        ["add", "明天", "1"],
        ["add", "2026-02-13", "1", "2"],
        ["take", "2026-02-13", "1"],
    ],
)
def test_wrong_use_is_one_line(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(argv)
    out, err = capsys.readouterr()
    assert stop.value.code == 2
    assert out == "" and err.count("\n") == 1 and "Traceback" not in err


@pytest.mark.parametrize("argv", [["add", "{through}", "1"], ["add", "9999-12-31", "1"], ["add", "1999-01-01", "1"]])
def test_beyond_the_calendar_is_a_problem(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    through = from_chinesecalendar().through
    with pytest.raises(SystemExit) as stop:
        main([word.format(through=through) for word in argv])
    out, err = capsys.readouterr()
    assert stop.value.code == 1
    assert out == "" and err.count("\n") == 1 and str(through) in err


def test_help_is_not_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["add", "--help"])
    assert stop.value.code == 0
    assert "工作日" in capsys.readouterr().out
