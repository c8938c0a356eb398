"""Residents as a workbook: exactly the people asked for, numbers masked, watermarked, written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO

from django.db.models import QuerySet

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.audit.exports import log_export
from jiamenkou.foundation.audit.models import ExportLog
from jiamenkou.foundation.people.models import ArchiveKind, Resident
from jiamenkou.foundation.refusals import NotAllowed, Refused
from jiamenkou.foundation.sheets.writing import Column, Value, WorkbookWriter

MOST = 5_000


@dataclass(frozen=True, slots=True)
class Exported:
    """The file and its row in the log."""

    content: bytes
    record: ExportLog


def _archive(kind: ArchiveKind) -> Callable[[Resident], Value]:
    return lambda person: "、".join(sorted(item.text for item in person.archive.all() if item.kind == kind))


# headings of the roster, so that a sheet that comes back finds its columns; 编号 finds its rows
COLUMNS: tuple[tuple[Column, Callable[[Resident], Value]], ...] = (
    (Column("编号", 10), lambda person: person.number),
    (Column("姓名", 12), lambda person: person.name),
    (Column("性别", 6), lambda person: person.get_sex_display()),
    (Column("出生日期", 12), lambda person: person.birth_date),
    (Column("身份证号", 22), lambda person: person.identity_masked),
    (Column("手机号", 16), lambda person: person.phone_masked),
    (Column("网格", 12), lambda person: person.grid.name if person.grid else ""),
    (Column("门牌", 24), lambda person: person.household.door if person.household else ""),
    (Column("居住地址", 32), lambda person: person.address),
    (Column("户籍地", 32), lambda person: person.hukou),
    (Column("就业状态", 10), lambda person: person.get_employment_display()),
    (Column("技能", 20), _archive(ArchiveKind.SKILL)),
    (Column("兴趣", 20), _archive(ArchiveKind.INTEREST)),
    (Column("培训需求", 20), _archive(ArchiveKind.TRAINING_NEED)),
    (Column("人员类别", 20), lambda person: "、".join(person.categories)),
    (Column("最近联系", 12), lambda person: person.last_contact_on),
)


def export_residents(rows: QuerySet[Resident], *, conditions: str, by: Actor, reason: str) -> Exported:
    """``rows`` must already be within the actor's scope. Raises :class:`Refused` beyond 5,000."""
    if by.account is None:
        raise NotAllowed("登录后才能导出。", code="anonymous")
    if len(reason.strip()) < 2:
        raise Refused("请写明导出做什么用。", field="reason", code="required")
    count = rows.count()
    if count > MOST:
        raise Refused(f"一次最多导出 {MOST:,} 位，这里有 {count:,} 位。请先加条件。", code="too_many")
    record, mark = log_export("居民", by=by, reason=reason, conditions=conditions)
    record.rows = count
    record.save()
    writer = WorkbookWriter(mark)
    writer.sheet("居民", [column for column, _ in COLUMNS], _lines(rows))
    file = BytesIO()
    writer.save(file)
    return Exported(file.getvalue(), record)


def _lines(rows: QuerySet[Resident]) -> Iterator[list[Value]]:
    people = rows.select_related("grid", "household").prefetch_related("archive")
    for person in people.iterator(chunk_size=1000):
        yield [value(person) for _, value in COLUMNS]
