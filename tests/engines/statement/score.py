"""How right a review is, against the samples' gold and against the invented lives; used by the tests and the bench."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from jiamenkou.engines.statement import Label, Line, Review, Verdict, load, review
from tests.engines.statement.life import Life

CLEAR = {"agent"}  # months are only compared where every deal leaves a trace


@dataclass
class Score:
    """Money in fen; ``months`` is the worst relative error of a month's countable income."""

    lines: int = 0
    wrong: int = 0
    claimed: int = 0  # inflows called pass-through
    right: int = 0  # of those, truly so
    wanted: int = 0  # pass-through inflows that leave evidence
    found: int = 0
    ordinary: int = 0  # inflows that are the applicant's own
    excused: int = 0  # of those, called pass-through
    months: float = 0.0
    tampering: int = 0
    tampering_found: int = 0
    duplicates_missed: int = 0
    chance: float = 0.0
    mistakes: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / self.claimed if self.claimed else 1.0

    @property
    def recall(self) -> float:
        return self.found / self.wanted if self.wanted else 1.0

    @property
    def excused_share(self) -> float:
        return self.excused / self.ordinary if self.ordinary else 0.0

    def inflow(self, line: Line, verdict: Verdict, *, deal: bool, evident: bool = True) -> None:
        """Count one inflow that is no duplicate."""
        said = verdict.label is Label.PASS_THROUGH
        self.claimed += line.amount * said
        self.right += line.amount * (said and deal)
        if deal and evident:
            self.wanted += line.amount
            self.found += line.amount * said
        if not deal:
            self.ordinary += line.amount
            self.excused += line.amount * said


def total(scores: Iterable[Score]) -> Score:
    result = Score()
    for score in scores:
        for name in (
            "lines",
            "wrong",
            "claimed",
            "right",
            "wanted",
            "found",
            "ordinary",
            "excused",
            "tampering",
            "tampering_found",
            "duplicates_missed",
        ):
            setattr(result, name, getattr(result, name) + getattr(score, name))
        result.months = max(result.months, score.months)
        result.chance = max(result.chance, score.chance)
        result.mistakes += score.mistakes
    return result


def score_sample(folder: Path) -> Score:
    """One folder of the samples against its gold.json."""
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    statements, problems = load([folder / entry["file"] for entry in gold["files"]], owner=gold["owner"])
    assert not problems, problems
    result = review(statements, owner=gold["owner"])
    names = {statement.id: statement.file for statement in statements}
    truth = {(line["file"], line["row"]): line for line in gold["lines"]}
    score = Score(lines=len(result.lines), chance=result.chance)
    twins = set()
    for line, verdict in zip(result.lines, result.verdicts, strict=True):
        known = truth.pop((names[line.account], line.row))
        if verdict.duplicate_of:
            account, row = verdict.duplicate_of.split(":")
            twins.add(frozenset({f"{names[line.account]}:{line.row}", f"{names[account]}:{row}"}))
        if known["optional"]:
            assert line.amount == 0
            continue
        assert abs(line.amount) == abs(known["amount"]) and (known["neutral"] or line.amount == known["amount"])
        if verdict.label.value not in known["accept"]:
            score.wrong += 1
            score.mistakes.append(f"{names[line.account]}:{line.row} {known['label']} → {verdict.label}")
        if line.amount > 0 and not verdict.duplicate_of:
            score.inflow(
                line, verdict, deal="pass_through" in known["accept"], evident=known["label"] == "pass_through"
            )
    assert not truth, "a line of the files is missing"
    pairs = {frozenset({pair["a"], pair["b"]}) for pair in gold["pairs"] if pair["kind"] == "dup"}
    score.duplicates_missed = len(pairs - twins)
    months = {month.month: month.countable for month in result.months}
    for month in gold["months"]:
        found = months[month["month"]]
        off = max(month["lo"] - found, found - month["hi"], 0)
        score.months = max(score.months, off / max(month["countable"], 1))
    _tampering(score, gold["tampering"], result, names)
    return score


def _tampering(score: Score, known: list[dict[str, object]], result: Review, names: dict[str, str]) -> None:
    for change in known:
        report = next(a for a in result.accounts if names[a.statement.id] == change["file"])
        score.tampering += 1
        if change["type"] == "gap":
            score.tampering_found += change["month"] in report.gaps
        else:
            rows = change["rows"]
            assert isinstance(rows, list)
            score.tampering_found += any(found.row in rows for found in report.breaks)


def score_life(life: Life, folder: Path | None = None) -> Score:
    """One invented life, written to files and read back."""
    with tempfile.TemporaryDirectory() as own:
        statements, problems = load(life.files(folder or Path(own)), owner=life.owner)
    assert not problems, problems
    result = review(statements, owner=life.owner)
    names = {statement.id: statement.file for statement in statements}
    truth = {(event.file, event.row): event for event in life.events}
    score = Score(lines=len(result.lines), chance=result.chance)
    for line, verdict in zip(result.lines, result.verdicts, strict=True):
        event = truth.pop((names[line.account], line.row))
        assert abs(event.amount) == abs(line.amount)
        deal = event.label == "pass_through"
        if not _acceptable(event.label, verdict.label.value, line.amount) and not (deal and not event.strong):
            score.wrong += 1
            score.mistakes.append(f"{life.name} {event.party} {event.memo} {event.label} → {verdict.label}")
        if line.amount > 0 and not verdict.duplicate_of:
            score.inflow(line, verdict, deal=deal, evident=event.strong)
    assert not truth, "a line of the files is missing"
    if life.name not in CLEAR:
        months = {month.month: month.countable for month in result.months}
        for name, countable in life.countable().items():
            score.months = max(score.months, abs(months.get(name, 0) - countable) / max(countable, 1))
    return score


def _acceptable(true: str, said: str, amount: int) -> bool:
    if amount < 0 and true in {"spending", "loan"}:
        return said in {"spending", "loan", "unknown", "family_support"}
    return said == true or (true == "income" and said == "unknown")
