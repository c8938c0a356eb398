"""The workbook for the meeting table: 汇总, 月份, 分组, 明细, 存疑.

Every text is written as text: a cell that begins with ``=`` or its full-width twin stays what the payer typed, and
control or invisible characters of the files never reach the sheet.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from jiamenkou.commandline import plain
from jiamenkou.engines.statement.model import Label, Line, Review, Verdict

DOUBTFUL = 0.6  # verdicts less sure than this are asked about
LARGE = 100_000  # fen; inflows of unknown origin from here on are asked about first
_HEAD = PatternFill("solid", fgColor="DDEBE6")
_TOP, _WRAPPED, _BOLD = Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True), Font(bold=True)
_MONEY = "#,##0.00;[Red]-#,##0.00"


def write_workbook(review: Review, path: Path, *, owner: str = "") -> None:
    """Write the review to ``path``. Amounts in yuan; raises OSError where it cannot be written."""
    book = Workbook(write_only=True)
    _summary(book, review, owner)
    _months(book, review)
    _groups(book, review)
    _lines(book, review)
    _doubts(book, review)
    finished = io.BytesIO()  # whole before the first byte is written: no half workbook where the disk is full
    book.save(finished)
    path.write_bytes(finished.getvalue())


def _sheet(book: Workbook, title: str, columns: Sequence[tuple[str, int]]) -> Any:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for index, (_, width) in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.append([_text(sheet, name, head=True) for name, _ in columns])
    return sheet


def _text(sheet: Any, value: str, *, head: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, value=plain(value, 500))
    cell.data_type = "s"  # openpyxl takes a leading "=" for a formula
    cell.number_format = "@"
    cell.alignment = _WRAPPED
    if value[:1] in _FORMULA_STARTS:
        cell.quotePrefix = True  # stays text when somebody edits the cell
    if head:
        cell.font = _BOLD
        cell.fill = _HEAD
    return cell


_FORMULA_STARTS = frozenset("=+-@＝＋－＠\t\r")


def _quick(sheet: Any, value: str) -> Any:
    """Text without a style where it cannot be taken for anything else: most cells of a long sheet."""
    if value.isprintable() and len(value) <= 500 and value[:1] not in _FORMULA_STARTS and value[:1] != "#":
        return value
    return _text(sheet, value)


def _yuan(sheet: Any, fen: int) -> Any:
    cell = WriteOnlyCell(sheet, value=fen / 100)
    cell.number_format = _MONEY
    cell.alignment = _TOP
    return cell


def _summary(book: Workbook, review: Review, owner: str) -> None:
    sheet = _sheet(book, "汇总", [("项目", 26), ("内容", 70)])
    rows: list[tuple[str, str]] = [("申请人", owner or "未填")]
    rows += [("注意", warning) for warning in review.warnings]
    for report in review.accounts:
        statement = report.statement
        gaps = f"；缺少月份：{'、'.join(report.gaps)}" if report.gaps else ""
        rows.append(
            (
                f"账户 {statement.id}",
                f"{statement.file}，{len(statement.lines)}笔，{report.first}至{report.last}{gaps}",
            )
        )
    rows += [("问题", f"{p.file} {f'第{p.row}行 ' if p.row else ''}{p.problem}") for p in review.problems]
    rows.append(("可能的巧合比例", f"{review.chance:.0%}"))
    rows.append(("说明", "以上均为建议，每一组都要由工作人员与申请人核对后才算数。"))
    for name, text in rows:
        sheet.append([_text(sheet, name), _text(sheet, text)])
    months = len(review.months)
    total = sum(month.countable for month in review.months)
    sheet.append([_text(sheet, "可计收入合计（元）"), _yuan(sheet, total)])
    if months:
        sheet.append([_text(sheet, "月平均（元）"), _yuan(sheet, total // months)])


def _months(book: Workbook, review: Review) -> None:
    labels = [label for label in Label if not label.countable]
    names = [("月份", 10), ("转入", 14), ("可计收入", 14), *((f"不计：{label.chinese}", 18) for label in labels)]
    sheet = _sheet(book, "月份", names)
    for month in review.months:
        sheet.append(
            [
                _text(sheet, month.month),
                _yuan(sheet, month.inflow),
                _yuan(sheet, month.countable),
                *(_yuan(sheet, month.excluded.get(label, 0)) for label in labels),
            ]
        )


_GROUP_COLUMNS = [
    ("组", 6),
    ("类别", 12),
    ("收付", 6),
    ("时间", 18),
    ("对方", 28),
    ("摘要", 30),
    ("金额", 14),
    ("留下", 12),
    ("凭据", 44),
    ("认可（是/否）", 12),
    ("申请人说明", 30),
]


def _groups(book: Workbook, review: Review) -> None:
    sheet = _sheet(book, "分组", _GROUP_COLUMNS)
    lines = {line.key: line for line in review.lines}
    for group in review.groups:
        first = True
        for word, keys in (("收", group.inflows), ("付", group.outflows)):
            for key in keys:
                line = lines[key]
                sheet.append(
                    [
                        _text(sheet, group.id),
                        _text(sheet, group.kind.chinese),
                        _text(sheet, word),
                        _text(sheet, line.time.strftime("%Y-%m-%d %H:%M")),
                        _text(sheet, line.counterparty),
                        _text(sheet, _said(line)),
                        _yuan(sheet, line.amount),
                        _yuan(sheet, group.kept) if first else _text(sheet, ""),
                        _text(sheet, "；".join(group.evidence) if first else ""),
                        _text(sheet, ""),
                        _text(sheet, ""),
                    ]
                )
                first = False


_LINE_COLUMNS = [
    ("账户", 8),
    ("行", 7),
    ("时间", 18),
    ("金额", 14),
    ("对方", 28),
    ("摘要", 34),
    ("类别", 14),
    ("组", 6),
    ("理由", 40),
    ("把握", 8),
    ("同一笔", 10),
]


def _lines(book: Workbook, review: Review) -> None:
    sheet = _sheet(book, "明细", _LINE_COLUMNS)
    sheet.auto_filter.ref = f"A1:K{len(review.lines) + 1}"
    _write_lines(sheet, zip(review.lines, review.verdicts, strict=True))


def _doubts(book: Workbook, review: Review) -> None:
    """What to ask the applicant: unexplained inflows first, the largest on top."""
    sheet = _sheet(book, "存疑", _LINE_COLUMNS)
    asked = [
        (line, verdict)
        for line, verdict in zip(review.lines, review.verdicts, strict=True)
        if line.amount > 0
        and not verdict.duplicate_of
        and (
            verdict.confidence < DOUBTFUL
            or (verdict.label is Label.UNKNOWN and line.amount >= LARGE)
            or (verdict.label is Label.CASH_DEPOSIT)
        )
    ]
    _write_lines(sheet, sorted(asked, key=lambda item: -item[0].amount))


def _write_lines(sheet: Any, rows: Iterable[tuple[Line, Verdict]]) -> None:
    for line, verdict in rows:
        sheet.append(
            [
                _quick(sheet, line.account),
                line.row,
                _quick(sheet, line.time.strftime("%Y-%m-%d %H:%M")),
                _yuan(sheet, line.amount),
                _quick(sheet, line.counterparty),
                _quick(sheet, _said(line)),
                _quick(sheet, verdict.label.chinese),
                _quick(sheet, verdict.group or ""),
                _quick(sheet, verdict.reason),
                verdict.confidence,
                _quick(sheet, verdict.duplicate_of or ""),
            ]
        )


def _said(line: Line) -> str:
    return " ".join(part for part in (line.sort, line.memo) if part)
