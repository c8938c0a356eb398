"""The desk's import: upload, look, correct cells in place, then apply or abandon.

Corrections are laid over the file each time it is read, so that the file stays what the worker uploaded and every
correction can be taken back. Who is acting and why is declared by the caller's transaction.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.people.importing.apply import apply_plan
from jiamenkou.foundation.people.importing.register import CommunityRegister
from jiamenkou.foundation.people.models import ImportRun, ImportState
from jiamenkou.foundation.people.roster import Action, Edits, Plan, make_plan, read_roster
from jiamenkou.foundation.people.roster.columns import COLUMNS
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.foundation.sheets import Refused as FileRefused
from jiamenkou.foundation.vault.crypto import seal, unseal
from jiamenkou.foundation.vault.service import destroy, ensure_keys, open_field, seal_field

FILE_FIELD, EDITS_FIELD = "import.file", "import.edits"
LONGEST_EDIT = 500
OPEN_FOR = timedelta(days=7)


Heard = Callable[[int], None] | None  # hears the rows read so far, every thousand; may raise to break off


def open_run(
    community: Place,
    upload: Path,
    file_name: str,
    *,
    today: date,
    by: Actor,
    reason: str,
    keep_extra: bool = False,
    progress: Heard = None,
) -> tuple[ImportRun, Plan]:
    """Look at an uploaded file and keep it, sealed. Raises :class:`Refused` with the line that says why it cannot be."""
    try:
        roster = read_roster(upload, today, keep_extra=keep_extra, progress=progress)
    except FileRefused as refused:
        raise Refused(refused.message, field="file", code="file") from refused
    plan = make_plan(roster, CommunityRegister(community))
    run = keep_upload(community, upload, file_name, by=by, reason=reason, keep_extra=keep_extra)
    note_counts(run, plan)
    return run, plan


def keep_upload(
    community: Place, upload: Path, file_name: str, *, by: Actor, reason: str, keep_extra: bool = False
) -> ImportRun:
    """Keep a file, sealed, that the worker will look at: it is too long to be read while somebody waits."""
    run = ImportRun.objects.create(
        community=community, by=by.account, file_name=Path(file_name).name[:120], keep_extra=keep_extra
    )
    key = ensure_keys([run.uid])[run.uid]
    file_beside(run).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(file_beside(run), seal(key, upload.read_bytes(), f"{FILE_FIELD}:{run.uid}"))
    return run


def note_counts(run: ImportRun, plan: Plan) -> None:
    run.counts = _counts(plan)
    run.save(update_fields=["counts"])


def plan_of(run: ImportRun, *, today: date, progress: Heard = None) -> Plan:
    """What applying the run would do now, corrections included. Raises the sheet's own refusal."""
    with _plain_file(run) as path:
        roster = read_roster(path, today, keep_extra=run.keep_extra, edits=edits_of(run), progress=progress)
    return make_plan(roster, CommunityRegister(run.community))


def number_at(run: ImportRun, row: int, *, today: date) -> str | None:
    """The full number of identity in a row, for asking another community for its person; never to be shown."""
    with _plain_file(run) as path:
        people = read_roster(path, today, edits=edits_of(run)).rows
    return next((person.facts.number for person in people if person.row == row), None)


def edits_of(run: ImportRun) -> Edits:
    """The corrections so far: ``{(row, column): text}``."""
    if not run.edits:
        return {}
    stored = json.loads(open_field(run.uid, EDITS_FIELD, bytes(run.edits)))
    return {(int(row), column): text for row, column, text in stored}


def correct_cell(run_id: int, row: int, column: str, text: str | None, *, by: Actor, reason: str) -> ImportRun:
    """Put ``text`` in the place of a cell; None takes the correction back. Two editors never lose one another's."""
    return correct_cells(run_id, {(row, column): text}, by=by, reason=reason)


def correct_cells(run_id: int, changes: Mapping[tuple[int, str], str | None], *, by: Actor, reason: str) -> ImportRun:
    """:func:`correct_cell` for several cells at once: a spelling that many rows share is mended once."""
    for (row, column), text in changes.items():
        if column not in COLUMNS or row < 1:
            raise Refused("没有这一格。", field="column", code="unknown")
        if text is not None and len(text) > LONGEST_EDIT:
            raise Refused(f"太长，最多 {LONGEST_EDIT} 个字。", field="text", code="too_long")
    with transaction.atomic():
        run = lock_open(run_id)
        edits = dict(edits_of(run))
        for cell, text in changes.items():
            if text is None:
                edits.pop(cell, None)
            else:
                edits[cell] = text
        plain = json.dumps([[row, column, text] for (row, column), text in sorted(edits.items())], ensure_ascii=False)
        key = ensure_keys([run.uid])[run.uid]
        run.edits = seal_field(key, run.uid, EDITS_FIELD, plain)
        run.save(update_fields=["edits"])
    return run


def apply_run(
    run_id: int,
    *,
    today: date,
    now: datetime,
    by: Actor,
    reason: str,
    skip_errors: bool = False,
    progress: Heard = None,
) -> Plan:
    """Write the run into the register, whole or not at all; rows with errors only where they may be skipped."""
    with transaction.atomic():
        run = lock_open(run_id)
        plan = plan_of(run, today=today, progress=progress)
        if plan.errors and not skip_errors:
            raise Refused("还有错误没有改好；改好后再导入，或选择跳过有错误的行。", code="errors")
        apply_plan(plan, run.community, today=today, now=now)
        _end(run, ImportState.APPLIED, now, _counts(plan))
    return plan


def abandon_run(run_id: int, *, now: datetime, by: Actor, reason: str) -> None:
    """Forget the file and its corrections."""
    with transaction.atomic():
        _end(lock_open(run_id), ImportState.ABANDONED, now, {})


def abandon_stale_runs(*, now: datetime) -> int:
    """Forget what nobody came back to. Returns how many; for the nightly task, within a scope of its own."""
    stale = list(
        ImportRun.objects.select_for_update(of=("self",))
        .filter(state=ImportState.OPEN, created_at__lt=now - OPEN_FOR)
        .order_by("pk")
    )
    for run in stale:
        _end(run, ImportState.ABANDONED, now, {})
    return len(stale)


def lock_open(run_id: int) -> ImportRun:
    """The run, held until the transaction ends. Raises :class:`Conflict` where it has ended already."""
    run = ImportRun.objects.select_for_update(of=("self",)).select_related("community").get(pk=run_id)
    if run.state != ImportState.OPEN:
        raise Conflict("这次导入已经结束了。", code="ended")
    return run


def _end(run: ImportRun, state: ImportState, now: datetime, counts: dict[str, int]) -> None:
    run.state, run.ended_at, run.counts, run.edits = state, now, counts or run.counts, None
    run.save()
    destroy(run.uid)  # whatever is left of the file cannot be read any more
    transaction.on_commit(lambda: _remove_files(run))


def _remove_files(run: ImportRun) -> None:
    for path in file_beside(run).parent.glob(f"{run.uid}.*"):
        path.unlink(missing_ok=True)


def _counts(plan: Plan) -> dict[str, int]:
    summary = plan.summary()
    return {key: summary[key] for key in ("rows", *Action, "possible_duplicates")}


def file_beside(run: ImportRun, kind: str = "sealed") -> Path:
    """Where a run's files lie: the upload itself, and what is remembered while it is open. All go when it ends."""
    return Path(settings.DATA_DIR) / "files" / "imports" / f"{run.uid}.{kind}"


@contextmanager
def _plain_file(run: ImportRun) -> Iterator[Path]:
    """The uploaded file, opened for the length of one reading in a folder that only this process may enter."""
    key = ensure_keys([run.uid])[run.uid]
    content = unseal(key, file_beside(run).read_bytes(), f"{FILE_FIELD}:{run.uid}")
    with tempfile.TemporaryDirectory(prefix="jiamenkou-import-") as folder:
        path = Path(folder) / "upload"
        write_private(path, content)
        yield path


def write_private(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
