"""The form at the door, by version. A phone may come back with an older one: it is read by the version it names.

Choices carry a code and words; what was asked then stays readable for ever, so a version is added, never changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jiamenkou.foundation.people.models import EmploymentStatus
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.visits.states import NeedKind, Outcome


@dataclass(frozen=True, slots=True)
class Question:
    """``several``: more than one answer may hold."""

    key: str
    label: str
    choices: tuple[tuple[str, str], ...]
    several: bool = False

    def told(self, answer: Any) -> str:
        """An answer in words; codes that are not known are left out."""
        words = dict(self.choices)
        codes = answer if isinstance(answer, list) else [answer]
        return "、".join(words[code] for code in codes if code in words)


VERSION = 1
FORMS: dict[int, tuple[Question, ...]] = {
    1: (
        Question(
            "living",
            "现在和谁一起住",
            (("alone", "一个人"), ("spouse", "老伴"), ("children", "子女"), ("others", "别的人")),
        ),
        Question(
            "body",
            "身体怎么样",
            (("well", "都好"), ("chronic", "有慢性病"), ("slow", "走路不便"), ("bed", "下不了床")),
        ),
        Question(
            "safety",
            "家里安全",
            (
                ("fine", "没有隐患"),
                ("gas", "燃气软管老化"),
                ("wires", "电线乱拉"),
                ("blocked", "过道堆物"),
                ("slip", "地滑没扶手"),
            ),
            several=True,
        ),
        Question("money", "生活费够不够", (("enough", "够"), ("tight", "紧"), ("short", "不够"))),
    ),
}


def questions(version: int) -> tuple[Question, ...]:
    """Raises :class:`Refused` for a version that was never given out."""
    if version not in FORMS:
        raise Refused("这份走访表的版本不认识，请刷新页面。", field="form", code="version")
    return FORMS[version]


def described(version: int = VERSION) -> dict[str, Any]:
    """The form as the phone draws it."""
    return {
        "version": version,
        "outcomes": [[value, str(label)] for value, label in Outcome.choices],
        "needs": [[value, str(label)] for value, label in NeedKind.choices],
        "employment": [[value, str(label)] for value, label in EmploymentStatus.choices],
        "questions": [
            {"key": one.key, "label": one.label, "choices": [list(c) for c in one.choices], "several": one.several}
            for one in questions(version)
        ],
    }


def read_answers(version: int, given: Any) -> dict[str, Any]:
    """Answers that the version knows; others are refused, so that nothing is lost silently."""
    if not isinstance(given, dict):
        raise Refused("回答读不出来。", field="answers", code="shape")
    known = {one.key: one for one in questions(version)}
    read: dict[str, Any] = {}
    for key, value in given.items():
        question = known.get(key)
        if question is None:
            raise Refused("有一栏不认识，请刷新页面再记。", field="answers", code="unknown")
        codes = value if isinstance(value, list) else [value]
        if any(code not in dict(question.choices) for code in codes) or (len(codes) > 1 and not question.several):
            raise Refused(f"“{question.label}”的回答不认识。", field="answers", code="unknown")
        if codes:
            read[key] = codes if question.several else codes[0]
    return read


def told(version: int, answers: dict[str, Any]) -> list[tuple[str, str]]:
    """Questions with their answers in words, in the order of the form."""
    return [(one.label, one.told(answers[one.key])) for one in questions(version) if one.key in answers]
