"""The command line: exit codes, one plain line, the JSON and the workbook."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from jiamenkou.engines.statement import document, load, review
from jiamenkou.engines.statement.commands import main
from jiamenkou.engines.statement.report import document_text
from tests.engines.statement.other_lives import mover
from tests.engines.statement.test_reading import CMB, WECHAT


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.csv"
    path.write_text(CMB, encoding="utf-8")
    return path


def refusal(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main(list(argv))
    out, err = capsys.readouterr()
    assert ended.value.code == 2
    assert out == ""
    assert err.count("\n") == 1 and len(err) <= 201
    assert "Traceback" not in err
    return err


def test_a_clean_review_is_one_json_document(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review", str(good), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["accounts"] == [
        {
            "id": "a1",
            "file": "good.csv",
            "kind": "bank",
            "bank": "CMB",
            "from": "2025-01-02",
            "to": "2025-01-03",
            "lines": 2,
            "balance_breaks": [],
            "gaps": [],
        }
    ]
    assert found["lines"][0]["time"] == "2025-01-03T00:00:00+08:00"
    assert {
        "account",
        "row",
        "time",
        "amount",
        "counterparty",
        "memo",
        "label",
        "group",
        "confidence",
        "reason",
    } == set(found["lines"][0])
    assert found["months"] == [{"month": "2025-01", "inflow": 270000, "countable": 270000, "excluded": {}}]
    assert (found["groups"], found["chance"], found["problems"]) == ([], 0, [])


def test_the_review_without_json_is_plain_text(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review", str(good)]) == 0
    assert "可计收入2,700.00" in capsys.readouterr().out


def test_a_broken_balance_is_reported_with_exit_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.csv"
    path.write_text(CMB.replace("4,300.00", "4,800.00"), encoding="utf-8")
    assert main(["review", str(path), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["accounts"][0]["balance_breaks"] == [{"row": 2, "expected": 430000, "found": 480000}]
    assert found["problems"] == [{"file": "x.csv", "row": 2, "problem": "余额不连续"}]


def test_a_bad_file_among_good_ones_is_reported_with_exit_one(
    good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.csv").write_bytes(b"")
    assert main(["review", str(tmp_path / "bad.csv"), str(good), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["problems"] == [{"file": "bad.csv", "row": None, "problem": "文件是空的"}]
    assert len(found["lines"]) == 2


@pytest.mark.parametrize("argv", [[], ["review"], ["look", "x"], ["review", "x", "--colour"]])
def test_wrong_use_is_one_line(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    refusal(capsys, *argv)


def test_nothing_readable_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.csv").write_text("\u202e坏\n", encoding="utf-8")
    assert "\u202e" not in refusal(capsys, "review", str(tmp_path / "a.csv"), "--json")
    assert "共2个文件" in refusal(capsys, "review", str(tmp_path / "a.csv"), str(tmp_path / "b.csv"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a",
        "day: 日期",
        "colour: red\nday: 日期\namount: 金额",
        "day: &a 日期\namount: *a",
        "day: {a: 1}\namount: 金额",
        "day: [",
        "!!python/object:os.system x",
    ],
)
def test_a_bad_mapping_is_one_line(text: str, good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "m.yaml").write_text(text, encoding="utf-8")
    refusal(capsys, "review", str(good), "--map", str(tmp_path / "m.yaml"))


def test_receipts_are_a_table_found_by_its_names(
    good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    receipts = tmp_path / "r.csv"
    receipts.write_text(
        "收据清单\n日期,金额,收款方,客户,合同号\n2025-01-03,700,尤望舒,卜嘉树,HT2025001\n", encoding="utf-8"
    )
    assert main(["review", str(good), "--receipts", str(receipts)]) == 0
    capsys.readouterr()
    receipts.write_text("日期,金额\n2025-01-03,七百\n", encoding="utf-8")
    assert "票据表第2行" in refusal(capsys, "review", str(good), "--receipts", str(receipts))


def test_the_workbook_has_its_sheets_and_text_stays_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = tmp_path / "w.csv", tmp_path / "out.xlsx"
    text = (
        WECHAT.replace("卜嘉树", '"=HYPERLINK(""http://x"")"')
        .replace("转账备注:房款", "＝1+1")
        .replace("服务费¥0.70", "@SUM(A1)")
    )
    path.write_text(text, encoding="utf-8")
    assert main(["review", str(path), "--xlsx", str(out), "--owner", "=温素心"]) == 0
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["汇总", "月份", "分组", "明细", "存疑"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    typed = [cell for cell in cells if isinstance(cell.value, str) and cell.value[:1] in "=+-@＝"]
    assert {'=HYPERLINK("http://x")', "=温素心"} <= {cell.value for cell in typed}
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in typed)
    lines = book["明细"]
    assert [lines.cell(row, 4).value for row in (2, 3, 4)] == [-700, 2700, 50]
    capsys.readouterr()
    assert "写不了" in refusal(capsys, "review", str(path), "--xlsx", str(tmp_path / "no" / "out.xlsx"))


# --- poison -------------------------------------------------------------------------------------------------------


def workbook(sheet: bytes, **parts: bytes) -> bytes:
    """A minimal xlsx with our own sheet XML, and other parts by name (``__`` stands for ``/``)."""
    book = openpyxl.Workbook()
    book.active.append(["x"])
    stored, out = io.BytesIO(), io.BytesIO()
    book.save(stored)
    with zipfile.ZipFile(stored) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, sheet if name.endswith("sheet1.xml") else source.read(name))
        for name, content in parts.items():
            target.writestr(name.replace("__", "/"), content)
    return out.getvalue()


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
CELL = b'<row r="%d"><c r="%s%d" t="inlineStr"><is><t>x</t></is></c></row>'
POISON = {
    "far row": workbook(SHEET % (CELL % (1, b"A", 1) + CELL % (1_048_576, b"A", 1_048_576))),
    "far column": workbook(SHEET % (CELL % (1, b"XFD", 1))),
    "doctype": workbook(b'<!DOCTYPE x [<!ENTITY a "b">]>' + SHEET % b""),
    "doctype elsewhere": workbook(SHEET % b"", xl__evil_xml=b"", **{"xl__evil.xml": b"<!DOCTYPE x>"}),
    "macro": workbook(SHEET % b"", **{"xl__vbaProject.bin": b"x"}),
    "bomb": workbook(SHEET % (b" " * 120_000_000)),
    "no sheet": b"PK\x03\x04" + b"\0" * 30,
    "wide": ("," * 5_000 + "\n").encode(),
    "long": ("日期,金额,余额,摘要\n" + "2025-01-01,1,1,x\n" * 200_002).encode(),
}


@pytest.mark.parametrize("name", sorted(POISON))
def test_poison_is_refused_with_one_line(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "p.xlsx").write_bytes(POISON[name])
    refusal(capsys, "review", str(tmp_path / "p.xlsx"))


def test_a_workbook_of_a_wallet_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = openpyxl.Workbook()
    for row in [
        ["微信支付账单明细"],
        [],
        ["交易时间", "交易类型", "交易对方", "商品", "收/支", "金额(元)", "支付方式", "当前状态", "交易单号"],
    ]:
        book.active.append(row)
    book.active.append(
        ["2025-01-02 20:48:16", "转账", "卜嘉树", "转账备注:茶", "收入", 27.5, "/", "已存入零钱", "1001"]
    )
    book.active.append([45660.5, "转账", "卜嘉树", "转账备注:茶", "支出", "¥7.05", "零钱", "支付成功", "1002"])
    book.save(tmp_path / "w.xlsx")
    assert main(["review", str(tmp_path / "w.xlsx"), "--json"]) == 0
    lines = json.loads(capsys.readouterr().out)["lines"]
    assert [(line["row"], line["amount"], line["time"][:13]) for line in lines] == [
        (4, 2750, "2025-01-02T20"),
        (5, -705, "2025-01-03T12"),
    ]


def test_the_text_of_the_document_is_the_document() -> None:
    """The lines are written without a dictionary for each; quotes, duplicates and groups come out the same."""
    life = mover(902)
    with tempfile.TemporaryDirectory() as folder:
        statements, problems = load(life.files(Path(folder)), owner=life.owner)
    odd = statements[0].lines[0]._replace(counterparty='他"说\\\n', memo="\u2028退")
    statements[0] = replace(statements[0], lines=(odd, *statements[0].lines[1:]))
    result = review(statements, owner=life.owner, problems=problems)
    assert any(verdict.duplicate_of for verdict in result.verdicts)
    assert json.loads(document_text(result)) == document(result)
    assert list(json.loads(document_text(result))) == list(document(result))
