"""A vacancy from a row of a sheet or a feed: the words that others write become what :class:`VacancyForm` takes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.datastructures import MultiValueDict

from jiamenkou.foundation.people.masking import scrub
from jiamenkou.foundation.sheets.tables import CellFault
from jiamenkou.services.jobs.forms.vacancy import EDUCATIONS, StaffVacancyForm, VacancyForm
from jiamenkou.services.jobs.showing import SAID, Reach, Showing
from jiamenkou.services.jobs.states import PayUnit, Settle, VacancyKind
from jiamenkou.services.jobs.words import DAYS

# our field -> heading in sheets; `pay` is one cell for both ends of a range
HEADINGS: Mapping[str, str] = {
    "employer": "单位",
    "title": "岗位名称",
    "kind": "形式",
    "headcount": "招几人",
    "pay": "工资",
    "pay_min_fen": "工资从",
    "pay_max_fen": "工资到",
    "pay_unit": "工资单位",
    "settle": "结算",
    "weekdays": "哪几天上班",
    "start_minute": "上班",
    "end_minute": "下班",
    "hours": "上班时间",
    "rest": "休息",
    "address": "地点",
    "landmark": "怎么走",
    "requirements": "要求",
    "certificates": "必须有的证",
    "education": "最低学历",
    "benefits": "待遇",
    "contact": "联系人",
    "phone": "联系电话",
    "answer_days": "几天内回话",
    "closes_on": "截止日期",
    "description": "说明",
}
SHOWN = "给谁看"
_UNITS = {
    "时": "hour",
    "小时": "hour",
    "天": "day",
    "日": "day",
    "月": "month",
    "年": "year",
    "件": "piece",
    "计件": "piece",
}
_RANGE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:元)?\s*(?:[-–—~至到]\s*(\d+(?:\.\d+)?))?")
_DATE = re.compile(r"(\d{4})\D{0,2}(\d{1,2})\D{0,2}(\d{1,2})\D{0,2}")
_CLOCK = re.compile(r"(\d{1,2})[:.点时](\d{2})?(?::\d{2})?分?")


@dataclass(frozen=True, slots=True)
class Reading:
    """A form that was filled from a row, bound and checked."""

    form: VacancyForm
    given: Mapping[str, str]

    @property
    def faults(self) -> list[CellFault]:
        """Every bad cell, in the form's order."""
        return [
            CellFault(
                cell,
                HEADINGS.get(cell, SHOWN if cell == "shown" else ""),
                scrub(self.given.get(cell, "")),
                str(message),
            )
            for name, messages in self.form.errors.items()
            for cell in [self._cell(name)]
            for message in messages
        ]

    def _cell(self, name: str) -> str:
        """The cell that a field came from: both ends of the pay may stand in one."""
        return "pay" if name.startswith("pay_") and name not in self.given and self.given.get("pay") else name


def read_row(values: Mapping[str, object], showing: Showing | None = None) -> Reading:
    """A checked form from our field names and whatever stood in the cells.

    With ``showing`` the row may also say who is shown the post, in the column :data:`SHOWN`.
    """
    given = {name: cell_text(name, value) for name, value in values.items()}
    data: dict[str, Any] = {"headcount": "1", "answer_days": "3", "kind": VacancyKind.FULL_TIME.value}
    data |= {name: text for name, text in given.items() if text}
    _split_pay(data)
    data["kind"] = _value_of(VacancyKind.choices, data["kind"])
    data["settle"] = _value_of(Settle.choices, data.get("settle", ""))
    data["education"] = _value_of(EDUCATIONS, data.get("education", ""))
    data["pay_unit"] = _unit(data.get("pay_unit", ""))
    for name in ("start_minute", "end_minute"):
        data[name] = _clock(data.get(name, ""))
    data["closes_on"] = _day(data.get("closes_on", ""))
    bound = MultiValueDict({name: [value] for name, value in data.items()})
    bound.setlist("weekdays", _weekdays(data.get("weekdays", "")))
    if showing is not None:
        bound["shown"] = _shown(data.get("shown", ""), showing)
    form = VacancyForm(bound) if showing is None else StaffVacancyForm(bound, showing=showing)
    form.is_valid()
    return Reading(form, given)


def cell_text(name: str, value: object) -> str:
    """What somebody would have typed into the column of this field. Text stays what it is."""
    return _text(_meant(name, value))


def _meant(name: str, value: object) -> object:
    """What a spreadsheet shows for a bare number: 0.3125 is 7:30 in a column of times, 46387 a day in one of days."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return value
    if name in {"start_minute", "end_minute"} and 0 <= value < 1:
        minutes = round(value * 1440)
        return f"{minutes // 60}:{minutes % 60:02d}"
    if name == "closes_on" and 30_000 < value < 80_000:
        return date(1899, 12, 30) + timedelta(days=int(value))
    return value


def _text(value: object) -> str:
    """As a person would have typed it: 4200.0 is 4200, lists are joined."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return "、".join(_text(part) for part in value)
    if value is None or isinstance(value, dict):
        return ""
    return unicodedata.normalize("NFKC", str(value)).replace("\x00", "").strip()


def _split_pay(data: dict[str, Any]) -> None:
    """``4200-4600元/月`` in one cell; 面议 anywhere."""
    said = data.pop("pay", "")
    if any("面议" in str(data.get(name, "")) for name in ("pay_min_fen", "pay_max_fen")) or "面议" in said:
        data["negotiable"] = "on"
        for name in ("pay_min_fen", "pay_max_fen"):
            if "面议" in str(data.get(name, "")):
                del data[name]
    found = _RANGE.search(said.replace(",", ""))
    if found and "pay_min_fen" not in data:
        data["pay_min_fen"] = found[1]
        if found[2]:
            data["pay_max_fen"] = found[2]
        data.setdefault("pay_unit", said[found.end() :] or PayUnit.MONTH.value)
    elif said and not found and "面议" not in said:
        data["pay_min_fen"] = said


def _unit(said: str) -> str:
    if said in PayUnit.values:
        return said
    bare = re.sub(r"[元/每薪 ]", "", said)
    return _UNITS.get(bare, said)


def _value_of(choices: list[tuple[Any, Any]], said: str) -> str:
    for value, label in choices:
        if said in {str(value), str(label)}:
            return str(value)
    return said


def _shown(said: str, showing: Showing) -> str:
    if not said:
        return showing.usual.value
    return SAID[said].value if said in SAID else _value_of(Reach.choices, said)


def _clock(said: str) -> str:
    found = _CLOCK.fullmatch(said)
    return f"{int(found[1]):02d}:{found[2] or '00'}" if found else said


def _day(said: str) -> str:
    found = _DATE.fullmatch(said.split(" ")[0].split("T")[0])
    return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}" if found else said


def _weekdays(said: str) -> list[str]:
    """``周一至周五``, ``一三五``, ``每天`` → the form's values; what is not understood stays, and is refused."""
    if not said:
        return []
    if said in {"每天", "天天"}:
        return [str(day) for day in range(7)]
    bare = re.sub(r"周|星期|礼拜|[、,;\s]", "", said).replace("天", "日")
    span = re.fullmatch(rf"([{DAYS}])[至到\-–—~]([{DAYS}])", bare)
    if span:
        first, last = DAYS.index(span[1]), DAYS.index(span[2])
        return [str(day) for day in range(first, last + 1)] if first <= last else [said]
    return [str(DAYS.index(ch)) for ch in bare] if bare and all(ch in DAYS for ch in bare) else [said]
