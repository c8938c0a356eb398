"""Cells of a roster as values: dates, phones, names, choices, sets. Each raises :class:`Unreadable` with why."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

from jiamenkou.foundation.people.masking import is_masked
from jiamenkou.foundation.people.roster.identity import Unreadable, read_number_cell
from jiamenkou.foundation.sheets.cells import Cell

NOTHING = frozenset({"", "无", "—", "——", "－", "-", "--", "–", "―", "/", "／", "\\", "暂无"})
_FULL_WIDTH = str.maketrans({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "})
# control, bidirectional, zero-width and private characters never reach the database; any white space is one space
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\ufeff\ufff9-\ufffb\ue000-\uf8ff\ud800-\udfff]"
)
_SPACE = re.compile(r"\s+")
_CJK = r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_INNER_SPACE = re.compile(rf"(?<={_CJK}) | (?={_CJK})")
_MIDDLE_DOT = re.compile(r"\s*[·•‧∙⋅・･．﹒\u2022\u30fb]\s*")


def tidy(text: str) -> str:
    """Text without invisible characters, white space folded and trimmed."""
    if not text.isprintable() or " " in text:
        text = _SPACE.sub(" ", _INVISIBLE.sub("", text)).strip()
    return text


def narrow(text: str) -> str:
    """Full-width letters, digits and signs as their ASCII twins."""
    return text if text.isascii() else text.translate(_FULL_WIDTH)


def as_text(cell: Cell) -> str:
    """A cell of a text column as text: 1602.0 is 1602; a day is its ISO form."""
    if isinstance(cell, str):
        text = tidy(cell).lstrip("'")  # how a spreadsheet is told to keep a text as it is
        return "" if text in NOTHING else text
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, (int, float)):
        return str(int(cell)) if cell == int(cell) and abs(cell) < 1e15 else repr(cell)
    return cell.isoformat() if isinstance(cell, date) else ""


def parse_name(cell: Cell) -> str:
    """A name: no spaces between Chinese characters, one kind of middle dot, one space between Latin words."""
    text = _MIDDLE_DOT.sub("·", as_text(cell))
    if text.isascii():
        return text
    return _INNER_SPACE.sub("", text.translate(_FULL_WIDTH))


# --- dates ---------------------------------------------------------------------------------------------------------

_EPOCH = date(1899, 12, 30)  # serial 1 of the 1900 system, its phantom 29 February counted
_TIME = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_DAY = re.compile(rf"(\d{{4}}) ?(?:[.\-/年]|、) ?(\d{{1,2}}) ?(?:[.\-/月]|、) ?(\d{{1,2}}) ?日?{_TIME}")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_EARLIEST_AGE = 130
_NO_DATE = "看不懂这个日期，请写成 1985-03-02"


def parse_birth_date(cell: Cell, today: date) -> date | None:
    """A day cell, a serial, 1985.3.2, 1985年3月2日, 1985-03-02 or 19850302; None for an empty cell."""
    if isinstance(cell, date):
        day = cell
    elif isinstance(cell, (int, float)) and not isinstance(cell, bool):
        day = _from_digits(_day_number(cell))
    else:
        text = narrow(as_text(cell)).replace("。", ".").strip("'’. ")
        if not text:
            return None
        day = _from_text(text)
    if day > today:
        raise Unreadable("出生日期在今天之后")
    if day.year < today.year - _EARLIEST_AGE:
        raise Unreadable("出生日期太早")
    return day


def _day_number(value: float) -> str:
    """The digits of a number cell in a date column; a serial may carry a time of day."""
    if 3_000 <= value < 80_000:
        value = int(value)
    if not 0 <= value < 1e9 or value != int(value):
        raise Unreadable(_NO_DATE)
    return str(int(value))


def _from_text(text: str) -> date:
    if text.isdecimal():
        return _from_digits(text)
    match = _DAY.fullmatch(text)
    if match is None:
        raise Unreadable(_NO_DATE)
    return _day(match)


def _from_digits(digits: str) -> date:
    match = _COMPACT.fullmatch(digits)
    if match:
        return _day(match)
    if len(digits) == 5 or (len(digits) == 4 and int(digits) > 2_200):
        return _EPOCH + timedelta(days=int(digits))
    raise Unreadable("日期不完整，请写成 1985-03-02")


def _day(match: re.Match[str]) -> date:
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise Unreadable("没有这一天") from None


# --- phones --------------------------------------------------------------------------------------------------------

_APART = re.compile(r"[/\\;,、|\n]+|或者?")
_NOTE = re.compile(r"\([^()]*\)")
_MOBILE = r"(?:(?:\+|00)?86[ \-]*)?(1[3-9]\d)[ \-]?(\d{4})[ \-]?(\d{4})"
_SIMPLE = re.compile(r"(1[3-9]\d)[ \-]?(\d{4})[ \-]?(\d{4})", re.ASCII)
_EXTENSION = r"(?:(?:[ \-]*转|-)(\d{1,6}))?"
_LANDLINE = r"(?:(?:\+|00)?86[ \-]*)?\(?(0(?:10|2\d|[3-9]\d{2}))\)?[ \-]*(\d{3,4})[ \-]?(\d{4})" + _EXTENSION
_ABROAD = r"(?:\+|00)(?!86)(\d{1,3})[ \-]?(\d[\d \-]{4,13}\d)"
_PHONE = re.compile(rf"(?<!\d)(?:(?P<mobile>{_MOBILE})|(?P<landline>{_LANDLINE})|(?P<abroad>{_ABROAD}))(?!\d)")


def parse_phones(cell: Cell) -> tuple[str, ...] | None:
    """The numbers of a cell, the main one (the first mobile) first; () for none, None for masked: unchanged."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        text = read_number_cell(cell, "看不懂这个号码")
        if not text.startswith("1") or text.startswith("10"):  # a landline that lost its zero
            text = f"0{text}"
    else:
        text = as_phone_text(cell)
    simple = _SIMPLE.fullmatch(text)
    if simple:
        return ("".join(simple.groups()),)
    parts = [part for piece in _APART.split(text) if (part := piece.strip(" .'’-")) and part not in NOTHING]
    if not parts:
        return ()
    masked = [is_masked(part) for part in parts]
    if all(masked):
        return None
    if any(masked):
        raise Unreadable("有的号码被星号遮住了，请写全或整格留空")
    numbers = list(dict.fromkeys(number for part in parts for number in _phones_in(part)))
    main = next((number for number in numbers if is_mobile(number)), numbers[0])
    return (main, *(number for number in numbers if number != main))


def as_phone_text(cell: Cell) -> str:
    if not isinstance(cell, str):
        return as_text(cell)
    if cell.isascii() and cell.isprintable():
        return cell.strip()
    text = _INVISIBLE.sub("", narrow(cell)).replace("–", "-").replace("—", "-").replace("\u00a0", " ")
    return "\n".join(_SPACE.sub(" ", line).strip() for line in text.splitlines())


def is_mobile(number: str) -> bool:
    """Whether a normalised number is a mobile of the mainland."""
    return len(number) == 11 and number[0] == "1"


def _phones_in(part: str) -> list[str]:
    """The numbers of one piece; everything in it must belong to one of them."""
    found = []
    rest = part
    for match in _PHONE.finditer(part):
        rest = rest.replace(match[0], " ", 1)
        groups = [group for group in match.groups() if group is not None][1:]
        if match["mobile"]:
            found.append("".join(groups))
        elif match["landline"]:
            found.append(f"{groups[0]}-{groups[1]}{groups[2]}" + (f"-{groups[3]}" if len(groups) > 3 else ""))
        else:
            found.append(f"+{groups[0]}-" + re.sub(r"[ \-]", "", groups[1]))
    if found and not _NOTE.sub("", rest).strip(" -.()"):
        return found
    raise Unreadable(_phone_problem(part))


def _phone_problem(part: str) -> str:
    compact = re.sub(r"^(\+|00)?86(?=1)|[ \-+]", "", part)
    if not compact.isdecimal():
        return "号码里有数字以外的字符"
    if compact[0] == "1":
        return "手机号的前三位不对" if len(compact) == 11 else f"手机号应为 11 位，这里是 {len(compact)} 位"
    if len(compact) in {7, 8} and compact[0] != "0":
        return "座机请加上区号，如 0519-85211214"
    return f"看不懂这个号码（{len(compact)} 位）"


# --- choices and sets ----------------------------------------------------------------------------------------------

SEXES = {"男": "男", "女": "女", "男性": "男", "女性": "女", "M": "男", "F": "女", "1": "男", "2": "女"}

# value -> what people write for it; the values are those of the register (people.EmploymentStatus)
EMPLOYMENT: Mapping[str, tuple[str, ...]] = {
    "在职": (
        *("在业", "就业", "已就业", "就业人员", "工作", "在岗", "上班", "正式就业", "单位就业", "稳定就业"),
        *("企业职工", "职工", "公职", "公务员", "事业单位", "现役", "服兵役", "参军"),
    ),
    "灵活就业": (
        *("灵活", "灵活就业人员", "自由职业", "零工", "打零工", "打工", "务工", "外出务工", "兼职", "临时工"),
        *("个体", "个体户", "个体经营", "自营", "经商", "自主创业", "创业", "务农", "农民"),
    ),
    "失业": ("登记失业", "已失业", "失业人员", "下岗", "下岗失业", "离职"),
    "求职中": ("求职", "正在求职", "找工作", "待业", "待就业"),
    "在校": ("学生", "在读", "上学", "在学", "在校生", "在校学生", "就读"),
    "退休": ("离退休", "已退休", "离休", "退职", "内退", "病退", "退养", "退休人员", "退休返聘"),
    "料理家务": ("家务", "操持家务", "全职妈妈", "全职太太", "家庭主妇"),
    "无劳动能力": ("丧失劳动能力", "失能", "无能力就业"),
    "未就业": ("无业", "无业人员", "无工作", "没有工作", "学龄前", "学前", "婴幼儿", "未上学", "其他"),
}
DISABILITY_LEVELS: Mapping[str, tuple[str, ...]] = {
    "一级": ("1级", "1", "一", "Ⅰ级", "I级", "Ⅰ", "壹级"),
    "二级": ("2级", "2", "二", "Ⅱ级", "II级", "Ⅱ", "贰级"),
    "三级": ("3级", "3", "三", "Ⅲ级", "III级", "Ⅲ", "叁级"),
    "四级": ("4级", "4", "四", "Ⅳ级", "IV级", "Ⅳ", "肆级"),
}
# GB/T 26341-2010
DISABILITY_KINDS: Mapping[str, tuple[str, ...]] = {
    "视力": ("视障", "盲人", "盲"),
    "听力": ("听障", "聋", "聋人"),
    "言语": ("语言", "语言障碍", "哑"),
    "肢体": ("肢残", "肢体障碍"),
    "智力": ("智障", "智残"),
    "精神": ("精神障碍", "精神病"),
    "多重": ("综合", "多种"),
}


def _lookup(choices: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {written: value for value, others in choices.items() for written in (value, *others)}


_EMPLOYMENT, _LEVELS, _KINDS = _lookup(EMPLOYMENT), _lookup(DISABILITY_LEVELS), _lookup(DISABILITY_KINDS)


@lru_cache(maxsize=1024)
def parse_sex(text: str) -> str:
    value = SEXES.get(narrow(text).upper().replace(" ", ""))
    if value is None:
        raise Unreadable("性别只能填男、女")
    return value


@lru_cache(maxsize=1024)
def parse_employment(text: str) -> str:
    value = _EMPLOYMENT.get(narrow(text).replace(" ", ""))
    if value is None:
        raise Unreadable("只能填" + "、".join(EMPLOYMENT))
    return value


@lru_cache(maxsize=1024)
def parse_level(text: str) -> str:
    value = _LEVELS.get(narrow(text).replace(" ", "").removesuffix("残疾").removesuffix("残"))
    if value is None:
        raise Unreadable("只能填" + "、".join(DISABILITY_LEVELS))
    return value


def parse_kinds(text: str) -> tuple[str, ...]:
    values = []
    for item in split_values(text):
        value = _KINDS.get(item) or _KINDS.get(item.removesuffix("残疾"))
        if value is None:
            raise Unreadable("只能填" + "、".join(DISABILITY_KINDS))
        values.append(value)
    return tuple(sorted(set(values)))


_VALUES = re.compile(r"[、,;/，；／]")


@lru_cache(maxsize=4096)
def split_values(text: str) -> tuple[str, ...]:
    """The values of a multi-value cell, sorted and once each, so that equal sets are equal tuples."""
    values = {tidy(value) for value in _VALUES.split(text)}
    return tuple(sorted(value for value in values if value not in NOTHING))


_CHINESE = "零一二三四五六七八九"
_GRID_NUMBER = re.compile(r"第?(\d{1,2})(?=网格)")


@lru_cache(maxsize=4096)
def grid_key(text: str) -> str:
    """What makes two spellings one grid: 第 1 网格 is 第一网格."""
    return _GRID_NUMBER.sub(lambda match: "第" + _numeral(int(match[1])), narrow(text).replace(" ", ""))


def _numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _CHINESE[ones]
    return ("" if tens == 1 else _CHINESE[tens]) + "十" + (_CHINESE[ones] if ones else "")


_SUFFIXES = {
    "building": re.compile(r"(?:号楼|幢|栋|座|楼)$"),
    "unit": re.compile(r"单元$"),
    "room": re.compile(r"(?:号室|室|号)$"),
}


@lru_cache(maxsize=8192)
def door_key(part: str, text: str) -> str:
    """What makes two spellings one building, unit or room: 33幢 is 33栋, 1 单元 is 1."""
    return _SUFFIXES[part].sub("", narrow(text).replace(" ", "")).upper()


def fold(text: str) -> str:
    """Free text for comparison: width, case and white space do not make a difference."""
    return narrow(text).replace(" ", "").lower()
