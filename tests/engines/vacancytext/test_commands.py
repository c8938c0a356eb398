"""The command line: exit codes, one plain line for wrong use, streaming."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from jiamenkou.engines.vacancytext.commands import main


def test_a_file_becomes_drafts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "message.txt"
    file.write_text("\ufeff招保洁2名，3000元/月", "utf-8")
    assert main(["parse", str(file), "--json"]) == 0
    posts = json.loads(capsys.readouterr().out)["posts"]
    assert (posts[0]["title"], posts[0]["headcount"], posts[0]["pay_min"]) == ("保洁", 2, 3000)
    names = (
        "title headcount pay_min pay_max pay_unit negotiable hours start_time end_time rest place employer contact "
        "phones requirements benefits discriminatory leftover"
    )
    assert set(posts[0]) == set(names.split())


def test_standard_input_and_empty_text(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert main(["parse", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"posts": []}


@pytest.mark.parametrize("content", [b"\xff\xfe\x00x", "招工".encode("gbk"), b"\x80\x81"])
def test_what_is_not_utf8_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes) -> None:
    file = tmp_path / "x.txt"
    file.write_bytes(content)
    refused(["parse", str(file), "--json"], capsys)


@pytest.mark.parametrize(
    "argv",
    [
        ["parse", "/no/such/file"],
        ["parse", "/"],
        ["parse", "a\0b"],
        ["parse", "--lines", "/no/such"],
        [],
        ["parse", "--nope"],
    ],
)
def test_wrong_use_is_one_line(capsys: pytest.CaptureFixture[str], argv: list[str]) -> None:
    refused(argv, capsys)


def refused(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(argv)
    shown = capsys.readouterr()
    assert stopped.value.code == 2
    assert shown.out == ""
    assert shown.err.count("\n") == 1


def test_lines_in_lines_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "many.jsonl"
    rows = [
        '{"id": "a", "text": "招保安1名"}',
        "",
        '{"id": 7, "text": ""}',
        "{broken",
        '{"id": "c", "text": "\\ud800招保洁"}',
    ]
    file.write_text("\n".join(rows), "utf-8")
    assert main(["parse", "--lines", str(file)]) == 1
    shown = capsys.readouterr()
    answers = [json.loads(line) for line in shown.out.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", 7, "c"]
    assert answers[0]["posts"][0]["title"] == "保安"
    assert answers[1]["posts"] == []
    assert "第 4 行" in shown.err
