"""Vacancies from a sheet: planned first, every bad cell named; applied only when asked, good rows or all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from os import PathLike
from typing import Any, BinaryIO

from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.people.actions.organisations import register_organisation
from jiamenkou.foundation.places.models import PlaceKind
from jiamenkou.foundation.refusals import Refused as ActionRefused
from jiamenkou.foundation.sheets.tables import Plan, Problem, Table, Values, checked, restored
from jiamenkou.foundation.sheets.writing import Column, template
from jiamenkou.services.jobs.access import publishes_for
from jiamenkou.services.jobs.actions.vacancies import draft_vacancy, publish_vacancy
from jiamenkou.services.jobs.forms.rows import HEADINGS, SHOWN, Reading, cell_text, read_row
from jiamenkou.services.jobs.forms.vacancy import EDUCATIONS
from jiamenkou.services.jobs.queries import same_post
from jiamenkou.services.jobs.showing import Showing
from jiamenkou.services.jobs.states import PayUnit, Settle, Source, VacancyKind

REASON = "导入岗位"
# other names that the columns go by
ALIASES: Mapping[str, tuple[str, ...]] = {
    "employer": ("单位名称", "用人单位", "公司", "公司名称", "企业名称", "招聘单位"),
    "title": ("岗位", "职位", "职位名称", "招聘岗位", "工种"),
    "kind": ("用工形式", "工作性质"),
    "headcount": ("人数", "招聘人数", "需求人数", "招工人数"),
    "pay": ("薪资", "薪酬", "工资待遇", "薪资待遇", "月薪"),
    "address": ("工作地点", "地址", "工作地址", "上班地点"),
    "requirements": ("任职要求", "岗位要求", "招聘要求"),
    "benefits": ("福利", "福利待遇"),
    "education": ("学历", "学历要求"),
    "phone": ("电话", "联系方式", "手机", "联系电话公开"),
    "closes_on": ("截止", "截止时间", "有效期至"),
    "hours": ("工作时间", "作息时间"),
    "description": ("岗位说明", "岗位职责", "备注"),
}
COLUMNS: Mapping[str, str] = {**HEADINGS, "shown": SHOWN}
TABLE = Table(COLUMNS, (("employer",), ("title",)), "表里没有岗位。", ALIASES, cell_text)
_NOTES = {
    "employer": ("单位全称。", "颐安居养老服务中心"),
    "title": ("", "护理员（白班）"),
    "headcount": ("不填算 1 人。", "3"),
    "pay_min_fen": ("数字，元；面议就写“面议”。", "4200"),
    "pay_max_fen": ("可不填。", "4600"),
    "weekdays": ("如 周一至周五、一三五、每天。", "周一至周五"),
    "start_minute": ("如 7:30。", "7:30"),
    "end_minute": ("过半夜的照写，如 6:00。", "15:30"),
    "requirements": ("几项用顿号隔开。", "护理证优先、耐心"),
    "certificates": ("几项用顿号隔开。", "养老护理证"),
    "benefits": ("几项用顿号隔开。", "包午餐、五险"),
}


def write_template(target: str | PathLike[str] | BinaryIO, showing: Showing) -> None:
    """The blank form, with drop-downs."""
    choices = {
        "kind": [str(label) for label in VacancyKind.labels],
        "pay_unit": [str(label) for label in PayUnit.labels],
        "settle": [str(label) for label in Settle.labels],
        "education": [label for value, label in EDUCATIONS if value],
        "shown": [str(reach.label) for reach in showing.reaches],
    }
    year_end = f"{timezone.localdate().year}-12-31"
    notes = _NOTES | {
        "closes_on": (f"如 {year_end}。", year_end),
        "shown": (f"不填就是“{showing.usual.label}”。", str(showing.usual.label)),
    }
    columns = [
        Column(
            heading,
            20 if ours in {"employer", "title", "address", "requirements", "description"} else 12,
            choices.get(ours, ()),
            *notes.get(ours, ("", "")),
            required=ours in {"employer", "title"},
            as_text=ours not in {"headcount", "pay_min_fen", "pay_max_fen", "answer_days", "closes_on"},
        )
        for ours, heading in COLUMNS.items()
        if ours != "pay"
    ]
    template(columns, "岗位", target)


def plan_file(path: str | PathLike[str], showing: Showing) -> Plan[Reading]:
    """Read and check every row. Raises the sheets' ``Refused`` for a file that is no list of vacancies."""
    rows, ignored = TABLE.read(path)
    return Plan(checked(rows, COLUMNS, _reader(showing)), ignored)


def plan_stored(stored: Sequence[Sequence[Any]], showing: Showing) -> Plan[Reading]:
    """The plan of :attr:`Plan.stored`, checked anew."""
    return Plan(checked(restored(stored), COLUMNS, _reader(showing)))


def _reader(showing: Showing) -> Callable[[Values], tuple[Reading, list[Problem]]]:
    def read(values: Values) -> tuple[Reading, list[Problem]]:
        reading = read_row(values, showing)
        problems = [(fault.field, fault.problem) for fault in reading.faults]
        if {cell for cell, _ in problems} == {"shown"} and same_post(reading.form.cleaned_data, _home(showing)):
            # an export brought back: somebody else's post that is shown more widely stays as it is
            problems = []
        return reading, problems

    return read


def apply_plan(plan: Plan[Reading], *, publish: bool, by: Actor, now: datetime, reason: str) -> tuple[int, int, int]:
    """Write the good rows. Returns how many were made, were there already, and stayed drafts though asked to publish."""
    made = known = drafts = 0
    for row in plan.good:
        form = row.meant.form
        if same_post(form.cleaned_data, by.home.pk if by.home else None) is not None:
            known += 1
            continue
        employer = register_organisation(
            form.cleaned_data["employer"],
            kind="employer",
            community=by.home,
            contact=form.cleaned_data["contact"],
            by=by,
            reason=reason,
        )
        fields = form.values() | {"owner": publishes_for(by)}
        vacancy = draft_vacancy(employer, fields, by=by, source=Source.SHEET, reason=reason)
        made += 1
        if publish:
            try:
                publish_vacancy(vacancy, by=by, now=now, reason=reason)
            except ActionRefused:
                drafts += 1
    return made, known, drafts


def _home(showing: Showing) -> int | None:
    return showing.owner.pk if showing.owner.kind == PlaceKind.COMMUNITY else None
