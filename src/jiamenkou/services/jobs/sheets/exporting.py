"""Lists of the desk as workbooks: what the list shows, numbers masked."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from jiamenkou.foundation.sheets.writing import Column, Value
from jiamenkou.services.jobs import words
from jiamenkou.services.jobs.forms.rows import HEADINGS, SHOWN
from jiamenkou.services.jobs.forms.vacancy import EDUCATIONS
from jiamenkou.services.jobs.models import Vacancy
from jiamenkou.services.jobs.models.application import ApplicationQuerySet
from jiamenkou.services.jobs.models.intention import IntentionQuerySet
from jiamenkou.services.jobs.models.vacancy import VacancyQuerySet
from jiamenkou.services.jobs.showing import reach_of
from jiamenkou.services.jobs.states import (
    ApplicationReason,
    ApplicationState,
    IntentionState,
    PayUnit,
    Settle,
    VacancyKind,
    VacancyState,
)

_EDUCATION = dict(EDUCATIONS)
# the columns of the import come first, so that an export can be changed and brought back
_IMPORTED = [name for name in HEADINGS if name != "pay"]
VACANCY_COLUMNS = [
    *(Column(HEADINGS[name], 20 if name in {"employer", "title", "address"} else 12) for name in _IMPORTED),
    *(Column(heading) for heading in (SHOWN, "谁管", "状态", "已上岗", "来源", "发布时间")),
]
APPLICATION_COLUMNS = [
    *(Column(heading) for heading in ("编号", "姓名", "手机号", "网格")),
    *(Column(heading, 20) for heading in ("岗位名称", "单位")),
    *(Column(heading) for heading in ("到哪一步", "原因", "说明", "投递时间", "最近变化", "最晚回话", "约定上岗")),
]
INTENTION_COLUMNS = [
    *(Column(heading) for heading in ("编号", "姓名", "手机号", "网格")),
    Column("想做什么", 24),
    *(Column(heading) for heading in ("形式", "最多走几分钟", "哪几天", "最早", "最晚", "接送孩子", "工资至少")),
    *(Column(heading) for heading in ("工资单位", "学历", "补充", "状态", "最近确认", "到期再问")),
]


def vacancy_rows(vacancies: VacancyQuerySet) -> Iterator[list[Value]]:
    for vacancy in vacancies.with_employer().select_related("owner"):
        values = _vacancy_values(vacancy)
        state = str(VacancyState(vacancy.state).label)
        published = timezone.localtime(vacancy.published_at) if vacancy.published_at else None
        source = str(vacancy.get_source_display())
        shown = str(reach_of(vacancy).label)
        yield [
            *(values[name] for name in _IMPORTED),
            shown,
            vacancy.owner.name,
            state,
            vacancy.taken,
            source,
            published,
        ]


def _vacancy_values(vacancy: Vacancy) -> dict[str, Value]:
    return {
        "employer": vacancy.employer.name,
        "title": vacancy.title,
        "kind": str(VacancyKind(vacancy.kind).label),
        "headcount": vacancy.headcount,
        "pay_min_fen": "面议" if vacancy.negotiable and vacancy.pay_min_fen is None else _yuan(vacancy.pay_min_fen),
        "pay_max_fen": _yuan(vacancy.pay_max_fen),
        "pay_unit": str(PayUnit(vacancy.pay_unit).label) if vacancy.pay_unit else "",
        "settle": str(Settle(vacancy.settle).label) if vacancy.settle else "",
        "weekdays": words.days(vacancy.weekdays),
        "start_minute": _clock(vacancy.start_minute),
        "end_minute": _clock(vacancy.end_minute),
        "hours": vacancy.hours,
        "rest": vacancy.rest,
        "address": vacancy.address,
        "landmark": vacancy.landmark,
        "requirements": "、".join(vacancy.requirements),
        "certificates": "、".join(vacancy.certificates),
        "education": _EDUCATION.get(vacancy.education or "", ""),
        "benefits": "、".join(vacancy.benefits),
        "contact": vacancy.contact,
        "phone": vacancy.phone,
        "answer_days": vacancy.answer_days,
        "closes_on": vacancy.closes_on,
        "description": vacancy.description,
    }


def application_rows(applications: ApplicationQuerySet) -> Iterator[list[Value]]:
    for application in applications.with_list_data():
        person, vacancy = application.resident, application.vacancy
        due = application.answer_due_at
        yield [
            person.number,
            person.name,
            person.phone_masked,
            application.grid.name if application.grid else "",
            vacancy.title,
            vacancy.employer.name,
            str(ApplicationState(application.state).label),
            str(ApplicationReason(application.reason).label) if application.reason else "",
            application.reason_text,
            timezone.localtime(application.created_at),
            timezone.localtime(application.moved_at),
            timezone.localtime(due) if due else None,
            application.starts_on,
        ]


def intention_values(intentions: IntentionQuerySet) -> Iterator[tuple[int, dict[str, Value]]]:
    """Resident's id and the columns of an intention by name."""
    for intention in intentions.with_resident():
        person = intention.resident
        yield (
            person.pk,
            {
                "编号": person.number,
                "姓名": person.name,
                "手机号": person.phone_masked,
                "网格": intention.grid.name if intention.grid else "",
                "想做什么": intention.wanted,
                "形式": "、".join(str(VacancyKind(kind).label) for kind in intention.kinds),
                "最多走几分钟": intention.max_walk_minutes,
                "哪几天": words.days(intention.weekdays),
                "最早": _clock(intention.not_before),
                "最晚": _clock(intention.not_after),
                "接送孩子": "是" if intention.school_run else "",
                "工资至少": _yuan(intention.min_pay_fen),
                "工资单位": str(PayUnit(intention.min_pay_unit).label) if intention.min_pay_unit else "",
                "学历": _EDUCATION.get(intention.education or "", ""),
                "补充": intention.note,
                "状态": str(IntentionState(intention.state).label),
                "最近确认": intention.confirmed_on,
                "到期再问": intention.renew_on,
            },
        )


def intention_rows(intentions: IntentionQuerySet) -> Iterator[list[Value]]:
    headings = [column.heading for column in INTENTION_COLUMNS]
    for _, values in intention_values(intentions):
        yield [values[heading] for heading in headings]


def _yuan(fen: int | None) -> Value:
    """Whole yuan as a number; 5.5 as one too."""
    if fen is None:
        return None
    return fen // 100 if fen % 100 == 0 else fen / 100


def _clock(minute: int | None) -> str:
    return f"{minute % 1440 // 60}:{minute % 60:02d}" if minute is not None else ""
