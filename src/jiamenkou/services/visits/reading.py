"""What a phone sends, read and checked before anything is written. Shapes, not meanings of the database."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from jiamenkou.foundation.people.masking import mask_phone
from jiamenkou.foundation.people.models import EmploymentStatus
from jiamenkou.foundation.people.roster.identity import Unreadable
from jiamenkou.foundation.people.roster.values import parse_phones
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.visits.form import read_answers
from jiamenkou.services.visits.states import Fact, NeedKind, Outcome

LONGEST_NOTE = 2000
LONGEST_WORDS = 300
MOST_NEEDS = 10
MOST_PEOPLE = 20
MOST_PHOTOS = 4


@dataclass(frozen=True, slots=True)
class Clocks:
    """Three readings of a phone's clock against ours: when the list was taken, when the visit was written, now.

    ``ahead``: minutes the phone is ahead of us as it sends (negative: behind).
    """

    device_at: datetime
    taken_device: datetime | None = None
    ahead: int = 0

    def wrong(self, received: datetime, allowed: int) -> bool:
        """Whether the time on the phone cannot be relied on."""
        margin = timedelta(minutes=allowed)
        if abs(self.ahead) > allowed or self.device_at > received + margin:
            return True
        if received - self.device_at > timedelta(days=30):
            return True
        return self.taken_device is not None and self.device_at < self.taken_device - margin


@dataclass(frozen=True, slots=True)
class Told:
    """A visit as it was told. ``facts``: which fact → (value, as it may be shown)."""

    uid: UUID
    resident: int
    outcome: Outcome
    clocks: Clocks
    version: int
    answers: dict[str, Any] = field(default_factory=dict)
    needs: tuple[tuple[NeedKind, str], ...] = ()
    facts: dict[Fact, tuple[str, str]] = field(default_factory=dict)
    people: tuple[int, ...] = ()
    note: str = ""
    plan: int | None = None
    device: UUID | None = None
    seen: int = 0


def read_told(raw: bytes, ahead: int) -> Told:
    """A visit from the JSON of a phone. Raises :class:`Refused` at the field that is wrong."""
    try:
        given = json.loads(raw)
    except ValueError as error:
        raise Refused("这一份读不出来。", field="sealed", code="shape") from error
    if not isinstance(given, dict):
        raise Refused("这一份读不出来。", field="sealed", code="shape")
    clocks = Clocks(
        _moment(given.get("at"), "at"),
        _moment(given["taken"], "taken") if given.get("taken") else None,
        ahead,
    )
    return Told(
        uid=_uuid(given.get("uid"), "uid"),
        resident=_id(given.get("resident"), "resident"),
        outcome=_outcome(given.get("outcome")),
        clocks=clocks,
        version=_id(given.get("form"), "form"),
        answers=read_answers(_id(given.get("form"), "form"), given.get("answers", {})),
        needs=read_needs(given.get("needs", [])),
        facts=read_facts(given.get("facts", {})),
        people=tuple(_id(one, "people") for one in _list(given.get("people", []), "people")[:MOST_PEOPLE]),
        note=clean(given.get("note", ""), LONGEST_NOTE, "note"),
        plan=_id(given["plan"], "plan") if given.get("plan") else None,
        device=_uuid(given["device"], "device") if given.get("device") else None,
        seen=_id(given.get("seen") or 0, "seen", least=0),
    )


def clean(value: Any, longest: int, name: str) -> str:
    """Printable text without marks that turn its direction; too long is said, never cut."""
    if not isinstance(value, str):
        raise Refused("这一栏要填文字。", field=name, code="shape")
    text = "".join(ch for ch in value if ch == "\n" or ch.isprintable()).strip()
    if len(text) > longest:
        raise Refused(f"这一栏最多 {longest} 个字。", field=name, code="long")
    return text


def read_needs(given: Any) -> tuple[tuple[NeedKind, str], ...]:
    """Category and words; a category without words stands for itself."""
    found = []
    for one in _list(given, "needs")[:MOST_NEEDS]:
        if not isinstance(one, list | tuple) or len(one) != 2 or one[0] not in NeedKind.values:
            raise Refused("需要的类别不认识。", field="needs", code="unknown")
        kind = NeedKind(one[0])
        found.append((kind, clean(one[1], LONGEST_WORDS, "needs") or str(kind.label)))
    return tuple(found)


def read_facts(given: Any) -> dict[Fact, tuple[str, str]]:
    if not isinstance(given, dict):
        raise Refused("变动读不出来。", field="facts", code="shape")
    found: dict[Fact, tuple[str, str]] = {}
    for name, value in given.items():
        if name not in Fact.values:
            raise Refused("变动的类别不认识。", field="facts", code="unknown")
        text = clean(value, LONGEST_WORDS, name)
        if text:
            found[Fact(name)] = _fact(Fact(name), text)
    return found


def _fact(fact: Fact, value: str) -> tuple[str, str]:
    if fact is Fact.PHONE:
        try:
            numbers = parse_phones(value) or ()
        except Unreadable as error:
            raise Refused(str(error), field="phone", code="unreadable") from error
        if not numbers:
            raise Refused("电话号码看不出来。", field="phone", code="unreadable")
        return numbers[0], mask_phone(numbers[0])
    if fact is Fact.EMPLOYMENT:
        if value not in EmploymentStatus.values:
            raise Refused("就业状态不认识。", field="employment", code="unknown")
        return value, str(EmploymentStatus(value).label)
    return value, value[:40] + ("…" if len(value) > 40 else "")


def _list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise Refused("这一栏读不出来。", field=name, code="shape")
    return value


def _outcome(value: Any) -> Outcome:
    if value not in Outcome.values:
        raise Refused("请选：见到了、没人在家、不愿开门还是搬走了。", field="outcome", code="required")
    return Outcome(value)


def _id(value: Any, name: str, least: int = 1) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value < 2**53:
        raise Refused("编号读不出来。", field=name, code="shape")
    return value


def _uuid(value: Any, name: str) -> UUID:
    try:
        return UUID(str(value))
    except ValueError as error:
        raise Refused("编号读不出来。", field=name, code="shape") from error


def _moment(value: Any, name: str) -> datetime:
    """Milliseconds since 1970 as a phone counts them."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < 4e12:
        raise Refused("时间读不出来。", field=name, code="shape")
    return datetime.fromtimestamp(value / 1000, UTC)
