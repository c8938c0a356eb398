"""Lives, banks and file types of another hand; ``UNSEEN`` are seeds on which nothing was changed."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from jiamenkou.engines.statement import Label, load, review
from tests.engines.statement.making import line, statement
from tests.engines.statement.other_exports import BANKS, format_of, write_other
from tests.engines.statement.other_lives import OTHERS, mover
from tests.engines.statement.score import score_life, total

UNSEEN = range(900, 904)


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_lives_of_another_hand_are_seen_for_what_they_are(name: str) -> None:
    score = total(score_life(OTHERS[name](seed)) for seed in UNSEEN)
    assert score.precision >= 0.97, score.mistakes[:10]
    assert score.recall >= 0.92, score.mistakes[:10]
    assert score.excused_share <= 0.10
    assert score.wrong <= score.lines * 0.03, score.mistakes[:10]
    if name in {"clerk", "elder", "mover", "stallholder", "friends"}:
        assert score.months <= 0.05, score.mistakes[:10]


def test_two_exports_that_overlap_count_every_line_once() -> None:
    life = mover(900)
    with tempfile.TemporaryDirectory() as folder:
        statements, problems = load(life.files(Path(folder)), owner=life.owner)
    result = review(statements, owner=life.owner)
    assert not problems and len(life.twins) > 20
    keys = {statement.file: statement.id for statement in statements}
    said = {line.key: verdict.duplicate_of for line, verdict in zip(result.lines, result.verdicts, strict=True)}
    wanted = {f"{keys[b.file]}:{b.row}": f"{keys[a.file]}:{a.row}" for a, b in life.twins}
    assert {key: said[key] for key in wanted} == wanted


@pytest.mark.parametrize("bank", sorted(BANKS))
@pytest.mark.parametrize("how", ["amount", "deleted", "balance"])
def test_what_was_changed_is_found_in_every_format(bank: str, how: str, tmp_path: Path) -> None:
    """The same files unchanged show nothing: ``score_life`` refuses problems."""
    life = mover(901)
    own = sorted((e for e in life.events if e.account == "bank0"), key=lambda e: e.when)
    path = write_other(tmp_path, "bank0", format_of(bank), own)
    whole = review(load([path])[0])
    assert whole.accounts[0].breaks == ()
    place = len(own) // 2
    row = own[place].row
    (found,), _ = load([path])
    lines = list(found.lines)
    at = next(i for i, item in enumerate(lines) if item.row == row)
    if how == "deleted":
        del lines[at]
    elif how == "amount":
        lines[at] = lines[at]._replace(amount=lines[at].amount + 90_000)
    else:
        lines[at] = lines[at]._replace(balance=(lines[at].balance or 0) + 90_000)
    breaks = review([statement(lines)]).accounts[0].breaks
    assert any(abs(item.row - row) <= 1 for item in breaks)


def test_a_deposit_given_back_less_a_fee_keeps_the_fee() -> None:
    result = review(
        [
            statement(
                [
                    line(2, 2_000_000, "石望舒", "购房定金"),
                    line(3, -1_800_000, "石望舒", "没谈成 退定金", days=5),
                    line(4, 900_000, "温小满", "定金", days=6),
                    line(5, 100_000, "温小满", "补定金", days=7),
                    line(6, -1_000_000, "温小满", "退定金", days=9),
                ]
            )
        ]
    )
    assert {verdict.label for verdict in result.verdicts} == {Label.REFUND}
    assert [(group.kind, group.kept) for group in result.groups] == [(Label.REFUND, 200_000), (Label.REFUND, 0)]
    assert result.months[0].countable == 200_000


def test_silent_sums_to_and_fro_between_friends_are_no_refund() -> None:
    """The same two movements are one where the payer does nothing else; friends who often send round sums are not."""
    pair = [line(2, 500_000, "石望舒"), line(3, -500_000, "石望舒", days=3)]
    assert {verdict.label for verdict in review([statement(pair)]).verdicts} == {Label.REFUND}
    often = [*pair, line(4, 500_000, "石望舒", days=20), line(5, -200_000, "石望舒", days=40)]
    assert Label.REFUND not in {verdict.label for verdict in review([statement(often)]).verdicts}


@pytest.mark.parametrize(
    ("party", "memo", "label"),
    [
        ("市社会保险基金管理中心", "失业补助金", Label.INCOME),
        ("区财政局", "公益性岗位补贴", Label.INCOME),
        ("区卫生健康委", "育儿补贴", Label.EXCLUDED_SUBSIDY),
        ("区退役军人事务局", "定期抚恤金", Label.EXCLUDED_SUBSIDY),
        ("石望舒", "低保", Label.INCOME),
        ("国家开发银行", "助学贷款", Label.LOAN),
    ],
)
def test_what_the_law_excludes_and_what_it_does_not(party: str, memo: str, label: Label) -> None:
    verdict = review([statement([line(2, 123_400, party, memo)])]).verdicts[0]
    assert verdict.label is label, verdict.reason


def test_a_loan_comes_back_in_parts() -> None:
    result = review(
        [
            statement(
                [
                    line(2, -800_000, "石望舒", "先借你"),
                    line(3, 500_000, "石望舒", "先还一部分", days=40),
                    line(4, 300_000, "石望舒", "剩下的还你", days=60),
                    line(5, 300_000, "石望舒", "还有点心意", days=61),
                ]
            )
        ]
    )
    assert [verdict.label for verdict in result.verdicts[1:3]] == [Label.LOAN] * 2
    assert result.verdicts[3].label is not Label.LOAN  # nothing is owed any more
