"""Applicants as an employer sees them: a surname and what they can do; the number only after an interview is agreed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from jiamenkou.foundation.people.models import ArchiveItem, ArchiveKind, Evidence
from jiamenkou.services.jobs import words
from jiamenkou.services.jobs.actions.employers import AGREED
from jiamenkou.services.jobs.forms.application import MoveForm, StartForm
from jiamenkou.services.jobs.models import Application
from jiamenkou.services.jobs.states import ApplicationState, Party, open_moves

# how the answers are said on the buttons, in the order of the page
ANSWERS = {
    ApplicationState.INTERVIEW: ("约面试", "calendar-clock"),
    ApplicationState.HIRED: ("录用", "circle-check"),
    ApplicationState.PLACED: ("已上岗", "briefcase"),
    ApplicationState.REFUSED: ("没录用", "circle-x"),
    ApplicationState.SENT: ("重新考虑", "undo-2"),
}
TONES = {Evidence.CERTIFIED: "green", Evidence.SEEN: "blue", Evidence.SELF_SAID: "grey"}


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing the employer may say, with the form for what belongs to it."""

    to: str
    label: str
    icon: str
    form: MoveForm | StartForm
    open: bool


@dataclass(frozen=True, slots=True)
class Applicant:
    """``name`` is 褚** until an interview is agreed."""

    application: Application
    name: str
    state: ApplicationState
    proofs: tuple[tuple[str, str], ...]
    late: str
    appointment: str
    answers: tuple[Answer, ...]
    may_call: bool
    phone: str = ""
    past: bool = False  # what was agreed has come and gone: the employer knows how it went, nobody else does


def applicants(
    rows: Iterable[Application],
    today: date,
    now: datetime,
    *,
    tried: tuple[int, str, MoveForm | StartForm] | None = None,
    shown: tuple[int, str] | None = None,
) -> list[Applicant]:
    """Cards in the order given. ``tried`` is an answer that came back, ``shown`` a number that was asked for."""
    listed = list(rows)
    known = _proofs([row.resident_id for row in listed], today)
    return [_card(row, known.get(row.resident_id, ()), now, tried, shown) for row in listed]


def _card(
    row: Application,
    proofs: Iterable[tuple[str, str]],
    now: datetime,
    tried: tuple[int, str, MoveForm | StartForm] | None,
    shown: tuple[int, str] | None,
) -> Applicant:
    state = ApplicationState(row.state)
    agreed = state in AGREED
    overdue = state == ApplicationState.SENT and row.answer_due_at is not None and row.answer_due_at < now
    return Applicant(
        application=row,
        name=row.resident.name if agreed else f"{row.resident.name[:1]}**",
        state=state,
        proofs=tuple(proofs),
        late=words.late((now - row.answer_due_at).total_seconds()) if overdue and row.answer_due_at else "",
        appointment=_appointment(row, state),
        answers=tuple(_answers(row, state, tried)),
        may_call=agreed,
        phone=shown[1] if shown and shown[0] == row.pk else "",
        past=_is_past(row, state, now),
    )


def _is_past(row: Application, state: ApplicationState, now: datetime) -> bool:
    if state == ApplicationState.INTERVIEW:
        return row.interview_at is not None and row.interview_at < now
    return state == ApplicationState.HIRED and row.starts_on is not None and row.starts_on < now.date()


def _answers(
    row: Application, state: ApplicationState, tried: tuple[int, str, MoveForm | StartForm] | None
) -> Iterable[Answer]:
    ends = {arrow.end for arrow in open_moves(state, Party.EMPLOYER)}
    for end, (label, icon) in ANSWERS.items():
        if end not in ends:
            continue
        again = tried is not None and tried[:2] == (row.pk, end)
        form: MoveForm | StartForm
        if again and tried is not None:
            form = tried[2]
        else:
            fresh = StartForm if end == ApplicationState.PLACED else MoveForm
            form = fresh(auto_id=f"a{row.pk}-{end}-%s", initial={"started_on": row.starts_on})
        yield Answer(end, label, icon, form, again)


def _appointment(row: Application, state: ApplicationState) -> str:
    if state == ApplicationState.INTERVIEW and row.interview_at:
        when = timezone.localtime(row.interview_at)
        return f"{when.month}月{when.day}日 {when:%H:%M} {row.interview_place}".strip()
    if state == ApplicationState.HIRED and row.starts_on:
        return f"{row.starts_on.month}月{row.starts_on.day}日上岗"
    return ""


def _proofs(residents: list[int], today: date) -> dict[int, list[tuple[str, str]]]:
    """Certificates and skills that stand today, the better known first, with a tone each. One query."""
    found: dict[int, list[tuple[str, str]]] = {}
    items = ArchiveItem.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=today),
        resident_id__in=residents,
        kind__in=[ArchiveKind.CERTIFICATE, ArchiveKind.SKILL],
    ).order_by("kind", "text", "id")
    order = list(TONES)
    for item in sorted(items, key=lambda item: order.index(Evidence(item.evidence))):
        said = f"{item.text} · {Evidence(item.evidence).label}"
        found.setdefault(item.resident_id, []).append((said, TONES[Evidence(item.evidence)]))
    return {resident: proofs[:6] for resident, proofs in found.items()}
