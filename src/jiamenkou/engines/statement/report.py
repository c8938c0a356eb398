"""The review as plain data (one JSON document) and as a few lines of Chinese for the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from json.encoder import encode_basestring as _quoted

from jiamenkou.engines.statement.model import AccountReport, Line, Review, Verdict

Json = dict[str, object]


def document(review: Review) -> Json:
    """The document of the contract: accounts, lines, groups, chance, months, problems; warnings lead it."""
    return _document(
        review, [_line(line, verdict) for line, verdict in zip(review.lines, review.verdicts, strict=True)]
    )


def document_text(review: Review) -> str:
    """The same document as JSON text; the lines, nearly all of it, are written without a dictionary for each."""
    frame = json.dumps(_document(review, []), ensure_ascii=False, separators=(",", ":"))
    before, after = frame.split('"lines":[]', 1)
    said: dict[Verdict, str] = {}
    lines = []
    for line, verdict in zip(review.lines, review.verdicts, strict=True):
        if (tail := said.get(verdict)) is None:
            tail = said[verdict] = json.dumps(_verdict(verdict), ensure_ascii=False, separators=(",", ":"))[1:]
        lines.append(
            f'{{"account":{_quoted(line.account)},"row":{line.row},"time":"{line.time.isoformat()}",'
            f'"amount":{line.amount},"counterparty":{_quoted(line.counterparty)},'
            f'"memo":{_quoted(line.memo or line.sort)},{tail}'
        )
    return f'{before}"lines":[{",".join(lines)}]{after}'


def _document(review: Review, lines: list[Json]) -> Json:
    return {
        "warnings": list(review.warnings),
        "accounts": [_account(report) for report in review.accounts],
        "lines": lines,
        "groups": [
            {
                "id": group.id,
                "kind": group.kind.value,
                "in": list(group.inflows),
                "out": list(group.outflows),
                "kept": group.kept,
                "evidence": list(group.evidence),
            }
            for group in review.groups
        ],
        "chance": round(review.chance, 4),
        "months": [
            {
                "month": month.month,
                "inflow": month.inflow,
                "countable": month.countable,
                "excluded": {label.value: amount for label, amount in month.excluded.items()},
            }
            for month in review.months
        ],
        "problems": [
            {"file": problem.file, "row": problem.row, "problem": problem.problem} for problem in review.problems
        ],
    }


def _account(report: AccountReport) -> Json:
    statement = report.statement
    return {
        "id": statement.id,
        "file": statement.file,
        "kind": statement.kind.value,
        "bank": statement.bank,
        "from": report.first.isoformat() if report.first else None,
        "to": report.last.isoformat() if report.last else None,
        "lines": len(statement.lines),
        "balance_breaks": [
            {"row": found.row, "expected": found.expected, "found": found.found} for found in report.breaks
        ],
        "gaps": list(report.gaps),
    }


def _line(line: Line, verdict: Verdict) -> Json:
    return {
        "account": line.account,
        "row": line.row,
        "time": line.time.isoformat(),
        "amount": line.amount,
        "counterparty": line.counterparty,
        "memo": line.memo or line.sort,
        **_verdict(verdict),
    }


def _verdict(verdict: Verdict) -> Json:
    result: Json = {
        "label": verdict.label.value,
        "group": verdict.group,
        "confidence": verdict.confidence,
        "reason": verdict.reason,
    }
    if verdict.duplicate_of:
        result["duplicate_of"] = verdict.duplicate_of
    return result


def yuan(fen: int) -> str:
    """``123456`` → ``1,234.56``."""
    return f"{fen / 100:,.2f}"


def summary(review: Review) -> Iterator[str]:
    """What the terminal shows."""
    for warning in review.warnings:
        yield f"注意：{warning}。"
    for report in review.accounts:
        statement = report.statement
        yield f"{statement.id}  {statement.file}  {len(statement.lines)}笔  {report.first}至{report.last}"
    yield ""
    for month in review.months:
        parts = "，".join(f"{label.chinese}{yuan(amount)}" for label, amount in month.excluded.items())
        yield f"{month.month}  转入{yuan(month.inflow)}  可计收入{yuan(month.countable)}" + (
            f"（不计：{parts}）" if parts else ""
        )
    if review.groups:
        yield ""
    for group in review.groups:
        yield f"{group.id}  {group.kind.chinese}  留下{yuan(group.kept)}  " + "；".join(group.evidence)
    for problem in review.problems:
        where = f"第{problem.row}行 " if problem.row else ""
        yield f"问题：{problem.file} {where}{problem.problem}"
    yield "以上只是建议，每一组都要由工作人员与申请人核对确认。"
