"""A sheet as people: every row that is somebody becomes a :class:`RosterRow`, with its errors beside its facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, islice
from typing import Any

from jiamenkou.foundation.people.masking import is_masked, mask_id, scrub
from jiamenkou.foundation.people.roster import values
from jiamenkou.foundation.people.roster.columns import (
    CODE,
    RUNNING_NUMBERS,
    Header,
    find_header,
)
from jiamenkou.foundation.people.roster.identity import Identity, Unreadable, parse_identity, read_number_cell
from jiamenkou.foundation.sheets.cells import Cell, Fault, Merge, Refused, Row, Sheet
from jiamenkou.foundation.sheets.tables import HEADER_WITHIN, normalise_heading


@dataclass(frozen=True, slots=True)
class CellError:
    """One bad cell. ``value`` is masked and printable; ``problem`` never repeats it."""

    row: int
    column: str
    value: str
    problem: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a roster says of a person. None or () is "says nothing": what is stored stays.

    In a :class:`~jiamenkou.foundation.people.roster.register.Known` person ``number``, ``head_number`` and
    ``phones`` hold the register's tokens instead of plain numbers.
    """

    name: str | None = None
    number: str | None = None
    sex: str | None = None
    birth_date: date | None = None
    phones: tuple[str, ...] = ()
    hukou: str | None = None
    address: str | None = None
    grid: str | None = None
    building: str | None = None
    unit: str | None = None
    room: str | None = None
    relation: str | None = None
    head_number: str | None = None
    employment: str | None = None
    skills: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    training_needs: tuple[str, ...] = ()
    disability_kinds: tuple[str, ...] = ()
    disability_level: str | None = None
    categories: tuple[str, ...] = ()
    note: str | None = None

    @property
    def tells_who(self) -> bool:
        """Whether there is more than a name to know the person by."""
        return bool(self.number or self.birth_date or self.phones or self.address)


FIELDS: Mapping[str, str] = {
    "姓名": "name",
    "身份证号": "number",
    "性别": "sex",
    "出生日期": "birth_date",
    "手机号": "phones",
    "户籍地": "hukou",
    "居住地址": "address",
    "网格": "grid",
    "楼栋": "building",
    "单元": "unit",
    "房号": "room",
    "与户主关系": "relation",
    "户主身份证号": "head_number",
    "就业状态": "employment",
    "技能": "skills",
    "兴趣": "interests",
    "培训需求": "training_needs",
    "残疾类别": "disability_kinds",
    "残疾等级": "disability_level",
    "人员类别": "categories",
    "备注": "note",
}


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person of the file. ``number`` is the spreadsheet's row; ``kind`` that of the number of identity."""

    row: int
    facts: Facts
    code: str | None = None
    kind: str | None = None
    extra: Mapping[str, str] | None = None
    errors: tuple[CellError, ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody in a file, and the names of the columns that were not known."""

    rows: list[RosterRow]
    ignored: list[str]
    columns: list[str]


Edits = Mapping[tuple[int, str], str]  # (row, known column) -> the text that a worker put in its place

_FOOT = re.compile(
    r"(?:本页|本表|总)?(?:合计|总计|小计|共计)(?:[:：\d共(（].*)?|共\d+[人户名].*"
    r"|(?:填表|填报|制表|审核|经办|负责|复核|登记|联系)(?:人|单位|日期|时间|人签字|人签名)(?:[:：(（].*)?"
)
_RUNNING = re.compile(r"\d{1,6}(\.0)?")
_BLANK = re.compile(r"\s")
_FOOT_FIRST = frozenset("本总合小共填制审经负复登联姓")
_DIFFERENT = frozenset({"姓名", "身份证号", "户主身份证号", "手机号", "出生日期", "居住地址"})
_MEMO = 20_000
_CODE = re.compile(r"R\d{1,18}")


def parse_sheet(
    sheet: Sheet,
    today: date,
    *,
    keep_extra: bool = False,
    edits: Edits | None = None,
    progress: Callable[[int], None] | None = None,
) -> Roster:
    """Read every row of ``sheet``. Raises :class:`Refused` where there is no header or nobody below it."""
    head: list[Row] = []
    for row in sheet.rows:
        head.append(row)
        if row.number > HEADER_WITHIN:
            break
    header = find_header(head, sheet.merges)
    reader = _Reader(header, sheet.merges, today, keep_extra, edits or {})
    rows: list[RosterRow] = []
    for row in chain((row for row in head if row.number > header.last_row), sheet.rows):
        person = reader.read(row)
        if person is not None:
            rows.append(person)
            if progress and len(rows) % 1000 == 0:
                progress(len(rows))
    if not rows:
        raise Refused("表头下面没有任何人的信息。")
    ignored = header.ignored
    if reader.foreign_codes:  # a column 编号 that is not ours is a running number
        ignored = [*ignored, CODE]
    return Roster(rows, ignored, list(dict.fromkeys(header.known.values())))


class _Reader:
    """Turns rows into people. One instance a file: it remembers merged values and repeats strings once."""

    def __init__(self, header: Header, merges: Iterable[Merge], today: date, keep_extra: bool, edits: Edits) -> None:
        self.today = today
        self.columns = sorted(header.known.items())
        self.name_column = next(column for column, name in self.columns if name == "姓名")
        self.extra = {
            column: name
            for column, name in header.unknown.items()
            if keep_extra and normalise_heading(name).lower() not in RUNNING_NUMBERS
        }
        self.edits: dict[int, dict[str, str]] = {}
        for (row, column), text in edits.items():
            self.edits.setdefault(row, {})[column] = text
        self.foreign_codes = False
        self._merged = _Merged(merges, [column for column, _ in self.columns], header.last_row)
        # columns where few values come again and again: each is parsed, and held in memory, once
        self._memos: dict[str, dict[Cell, Any]] = {name: {} for name in FIELDS if name not in _DIFFERENT}
        self._parsers: dict[str, Callable[[Cell], Any]] = {
            CODE: self._code,
            "姓名": _limited(values.parse_name, 60),
            "身份证号": self._identity,
            "户主身份证号": self._identity,
            "性别": _text_then(values.parse_sex),
            "出生日期": lambda cell: values.parse_birth_date(cell, today),
            "手机号": lambda cell: values.parse_phones(cell) or (),
            **{name: _limited(values.as_text, 200) for name in ("户籍地", "居住地址")},
            **{name: _limited(values.as_text, 20) for name in ("楼栋", "单元", "房号", "与户主关系")},
            "网格": _limited(values.as_text, 60),
            "就业状态": _text_then(values.parse_employment),
            "残疾等级": _text_then(values.parse_level),
            "残疾类别": _text_then(values.parse_kinds),
            **{name: _set_of(60) for name in ("技能", "兴趣", "培训需求")},
            "人员类别": _set_of(40),
            "备注": _limited(values.as_text, 500),
        }

    def read(self, row: Row) -> RosterRow | None:
        """The person of a row, or None where nobody stands in it."""
        cells = row.cells
        edited = self.edits.get(row.number)
        if edited:
            cells = self._with_edits(cells, edited)
        self._merged.remember(row.number, cells)
        if self._is_nobody(cells):
            return None
        errors: list[CellError] = []
        found: dict[str, Any] = {}
        for column, name in self.columns:
            cell = cells[column] if column < len(cells) else None
            if cell is None and (cell := self._merged.value(row.number, column)) is None:
                continue
            try:
                value = self._value(name, cell)
            except Unreadable as problem:
                errors.append(CellError(row.number, name, _shown(name, cell), str(problem)))
                continue
            if value:
                found[name] = found[name] + value if name == "手机号" and name in found else value
        if "姓名" not in found and not any(error.column == "姓名" for error in errors):
            errors.append(CellError(row.number, "姓名", "", "姓名没有填"))
        return self._person(row, cells, found, errors)

    def _value(self, name: str, cell: Cell) -> Any:
        """What a cell says; None, "" or () for nothing, which leaves what is stored. Raises :class:`Unreadable`."""
        memo = self._memos.get(name) if type(cell) is not bool else None  # True == 1, which it does not mean
        if memo is not None and (known := memo.get(cell)) is not None:
            return known
        if isinstance(cell, str) and ("*" in cell or "＊" in cell) and is_masked(cell.strip()):
            return None
        if isinstance(cell, Fault):
            raise Unreadable(_FAULTS[cell])
        value = self._parsers[name](cell)
        if memo is not None and value and len(memo) < _MEMO:
            memo[cell] = value
        return value

    def _person(self, row: Row, cells: list[Cell], found: dict[str, Any], errors: list[CellError]) -> RosterRow:
        code = found.pop(CODE, None)
        identity: Identity | None = found.get("身份证号")
        errors += _against_number(row.number, identity, found)
        facts: dict[str, Any] = {
            FIELDS[name]: value.number if isinstance(value, Identity) else value for name, value in found.items()
        }
        extra = self._extra(cells) if self.extra else None
        return RosterRow(row.number, Facts(**facts), code, identity.kind if identity else None, extra, tuple(errors))

    def _with_edits(self, cells: list[Cell], edited: dict[str, str]) -> list[Cell]:
        cells = list(cells)
        for column, name in self.columns:
            if name in edited:
                cells.extend([None] * (column + 1 - len(cells)))
                cells[column] = edited[name] or None
        return cells

    def _is_nobody(self, cells: list[Cell]) -> bool:
        """Nothing in a known column, or a line of totals or signatures, or the header printed again."""
        if not any(column < len(cells) and _says(cells[column]) for column, _ in self.columns):
            return True
        said = list(islice(filter(_says, cells), 2))
        if len(said) == 1 and _RUNNING.fullmatch(str(said[0]).strip()):
            return True  # a running number alone, whatever column it slipped into
        if self.name_column < len(cells):
            said.append(cells[self.name_column])
        texts = [text for cell in said if isinstance(cell, str) and (text := cell.strip()) and text[0] in _FOOT_FIRST]
        return any(_FOOT.fullmatch(_BLANK.sub("", text)) or normalise_heading(text) == "姓名" for text in texts)

    def _identity(self, cell: Cell) -> Identity | None:
        if isinstance(cell, (int, float)) and not isinstance(cell, bool):
            return parse_identity(read_number_cell(cell), self.today)
        text = values.as_text(cell)
        return parse_identity(text, self.today) if text else None

    def _code(self, cell: Cell) -> str | None:
        text = values.as_text(cell)
        if _CODE.fullmatch(text):
            return text
        self.foreign_codes = self.foreign_codes or bool(text)
        return None

    def _extra(self, cells: list[Cell]) -> dict[str, str] | None:
        extra = {
            name: text[:200]
            for column, name in self.extra.items()
            if column < len(cells) and name and (text := values.as_text(cells[column]))
        }
        return extra or None


def _against_number(row: int, identity: Identity | None, found: dict[str, Any]) -> Iterator[CellError]:
    """Compare birth date and sex with what the number says, and take them from it where the cell is empty."""
    if identity is None:
        return
    for column, says in (("出生日期", identity.birth_date), ("性别", identity.sex)):
        if says is not None and found.setdefault(column, says) != says:
            yield CellError(row, column, scrub(str(found[column])), f"与身份证号里的{column}不一致")


class _Merged:
    """Values of merged cells, filled down; blanks that are not merged stay blank."""

    def __init__(self, merges: Iterable[Merge], columns: list[int], above: int) -> None:
        wanted = set(columns)
        self._starts: dict[int, list[Merge]] = {}
        for merge in merges:
            if merge.bottom > merge.top > above and merge.left - 1 in wanted:
                self._starts.setdefault(merge.top, []).append(merge)
        self._open: dict[int, tuple[int, Cell]] = {}  # column -> (last row, value)

    def remember(self, row: int, cells: list[Cell]) -> None:
        for merge in self._starts.pop(row, ()):
            column = merge.left - 1
            self._open[column] = (merge.bottom, cells[column] if column < len(cells) else None)

    def value(self, row: int, column: int) -> Cell:
        last, value = self._open.get(column, (0, None))
        return value if row <= last else None


_FAULTS = {
    Fault.FORMULA: "公式没有存下结果，请用 Excel 打开并保存后再导入",
    Fault.ERROR: "单元格是错误值，请改成实际内容",
}


def _says(cell: Cell) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(values.tidy(cell)))


def _shown(column: str, cell: Cell) -> str:
    """A bad cell for the report: readable enough to find it, never a full number."""
    if isinstance(cell, Fault):
        return "（公式）" if cell is Fault.FORMULA else "（错误值）"
    text = values.narrow(values.as_text(cell))
    if isinstance(cell, float) and cell >= 1e15:
        text = f"{cell:.0f}"
    if column in ("身份证号", "户主身份证号", "手机号"):
        compact = re.sub(r"[\s'’\-+]", "", text)
        if sum(character.isdecimal() for character in compact) >= 5:
            return scrub(mask_id(compact))
    return scrub(text)


def _limited(parse: Callable[[Cell], str], limit: int) -> Callable[[Cell], str]:
    def parse_limited(cell: Cell) -> str:
        text = parse(cell)
        if len(text) > limit:
            raise Unreadable(f"太长，最多 {limit} 个字")
        return text

    return parse_limited


def _text_then(parse: Callable[[str], Any]) -> Callable[[Cell], Any]:
    def parse_text(cell: Cell) -> Any:
        text = values.as_text(cell)
        return parse(text) if text else None

    return parse_text


def _set_of(limit: int) -> Callable[[Cell], tuple[str, ...]]:
    def parse_set(cell: Cell) -> tuple[str, ...]:
        items = values.split_values(values.as_text(cell))
        if any(len(item) > limit for item in items):
            raise Unreadable(f"有一项太长，最多 {limit} 个字；多项请用顿号隔开")
        return items

    return parse_set


def with_errors(row: RosterRow, errors: Iterable[CellError]) -> RosterRow:
    """The row with more errors."""
    return replace(row, errors=(*row.errors, *errors))
