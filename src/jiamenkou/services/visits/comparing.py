"""Two visits at one door side by side, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from jiamenkou.services.visits.form import told
from jiamenkou.services.visits.models import Visit, VisitConflict
from jiamenkou.services.visits.sealing import open_words
from jiamenkou.services.visits.states import Fact, NeedKind, Outcome

FIELDS = {"outcome": "结果", "answers": "回答", "needs": "说的需要", "facts": "变动", "note": "备注"}


@dataclass(frozen=True, slots=True)
class Row:
    """``first`` and ``second`` in words, one line each; ``holds``: which was chosen, once it is settled."""

    key: str
    label: str
    first: list[str]
    second: list[str]
    holds: str = ""

    @property
    def differs(self) -> bool:
        return self.first != self.second


def both(conflict: VisitConflict) -> list[Row]:
    """Every field with what each of the two said."""
    return [
        Row(key, label, lines(conflict.first, key), lines(conflict.second, key), conflict.chosen.get(key, ""))
        for key, label in FIELDS.items()
    ]


def value_of(visit: Visit, key: str) -> Any:
    """Answers or the note, opened."""
    sealed, nothing = (visit.answers_sealed, {}) if key == "answers" else (visit.note_sealed, "")
    return open_words(visit.sealed_for, visit.uid, key, sealed, nothing)


def lines(visit: Visit, key: str) -> list[str]:
    """One field of a visit in words."""
    if key == "outcome":
        return [str(Outcome(visit.outcome).label)]
    if key == "answers":
        return [f"{label}：{words}" for label, words in told(visit.form_version, value_of(visit, "answers"))]
    if key == "needs":
        return [f"{NeedKind(need.kind).label}：{need.words}" for need in visit.needs.order_by("kind", "words")]
    if key == "facts":
        return [f"{Fact(one.fact).label}：{one.masked}" for one in visit.facts.order_by("fact")]
    note = value_of(visit, "note")
    return [note] if note else []


def clock_words(visit: Visit) -> str:
    """What there is to say about the phone's clock; empty where it may be relied on."""
    if not visit.clock_wrong:
        return ""
    minutes = abs(visit.skew_minutes)
    span = (
        f"{minutes // 1440} 天"
        if minutes >= 2880
        else f"{minutes // 60} 小时"
        if minutes >= 120
        else f"{minutes} 分钟"
    )
    said = f"{timezone.localtime(visit.device_at):%Y-%m-%d %H:%M}"
    if minutes <= 5:
        return f"手机上写的是 {said}，和带走名单、收到的时间对不上，只按收到时间算"
    return f"手机时间{'快' if visit.skew_minutes > 0 else '慢'}了 {span}（手机上写的是 {said}），只按收到时间算"
