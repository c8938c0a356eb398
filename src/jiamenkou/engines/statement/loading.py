"""Files in: statements, the mapping for other banks, and the receipts that vouch for payments.

The only module that opens files. A bad file becomes one :class:`Problem`; the others are still read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from jiamenkou.engines.statement.cells import fen, moment
from jiamenkou.engines.statement.columns import Role, normal
from jiamenkou.engines.statement.integrity import balance_breaks, misread
from jiamenkou.engines.statement.model import Problem, Receipt, Statement
from jiamenkou.engines.statement.reading import read_statement
from jiamenkou.engines.statement.tables import Unreadable, read_tables
from jiamenkou.engines.statement.words import same_person

Mapping = dict[str, object]

_MAP_LIMIT = 100_000  # bytes of a mapping file
_MAP_KEYS = {role.value for role in Role} | {"bank"}
_RECEIPT_COLUMNS = {
    "day": "日期 开票日期 付款日期 收款日期 开具日期 交易日期 时间 date",
    "amount": "金额 付款金额 收款金额 价税合计 合计金额 票面金额 实付金额 amount",
    "payee": "收款方 收款人 收款单位 销售方 开票单位 对方 出票单位 销售方名称 开票方 交给 payee to",
    "payer": "付款方 付款人 交款人 客户 客户姓名 购买方 委托人 缴款人 购买方名称 姓名 买方 业主 payer client from",
}


def load(
    paths: Sequence[Path], *, owner: str = "", mapping: Mapping | None = None
) -> tuple[list[Statement], list[Problem]]:
    """Every readable file as a statement (``a1``, ``a2``, …), every other as a problem, in the order given."""
    statements: list[Statement] = []
    problems: list[Problem] = []
    names = Counter(path.name for path in paths)
    for path in paths:
        name = path.name if names[path.name] == 1 else str(path)
        try:
            statement = read_statement(read_tables(path), id=f"a{len(statements) + 1}", file=name, mapping=mapping)
            _check(statement, owner)
        except Unreadable as why:
            problems.append(Problem(name, None, str(why)))
        except MemoryError:
            problems.append(Problem(name, None, "文件太大，读不下"))
        else:
            statements.append(statement)
    return statements, problems


def _check(statement: Statement, owner: str) -> None:
    if owner and statement.holder and not same_person(statement.holder, owner):
        raise Unreadable(f"户名是{_masked(statement.holder)}，不是申请人{_masked(owner)}，没有核对")
    if misread(statement, balance_breaks(statement.lines)):
        raise Unreadable("余额处处对不上，列可能错了位，请重新导出")


def _masked(name: str) -> str:
    return name[0] + "*" * (len(name) - 1)


def load_mapping(path: Path) -> Mapping:
    """A mapping file: YAML (or JSON), ``bank:`` and one line per column, ``day: 交易日``. Raises Unreadable."""
    import yaml  # costs start-up time, only wanted with --map

    try:
        if path.stat().st_size > _MAP_LIMIT:
            raise Unreadable("对照文件太大")
        text = path.read_text(encoding="utf-8-sig")
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text)):
            raise Unreadable("对照文件里不能用引用")
        read = yaml.safe_load(text)
    except OSError:
        raise Unreadable("对照文件打不开") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError):
        raise Unreadable("对照文件格式不对，每行写成 day: 列名") from None
    if not isinstance(read, dict) or not read:
        raise Unreadable("对照文件是空的，每行写成 day: 列名")
    if unknown := sorted(str(key) for key in read if key not in _MAP_KEYS):
        raise Unreadable(f"对照文件不认识{unknown[0]}，可用：{'、'.join(sorted(_MAP_KEYS))}")
    if "day" not in read or not ("amount" in read or {"income", "expense"} <= read.keys()):
        raise Unreadable("对照文件至少要有 day 和 amount（或 income 与 expense）")
    for value in read.values():
        if not isinstance(value, str) and not (isinstance(value, list) and all(isinstance(v, str) for v in value)):
            raise Unreadable("对照文件的值应是列名，或列名的列表")
    return {str(key): value for key, value in read.items()}


def load_receipts(path: Path) -> tuple[Receipt, ...]:
    """Receipts from a table with a column 金额; 日期, 收款方 and 付款人 help, all else is text. Raises Unreadable."""
    for table in read_tables(path):
        for index, row in enumerate(table.rows[:50]):
            columns = {
                role: position
                for role, names in _RECEIPT_COLUMNS.items()
                for position, cell in enumerate(row)
                if normal(cell) in names.split()
            }
            if "amount" in columns and len(columns) >= 2:
                return tuple(
                    _receipt(found, columns, number)
                    for number, found in enumerate(table.rows[index + 1 :], index + 2)
                    if any(found) and "合计" not in "".join(found)
                )
    raise Unreadable("票据表认不出表头：要有金额，以及日期、收款方、付款人或事由")


def _receipt(row: Sequence[str], columns: dict[str, int], number: int) -> Receipt:
    def cell(role: str) -> str:
        position = columns.get(role, -1)
        return row[position] if 0 <= position < len(row) else ""

    amount = fen(cell("amount"))
    if amount is None:
        raise Unreadable(f"票据表第{number}行的金额读不懂")
    when = moment(cell("day"))
    if cell("day") and not when:
        raise Unreadable(f"票据表第{number}行的日期读不懂")
    day: date | None = when[0] if when else None
    known = set(columns.values())
    text = " ".join(other for position, other in enumerate(row) if other and position not in known)
    return Receipt(amount=abs(amount), day=day, payee=cell("payee"), payer=cell("payer"), text=text)
