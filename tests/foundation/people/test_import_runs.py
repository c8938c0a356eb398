"""The desk's import: corrected in place, applied once, and nothing readable left of the file."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.people.importing import runs
from jiamenkou.foundation.people.models import ImportRun, ImportState, Resident
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.foundation.vault.models import SubjectKey
from tests.people import Town, make_staff

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)
WHY: dict[str, Any] = {"reason": "test"}
ROSTER = "姓名,手机号,网格\n郭佳,13800001234,第一网格\n任静,1380000,第二网格\n"

pytestmark = pytest.mark.postgres


@pytest.fixture
def by(town: Town) -> Actor:
    return Actor(make_staff(Role.WORKER, town.community))


@pytest.fixture
def run(town: Town, by: Actor, tmp_path: Path, settings: Any) -> ImportRun:
    settings.DATA_DIR = tmp_path / "data"
    upload = tmp_path / "upload"
    upload.write_text(ROSTER, encoding="utf-8")
    found, plan = runs.open_run(town.community, upload, "../花名册.csv", today=TODAY, by=by, **WHY)
    assert plan.summary()["error"] == 1
    return found


def test_the_file_lies_sealed(run: ImportRun) -> None:
    (stored,) = runs.file_beside(run).parent.iterdir()
    assert "郭佳".encode() not in stored.read_bytes()
    assert stored.stat().st_mode & 0o077 == 0
    assert run.file_name == "花名册.csv"


def test_a_corrected_cell_is_no_error_any_more(run: ImportRun, by: Actor) -> None:
    with pytest.raises(Refused, match="还有错误"):
        runs.apply_run(run.pk, today=TODAY, now=NOW, by=by, **WHY)
    corrected = runs.correct_cell(run.pk, 3, "手机号", "13800005678", by=by, **WHY)
    assert b"5678" not in bytes(corrected.edits or b"")
    assert runs.plan_of(corrected, today=TODAY).summary()["create"] == 2
    taken_back = runs.correct_cell(run.pk, 3, "手机号", None, by=by, **WHY)
    assert runs.plan_of(taken_back, today=TODAY).summary()["error"] == 1


def test_two_editors_keep_both_corrections(run: ImportRun, by: Actor) -> None:
    runs.correct_cell(run.pk, 2, "网格", "第二网格", by=by, **WHY)
    runs.correct_cell(run.pk, 3, "手机号", "13800005678", by=by, **WHY)
    assert runs.edits_of(ImportRun.objects.get(pk=run.pk)) == {(2, "网格"): "第二网格", (3, "手机号"): "13800005678"}


def test_applied_once_and_then_forgotten(run: ImportRun, by: Actor, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        plan = runs.apply_run(run.pk, today=TODAY, now=NOW, skip_errors=True, by=by, **WHY)
    assert plan.summary()["create"] == 1
    assert Resident.objects.get().name == "郭佳"
    run.refresh_from_db()
    assert (run.state, run.counts["create"], run.counts["error"]) == (ImportState.APPLIED, 1, 1)
    assert not runs.file_beside(run).exists()
    assert not SubjectKey.objects.filter(subject=run.uid).exists()
    with pytest.raises(Conflict, match="已经结束"):
        runs.apply_run(run.pk, today=TODAY, now=NOW, by=by, **WHY)


def test_what_nobody_came_back_to_is_forgotten(run: ImportRun) -> None:
    assert runs.abandon_stale_runs(now=run.created_at + timedelta(days=6)) == 0
    assert runs.abandon_stale_runs(now=run.created_at + timedelta(days=8)) == 1
    run.refresh_from_db()
    assert run.state == ImportState.ABANDONED


def test_a_refused_file_says_why(town: Town, by: Actor, tmp_path: Path) -> None:
    upload = tmp_path / "upload"
    upload.write_bytes(b"<html>")
    with pytest.raises(Refused, match="网页"):
        runs.open_run(town.community, upload, "a.xls", today=TODAY, by=by, **WHY)
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(("row", "column"), [(2, "工资"), (0, "姓名")])
def test_only_known_cells_are_corrected(run: ImportRun, by: Actor, row: int, column: str) -> None:
    with pytest.raises(Refused, match="没有这一格"):
        runs.correct_cell(run.pk, row, column, "x", by=by, **WHY)
