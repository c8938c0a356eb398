"""Rows of cells become a :class:`Statement`: every row below the header is a line, a footer, or a reason to refuse.

A file is read completely or not at all: a row that looks like a payment and cannot be read refuses the file, because
a review that silently lost a line would be worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from functools import lru_cache

from jiamenkou.engines.statement.cells import at, blank, clock, fen, moment, serial
from jiamenkou.engines.statement.columns import Header, Role, find_header, map_header, whose
from jiamenkou.engines.statement.model import Kind, Line, Problem, Sign, Statement
from jiamenkou.engines.statement.tables import Table, Unreadable
from jiamenkou.engines.statement.words import is_real_name

_FOOTER = re.compile(
    r"合计|总计|小计|共\s*\d+\s*[笔条]|以上|说明|备注[:：]|注[:：]|提示|打印|承前|过次|期初|期末|上期|本页|截止|仅供|温馨|声明|第\s*\d+\s*页|^-{3,}|END"
)
_TOTAL = re.compile(r"合计|总计")
_CARRIED = re.compile(r"期初|期末|承前|过次|上期余额|本期余额")
_CLOSED = re.compile(r"交易关闭|已关闭|支付失败|交易失败|^失败|已撤销|已取消|等待付款|待付款|未支付")
_IN = frozenset(
    {"收入", "收", "贷", "入", "存入", "转入", "收款", "C", "CR", "贷方", "贷CR", "入账", "+", "贷记", "存", "收方"}
)
_OUT = frozenset(
    {
        "支出",
        "支",
        "借",
        "出",
        "支取",
        "转出",
        "付款",
        "D",
        "DR",
        "借方",
        "借DR",
        "出账",
        "-",
        "借记",
        "取",
        "付",
        "付方",
    }
)
_YUAN = re.compile(r"^$|人民币|CNY|RMB|^156$|^0?1$|^-+$|本币", re.IGNORECASE)
_LEAVES = re.compile(r"提现|转出|还款|购买|买入|申购|支出|还信用卡|存入(?:理财|基金)|亲情卡|亲属卡")
_ARRIVES = re.compile(r"退款|收益|赎回|卖出|放款|充值|转入|到账|返还|利息")
_STATUS = re.compile(r"成功|完成|关闭|退|收|存入|到账|转|付|还|失败|取消|撤销|等待|处理")
_STROKES = "-—/ "
_NOTHING = re.compile(r"^[-—/\s]*$")

_PERIOD_WORD = re.compile(r"起始|起止|范围|区间|期间|终止|截止|结束|开始|查询日期|查询时间|至|到")
_NOT_PERIOD = re.compile(r"导出时间|打印|下载|生成|开户日")
_DATES = re.compile(r"(?<!\d)((?:19|20)\d{2})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})(?!\d)")
_HOLDER = re.compile(
    r"(?<![方对])(?:客户姓名|客户名称|账户名称|账户名|户\s*名|姓\s*名|账户姓名|持卡人)\s*[:：]?\s*[\[【]?([\u4e00-\u9fff·*＊○]{2,12})?"
)
_COUNT = re.compile(r"共\s*(\d{1,7})\s*笔")
_CARD = re.compile(r"(?<!\d)(?:\d{4,8}[*＊xX]{3,}|\d{4,15})(\d{4})(?!\d)")
_FIRST_LINES = 40


@lru_cache(maxsize=1_000)
def _direction(cell: str) -> str:
    """The word for a direction without blanks and case: ``贷 Cr`` is 贷CR."""
    return cell.replace(" ", "").upper()


def read_statement(
    tables: Iterable[Table],
    *,
    id: str,
    file: str,
    mapping: Mapping[str, object] | None = None,
) -> Statement:
    """The statement of the first reading that has a header. Raises :class:`Unreadable` with one plain line."""
    for table in tables:
        header = map_header(table.rows, mapping) if mapping else None
        mapped = header is not None
        header = header or find_header(table.rows)
        if header:
            return _Reader(table, header, id, file, mapping if mapped else None).statement()
    raise Unreadable("认不出表头：要有日期、金额、余额等列名；其他银行的格式请用 --map 说明各列")


class _Reader:
    def __init__(
        self,
        table: Table,
        header: Header,
        id: str,
        file: str,
        mapping: Mapping[str, object] | None,
    ) -> None:
        self.rows, self.ends_clean, self.full = table.rows, table.ends_clean, table.full
        self.header, self.id, self.file = header, id, file
        self.preamble = [[cell for cell in row if cell] for row in table.rows[: header.row]]
        text = "\n".join(" ".join(row) for row in self.preamble)
        self.kind, self.bank = whose(header, text)
        self.known = self.kind is not Kind.BANK or self.bank is not None
        if mapping:
            self.kind, self.bank, self.known = Kind.BANK, str(mapping.get("bank") or "") or None, True
        first = header.first
        self.day, self.hour, self.direction = first(Role.DAY), first(Role.HOUR), first(Role.DIRECTION)
        self.balance, self.status, self.method = first(Role.BALANCE), first(Role.STATUS), first(Role.METHOD)
        self.number, self.currency, self.card_column = first(Role.NUMBER), first(Role.CURRENCY), first(Role.CARD)
        self.seen_yuan: set[str] = set()
        self.amounts = header.columns.get(Role.AMOUNT, ())
        self.incomes = header.columns.get(Role.INCOME, ())
        self.expenses = header.columns.get(Role.EXPENSE, ())
        self.parties = header.columns.get(Role.PARTY, ())
        self.sorts = header.columns.get(Role.SORT, ())
        self.memos = header.columns.get(Role.MEMO, ())
        # a credit card's bill counts what was spent as positive
        self.card_bill = self.kind is Kind.BANK and "卡末四位" in "".join(header.names) and self.balance < 0

    def statement(self) -> Statement:
        lines: list[Line] = []
        totals: tuple[int | None, int | None] = (None, None)
        last_row = len(self.rows)
        while last_row and not any(self.rows[last_row - 1]):
            last_row -= 1
        self._refuse_broken_end(last_row)
        for index in range(self.header.row + 1, last_row):
            row = self.rows[index]
            if line := self._line(self._padded(row), row, index + 1):
                lines.append(line)
            elif any(row):
                totals = self._totals(row) or totals
        if not lines:
            raise Unreadable("表头之下没有一笔能读的交易，文件是空的或列错了位")
        self._refuse_shifted(lines)
        declared = self._declared()
        if declared is not None and declared > len(lines):
            raise Unreadable(f"写明共{declared}笔，只有{len(lines)}笔：文件不完整或被删改，请重新导出")
        if self.kind is Kind.BANK and not self.known:
            self.bank = None
        return Statement(
            id=self.id,
            file=self.file,
            kind=self.kind,
            bank=self.bank,
            lines=tuple(lines),
            holder=self._holder(),
            card=self._card(),
            period=self._period(),
            declared=declared,
            totals=totals,
            notes=self._notes(declared, len(lines)),
        )

    # --- one row --------------------------------------------------------------------------------------------------

    def _cell(self, row: Sequence[str], column: int) -> str:
        return row[column] if 0 <= column < len(row) else ""

    def _padded(self, row: list[str]) -> list[str]:
        """The row as wide as the header and one blank cell more: column -1, of a role that is not there, is blank."""
        width = self.header.width
        if len(row) == width:
            return [*row, ""]
        return [*row[:width], *[""] * (width + 1 - len(row[:width]))]

    def _line(self, row: list[str], whole: Sequence[str], number: int) -> Line | None:
        cell = row[self.day]
        found = moment(cell) or serial(cell)
        if not found:
            self._refuse_hidden_line(whole, number)
            return None
        day, hour = found
        if hour is None and self.hour >= 0:
            hour = clock(row[self.hour]) or self._both(row)
        status = row[self.status]
        sort = self._joined(row, self.sorts)
        amount, sign = self._money(row, number, sort, status)
        if amount is None:
            return None
        currency = row[self.currency]
        if currency not in self.seen_yuan:
            self._accept_currency(currency, number)
        balance_cell = row[self.balance]
        balance = fen(balance_cell) if balance_cell else None
        if balance_cell and balance is None and not blank(balance_cell):
            raise Unreadable(f"第{number}行的余额读不懂，列可能错了位")
        return Line(
            self.id,
            number,
            at(day, hour),
            amount,
            self._joined(row, self.parties),
            self._joined(row, self.memos),
            sort,
            row[self.method],
            status,
            row[self.number],
            balance,
            sign,
            hour is None,
        )

    def _accept_currency(self, currency: str, number: int) -> None:
        if not _YUAN.search(currency):
            if fen(currency) is not None:
                raise Unreadable(f"第{number}行的币种读不懂，列可能错了位")
            raise Unreadable(f"第{number}行不是人民币，目前只核对人民币账户")
        self.seen_yuan.add(currency)

    def _both(self, row: list[str]) -> time | None:
        found = moment(row[self.hour])
        return found[1] if found else None

    def _money(self, row: list[str], number: int, sort: str, status: str) -> tuple[int | None, Sign]:
        if self.incomes and self.expenses:
            income, expense = self._either(row, self.incomes, number), self._either(row, self.expenses, number)
            if income is None and expense is None:
                if self.amounts:
                    return self._signed(row, number, sort, status)
                if _CARRIED.search(" ".join(row)):
                    return None, Sign.PLAIN
                raise Unreadable(f"第{number}行没有金额，列可能错了位")
            # banks write what was spent plain or with a minus; a reversal stands in its own column negative
            income, expense = income or 0, expense or 0
            return (income - abs(expense) if not income else income - expense), Sign.PLAIN
        return self._signed(row, number, sort, status)

    def _either(self, row: list[str], columns: tuple[int, ...], number: int) -> int | None:
        for column in columns:
            cell = row[column]
            if blank(cell):
                continue
            value = fen(cell)
            if value is None:
                raise Unreadable(f"第{number}行的金额读不懂，列可能错了位")
            return value
        return None

    def _signed(self, row: list[str], number: int, sort: str, status: str) -> tuple[int | None, Sign]:
        value = self._either(row, self.amounts, number)
        if value is None:
            if _CARRIED.search(" ".join(row)):
                return None, Sign.PLAIN
            if status and _CLOSED.search(status):
                return 0, Sign.CLOSED
            raise Unreadable(f"第{number}行没有金额，列可能错了位")
        if status and _CLOSED.search(status):
            return 0, Sign.CLOSED
        if self.direction < 0:
            return (-value if self.card_bill else value), Sign.PLAIN
        word = _direction(row[self.direction])
        if word in _IN:
            return abs(value), Sign.PLAIN
        if word in _OUT:
            return -abs(value), Sign.PLAIN
        if self.kind is Kind.BANK and word not in {"", "/", "-"}:
            raise Unreadable(f"第{number}行的收支方向读不懂，列可能错了位")
        if self.kind is Kind.BANK:
            return value, Sign.PLAIN
        if word not in {"", "/", "-", "不计收支", "其他", "中性交易", "中性"}:
            raise Unreadable(f"第{number}行的收支方向读不懂，列可能错了位")
        what = f"{sort} {self._joined(row, self.memos)}"
        arrives = bool(_ARRIVES.search(what)) or not _LEAVES.search(what)
        if _LEAVES.search(what) and not re.search(r"退款|赎回|放款|收益", what):
            arrives = False
        return (abs(value) if arrives else -abs(value)), Sign.NEUTRAL

    def _joined(self, row: list[str], columns: tuple[int, ...]) -> str:
        """What the cells say, each text once; cells of dashes and strokes say nothing."""
        if len(columns) == 1:
            cell = row[columns[0]]
            return "" if cell[:1] in _STROKES and _NOTHING.match(cell) else cell
        parts: list[str] = []
        for column in columns:
            cell = row[column]
            if cell and not (cell[0] in _STROKES and _NOTHING.match(cell)) and cell not in parts:
                parts.append(cell)
        return " ".join(parts)

    def _refuse_hidden_line(self, row: Sequence[str], number: int) -> None:
        """A row without a day is a footer, a repeated header or blank; anything with an amount is a line we lost."""
        filled = [cell for cell in row if cell]
        if len(filled) < 3 or _FOOTER.search(" ".join(filled)) or self._repeats_header(row):
            return
        wanted = (*self.amounts, *self.incomes, *self.expenses)
        if any((cell := self._cell(row, column)) and fen(cell) is not None for column in wanted):
            raise Unreadable(f"第{number}行没有日期却有金额，列可能错了位")
        if any(moment(cell) for cell in filled) and any(fen(cell) is not None for cell in filled if not moment(cell)):
            raise Unreadable(f"第{number}行的日期不在日期列，列可能错了位")

    def _refuse_shifted(self, lines: Sequence[Line]) -> None:
        """A file whose rows have other columns than its header says. Single short rows are usual, most are not."""
        width = self.header.width
        longer = sum(any(self.rows[line.row - 1][width:]) for line in lines)
        shorter = sum(len(self.rows[line.row - 1]) < width for line in lines) if self.full else 0
        if longer * 5 > len(lines) or shorter * 2 > len(lines):
            raise Unreadable("多数行的列数与表头不符，列可能错了位")
        told = sum(bool(_STATUS.search(line.status)) for line in lines)
        if self.kind is not Kind.BANK and self.status >= 0 and told * 2 < len(lines):
            raise Unreadable("交易状态一列读不懂，列可能错了位")
        if self.balance >= 0 and all(line.balance is None for line in lines):
            raise Unreadable("余额一列全空，列可能错了位")

    def _refuse_broken_end(self, last_row: int) -> None:
        """A text that breaks off inside its last line was cut: by a full disk, a lost connection, or a hand."""
        row = self.rows[last_row - 1]
        if not self.ends_clean and len(row) < self.header.width and not _FOOTER.search(" ".join(row)):
            raise Unreadable(f"文件在第{last_row}行中断，不完整，请重新导出")

    def _repeats_header(self, row: Sequence[str]) -> bool:
        header = self.rows[self.header.row]
        return sum(cell == name for cell, name in zip(row, header, strict=False) if name) >= 3

    # --- what stands around the table -----------------------------------------------------------------------------

    def _totals(self, row: Sequence[str]) -> tuple[int | None, int | None] | None:
        if not any(_TOTAL.search(cell) for cell in row[:3]) or not (self.incomes and self.expenses):
            return None
        sums = tuple(
            next((value for c in columns if (value := fen(self._cell(row, c))) is not None), None)
            for columns in (self.incomes, self.expenses)
        )
        return (sums[0], sums[1]) if any(value is not None for value in sums) else None

    def _declared(self) -> int | None:
        if self.kind is Kind.BANK:
            return None
        found = [int(match[1]) for row in self.preamble for cell in row if (match := _COUNT.search(cell))]
        return found[0] if found else None

    def _holder(self) -> str:
        for row in self.preamble:
            for position, cell in enumerate(row):
                if "昵称" in cell or not (found := _HOLDER.search(cell)):
                    continue
                name = found[1] or ""
                if (
                    not name
                    and position + 1 < len(row)
                    and re.fullmatch(r"[\u4e00-\u9fff·*＊]{2,12}", row[position + 1])
                ):
                    name = row[position + 1]
                name = re.sub(r"(?:先生|女士|小姐)$", "", name)
                if is_real_name(name) or any(ch in name for ch in "*＊○·"):
                    return name
        return ""

    def _card(self) -> str:
        if self.kind is not Kind.BANK:
            return ""
        if self.card_column >= 0:
            for row in self.rows[self.header.row + 1 : self.header.row + _FIRST_LINES]:
                if found := re.search(r"(\d{4})$", self._cell(row, self.card_column)):
                    return found[1]
        for row in self.preamble:
            text = " ".join(row)
            if re.search(r"[卡账帐]\s*号", text) and (found := _CARD.search(text)):
                return found[1]
        return ""

    def _period(self) -> tuple[date, date] | None:
        days: list[date] = []
        for row in self.preamble:
            text = " ".join(row)
            if not _PERIOD_WORD.search(text) or _NOT_PERIOD.search(text):
                continue
            for year, month, number in _DATES.findall(text):
                try:
                    days.append(date(int(year), int(month), int(number)))
                except ValueError:
                    continue
            if len(days) >= 2:
                break
        return (min(days), max(days)) if len(days) >= 2 else None

    def _notes(self, declared: int | None, found: int) -> tuple[Problem, ...]:
        notes = []
        if not self.ends_clean:
            notes.append(Problem(self.file, len(self.rows), "文件末尾没有换行，可能不完整，请核对最后几笔"))
        if not self.known:
            notes.append(Problem(self.file, self.header.row + 1, "认不出是哪家银行，按列名读取，请核对几笔"))
        if declared is not None and declared < found:
            notes.append(Problem(self.file, None, f"写明共{declared}笔，实有{found}笔，请核对是否被改动"))
        return tuple(notes)
