"""The command: a refused file touches nothing, and a house that never ran imports its first roster."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

from jiamenkou.foundation.sheets.writing import Column, WorkbookWriter
from tests.host.running import ROOT, environment, jiamenkou

ROSTERS = ROOT / "tests" / "data" / "rosters"


def residents(*arguments: str, seconds: float = 120) -> subprocess.CompletedProcess[str]:
    return jiamenkou("residents", *arguments, seconds=seconds, DJANGO_SETTINGS_MODULE="jiamenkou.site.settings")


@pytest.mark.parametrize("name", ["none.xlsx", "text.csv", "page.xls"])
def test_a_refused_file_is_one_line_and_touches_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / "text.csv").write_text("名称\n\u202e1\n", encoding="utf-8")
    (tmp_path / "page.xls").write_text("<html>姓名</html>", encoding="utf-8")
    done = residents("import", str(tmp_path / name), "--data", str(tmp_path / "data"), "--apply")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert len(done.stderr) <= 201
    assert not (tmp_path / "data").exists()


def test_a_refused_file_costs_no_django(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("名称\n1\n", encoding="utf-8")
    code = (
        "import sys; from jiamenkou.host.residents import main; code = main(['import', sys.argv[1]]);"
        "sys.exit(code if not {'django', 'psycopg'} & set(sys.modules) else 9)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], env=environment(), capture_output=True)
    assert done.returncode == 1


@pytest.mark.parametrize("arguments", [[], ["import"], ["template"], ["import", "a", "--what"], ["burn"]])
def test_wrong_use_is_one_line(arguments: list[str]) -> None:
    done = residents(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1


def test_a_template_needs_no_house(tmp_path: Path) -> None:
    out = tmp_path / "t.xlsx"
    assert residents("template", str(out), "--data", str(tmp_path / "data")).returncode == 0
    assert load_workbook(out).sheetnames == ["居民花名册", "取值", "填写说明"]
    assert not (tmp_path / "data").exists()
    assert residents("template", str(tmp_path / "no" / "t.xlsx"), "--data", str(tmp_path)).returncode == 2


@pytest.mark.postgres
def test_the_first_thing_a_house_does_may_be_an_import(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    good, bad = tmp_path / "good.xlsx", tmp_path / "bad.xlsx"
    people = [["郭佳", "东网格", "13800001234"], ["任静", "西网格", None]]
    for path, more in ((good, []), (bad, [["许生", "南网格", "138"]])):
        writer = WorkbookWriter()
        writer.sheet("花名册", [Column("姓名"), Column("网格"), Column("手机号")], [*people, *more])
        writer.save(path)

    def counts(*arguments: str) -> tuple[int, ...]:
        done = residents("import", *arguments, "--data", data, "--json")
        assert done.stderr == ""
        summary = json.loads(done.stdout)
        return (done.returncode, *(summary[key] for key in ("create", "update", "unchanged", "error")))

    assert counts(str(good)) == (0, 2, 0, 0, 0)
    assert counts(str(good), "--apply") == (0, 2, 0, 0, 0)
    assert counts(str(good), "--apply") == (0, 0, 0, 2, 0)
    assert counts(str(bad), "--apply", "--skip-errors", "--reason", "试") == (1, 0, 0, 2, 1)
    wrong = residents("import", str(good), "--data", data, "--community", "nowhere")
    assert (wrong.returncode, wrong.stdout, wrong.stderr) == (2, "", "没有编码为 nowhere 的社区。\n")
    shown = residents("import", str(bad), "--data", data)
    assert "第 4 行" in shown.stdout
    assert "这是预览" in shown.stdout
