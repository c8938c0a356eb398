"""What ``doctor`` finds, and that it says how to mend it."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from jiamenkou.host import doctor, keys
from jiamenkou.host.checks import Check, State, calendar, calendar_end, calendar_kept, machine_checks
from jiamenkou.host.datadir import DataDir
from tests.host.running import diagnosed, jiamenkou


def _named(data: DataDir, name: str) -> Check:
    return next(check for check in machine_checks(data) if check.name == name)


@pytest.mark.parametrize(("left", "state"), [(60, State.OK), (59, State.WARN), (0, State.WARN), (-1, State.FAIL)])
def test_the_calendar_alarms_sixty_days_ahead(left: int, state: State) -> None:
    today = date(2026, 11, 1)
    found = calendar(today, today + timedelta(days=left))
    assert found.state is state
    assert bool(found.fix) == (state is not State.OK)


def test_the_calendar_ends_with_a_year() -> None:
    assert (calendar_end().month, calendar_end().day) == (12, 31)


class _Web:
    """A database that answers the one question for the table of days."""

    def __init__(self, rows: list[tuple[date]] | None) -> None:
        self.rows = rows

    def execute(self, sql: str) -> Any:
        assert "cases_calendarversion" in sql
        if self.rows is None:
            raise psycopg.errors.UndefinedTable
        return self

    def fetchone(self) -> tuple[date] | None:
        assert self.rows is not None
        return self.rows[0] if self.rows else None


@pytest.mark.parametrize(("rows", "last"), [([(date(2027, 12, 31),)], date(2027, 12, 31)), ([], None), (None, None)])
def test_an_imported_year_counts_for_the_alarm(rows: list[tuple[date]] | None, last: date | None) -> None:
    assert calendar_kept(_Web(rows)) == last  # type: ignore[arg-type]


def test_what_the_house_was_told_replaces_what_the_package_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Check("calendar", "节假日表", State.OK, "到 2099-12-31")
    monkeypatch.setenv("DATABASE_URL", "postgres://nowhere")
    monkeypatch.setattr(doctor.runtime, "attach", lambda *_a, **_k: nullcontext())
    monkeypatch.setattr(doctor, "database_checks", lambda _here: iter([told]))
    found = [check for check in doctor.examine(DataDir(tmp_path)) if check.name == "calendar"]
    assert found == [told]


def test_keys_must_be_whole_and_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JIAMENKOU_KEYS", raising=False)
    data = DataDir(tmp_path)
    assert _named(data, "keys").state is State.SKIPPED
    keys.create(data.keys)
    assert _named(data, "keys").state is State.OK
    data.keys.chmod(0o644)
    assert (_named(data, "keys").state, _named(data, "keys").fix) == (State.FAIL, f"chmod 600 {data.keys}")
    data.keys.write_text('{"masters": {}}')
    assert _named(data, "keys").state is State.FAIL
    data.keys.unlink()
    (data.postgres / "cluster").mkdir(parents=True)
    assert _named(data, "keys").state is State.FAIL


def test_keys_among_the_uploads_would_be_in_the_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIAMENKOU_KEYS", str(tmp_path / "files" / "keys.json"))
    data = DataDir(tmp_path)
    keys.create(data.keys)
    assert _named(data, "keys").state is State.FAIL


def test_before_the_first_start_it_makes_nothing(tmp_path: Path) -> None:
    found = diagnosed("--data", str(tmp_path / "none"))
    assert found["database"] == "skipped" and "fail" not in found.values()
    assert not (tmp_path / "none").exists()


@pytest.mark.postgres
def test_a_healthy_house_and_one_with_open_keys(tmp_path: Path) -> None:
    assert jiamenkou("manage", "check", JIAMENKOU_DATA=str(tmp_path)).returncode == 0
    states = diagnosed("--data", str(tmp_path))
    assert "fail" not in states.values()
    assert {states[name] for name in ("role", "locale", "clock", "rls", "schema", "keys", "python")} == {"ok"}
    (tmp_path / "keys.json").chmod(0o640)
    sick = jiamenkou("doctor", "--data", str(tmp_path))
    assert sick.returncode == 1
    assert "✗ 密钥" in sick.stdout and "chmod 600" in sick.stdout
