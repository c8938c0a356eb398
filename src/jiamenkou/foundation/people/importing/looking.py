"""Looking at a run and writing it: at once where the file is short, else in the worker, which says how far it is.

How far it is lies in a file of counts beside the sealed one: a transaction that is still open shows nobody anything.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from time import monotonic

from django.db import DatabaseError, connection
from django.http import Http404
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.scope import EVERYTHING, Scope, scope
from jiamenkou.foundation.people.importing import runs
from jiamenkou.foundation.people.importing.results import Result, keep_result, make_result, result_of
from jiamenkou.foundation.people.models import Account, ImportRun, ImportState
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from jiamenkou.foundation.sheets import Refused as FileRefused

SHORT = 2_000  # rows that are looked at while somebody waits
SLOW_STATEMENTS = "60s"  # nobody waits for a page while the worker writes
STOPPED = "停下了，什么都没有写。"


class Stopped(Exception):
    """Somebody pressed 停下: the transaction goes back whole."""


class _Long(Exception):
    """The file has more rows than somebody should wait for."""


@dataclass(frozen=True, slots=True)
class Progress:
    """``doing`` is "" (nothing), "check" or "write"; ``message`` says why the last work came to nothing."""

    doing: str = ""
    done: int = 0
    total: int = 0
    errors: int = 0
    message: str = ""


def community_of(by: Actor) -> Place:
    """The community whose rosters ``by`` imports. Officers, who have none, find no such page."""
    home = by.home
    if home is None or not by.may(Permission.RESIDENTS_IMPORT, home.pk):
        raise Http404
    return home


def access_run(by: Actor, pk: int) -> ImportRun:
    """A run of the actor's communities; any other does not exist."""
    reach = by.scope(Permission.RESIDENTS_IMPORT).communities
    run: ImportRun | None = (
        ImportRun.objects.filter(community_id__in=reach, pk=pk).select_related("community", "by").first()
    )
    if run is None:
        raise Http404
    return run


def open_runs(by: Actor) -> list[ImportRun]:
    """What the actor's community has left open, newest first."""
    found = ImportRun.objects.filter(community=community_of(by), state=ImportState.OPEN).select_related("by")
    return list(found.order_by("-created_at", "-pk")[:5])


def receive(
    community: Place, upload: Path, file_name: str, *, today: date, by: Actor, reason: str, keep_extra: bool = False
) -> ImportRun:
    """Take an upload. A short one has its result at once; of a long one :func:`progress_of` says "check".

    Raises :class:`Refused` with the line that says why the file cannot be read.
    """
    started = monotonic()
    try:
        run, plan = runs.open_run(
            community,
            upload,
            file_name,
            today=today,
            by=by,
            reason=reason,
            keep_extra=keep_extra,
            progress=_break_off_when_long,
        )
    except _Long:
        run = runs.keep_upload(community, upload, file_name, by=by, reason=reason, keep_extra=keep_extra)
        tell(run, Progress("check"))
        return run
    keep_result(run, make_result(run, plan, monotonic() - started))
    return run


def is_short(run: ImportRun) -> bool:
    """Whether planning it again is a matter of a second."""
    rows: int = run.counts.get("rows", 0)
    return 0 < rows < SHORT


def look_again(run: ImportRun, *, today: date) -> Result:
    """Plan once more, corrections included, and keep what is to be shown."""
    started, before = monotonic(), result_of(run)
    plan = runs.plan_of(run, today=today, progress=None if is_short(run) else _Teller(run, "check"))
    runs.lock_open(run.pk)  # what ended meanwhile leaves nothing behind
    runs.note_counts(run, plan)
    result = make_result(run, plan, monotonic() - started, before)
    keep_result(run, result)
    return result


# --- in the worker -------------------------------------------------------------------------------------------------


def check_in_worker(run_id: int) -> None:
    """Look at a long file. Run again it does the same again."""
    run = _open_run(run_id)
    if run is None:
        return
    message = ""
    try:
        with scope(Scope(frozenset({run.community_id})), actor="system:imports", reason="核对花名册"):
            _be_patient()
            look_again(run, today=timezone.localdate())
    except Conflict:
        return
    except Stopped:
        message = STOPPED
    except FileRefused as refused:
        message = refused.message
    tell(run, Progress(message=message))


def write_in_worker(run_id: int, account_id: int, skip_errors: bool) -> None:
    """Write a long run, whole or not at all. Run again after it has ended it does nothing."""
    run = _open_run(run_id)
    if run is None:
        return
    with scope(EVERYTHING):
        by = Actor(Account.objects.get(pk=account_id))
        allowed = by.may(Permission.RESIDENTS_IMPORT, run.community_id)
    message = ""
    try:
        if not allowed:
            raise NotAllowed("您不再能导入这个社区的花名册。")
        with scope(Scope(frozenset({run.community_id})), actor=by.audit_name, reason="导入花名册"):
            _be_patient()
            write(run, now=timezone.now(), by=by, reason="导入花名册", skip_errors=skip_errors)
    except Conflict:
        return
    except Stopped:
        message = STOPPED
    except (Refused, FileRefused) as refused:
        message = refused.message
    except DatabaseError:
        message = "写入时登记册被别人改动了，什么都没有写，请再试一次。"
        tell(run, Progress(message=message))
        raise
    if message:
        tell(run, Progress(message=message))


def write(run: ImportRun, *, now: datetime, by: Actor, reason: str, skip_errors: bool) -> None:
    """Apply the run; every statement is a place where it can still be stopped."""
    teller = _Teller(run, "write")
    with connection.execute_wrapper(teller.between_statements):
        runs.apply_run(
            run.pk,
            today=timezone.localdate(now),
            now=now,
            by=by,
            reason=reason,
            skip_errors=skip_errors,
            progress=None if is_short(run) else teller,
        )


def _open_run(run_id: int) -> ImportRun | None:
    with scope(EVERYTHING):
        return ImportRun.objects.filter(pk=run_id, state=ImportState.OPEN).select_related("community", "by").first()


def _be_patient() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select set_config('statement_timeout', %s, true)", [SLOW_STATEMENTS])


# --- how far it is -------------------------------------------------------------------------------------------------


def progress_of(run: ImportRun) -> Progress:
    try:
        return Progress(**json.loads(runs.file_beside(run, "progress").read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return Progress()


def tell(run: ImportRun, progress: Progress) -> None:
    """Written whole and renamed, so that a reader never sees half a file. New work takes an old 停下 away."""
    path = runs.file_beside(run, "progress")
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(progress), ensure_ascii=False), encoding="utf-8")
    fresh.replace(path)
    if not progress.done:
        runs.file_beside(run, "stop").unlink(missing_ok=True)


def ask_to_stop(run: ImportRun) -> None:
    runs.file_beside(run, "stop").touch(mode=0o600)


class _Teller:
    """Hears how far a long piece of work is, says it, and ends it where somebody asked."""

    def __init__(self, run: ImportRun, doing: str) -> None:
        self._run, self._doing = run, doing
        self._stop = runs.file_beside(run, "stop")

    def __call__(self, rows: int) -> None:
        self._look()
        counts = self._run.counts
        tell(self._run, Progress(self._doing, rows, max(counts.get("rows", 0), rows), counts.get("error", 0)))

    def between_statements(self, execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        self._look()
        return execute(sql, params, many, context)

    def _look(self) -> None:
        if self._stop.exists():
            self._stop.unlink(missing_ok=True)
            raise Stopped


def _break_off_when_long(rows: int) -> None:
    if rows >= SHORT:
        raise _Long
