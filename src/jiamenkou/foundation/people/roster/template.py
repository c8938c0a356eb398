"""The form that communities fill in: every known column, its allowed values, how to write it."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import BinaryIO

from jiamenkou.foundation.people.roster.columns import COLUMNS
from jiamenkou.foundation.people.roster.values import DISABILITY_KINDS, DISABILITY_LEVELS, EMPLOYMENT
from jiamenkou.foundation.sheets.writing import Column, template

DEFAULT_GRIDS = tuple(f"第{number}网格" for number in "一二三四五六")

# column -> (width, how to write it, example)
_NOTES: dict[str, tuple[float, str, str]] = {
    "姓名": (12, "必填。", "郭佳"),
    "身份证号": (24, "18 位；通行证、护照、永久居留证照原样写。整列是文本格式，请勿改成数字。", "3204XX19590322XXXX"),
    "性别": (8, "男或女；填了身份证号可以不填。", "男"),
    "出生日期": (14, "如 1959-03-22；填了身份证号可以不填。", "1959-03-22"),
    "手机号": (18, "几个号码用顿号隔开，第一个手机号作为主要号码；座机带区号。", "138 0000 1234、0519-85000000"),
    "户籍地": (20, "本地，或写明省市区县。", "本地"),
    "居住地址": (30, "现在住的地方。", "兰翔二村20幢3单元1002室"),
    "网格": (12, "见“取值”表。", "第三网格"),
    "楼栋": (10, "没有登记过的楼栋会新建。", "20幢"),
    "单元": (8, "", "3"),
    "房号": (10, "", "1002"),
    "与户主关系": (12, "户主、配偶、儿子、女儿等。", "户主"),
    "户主身份证号": (24, "同一户填同一个户主的号码。", "3204XX19590322XXXX"),
    "就业状态": (12, "见“取值”表。", "退休"),
    "技能": (20, "几项用顿号隔开。", "理发、缝纫"),
    "兴趣": (20, "几项用顿号隔开。", "书法"),
    "培训需求": (20, "几项用顿号隔开。", "养老护理"),
    "残疾类别": (12, "见“取值”表，几项用顿号隔开。", "听力"),
    "残疾等级": (10, "见“取值”表。", "三级"),
    "人员类别": (20, "几项用顿号隔开。", "党员、退役军人"),
    "备注": (30, "", "每周回访"),
}


def roster_columns(grids: Sequence[str] = DEFAULT_GRIDS) -> list[Column]:
    """The columns of the template; drop-downs only where one value is allowed."""
    choices: dict[str, Sequence[str]] = {
        "性别": ("男", "女"),
        "网格": tuple(grids),
        "就业状态": tuple(EMPLOYMENT),
        "残疾类别": tuple(DISABILITY_KINDS),
        "残疾等级": tuple(DISABILITY_LEVELS),
    }
    return [
        Column(
            name,
            width,
            choices.get(name, ()),
            note,
            example,
            required=name == "姓名",
            many=name == "残疾类别",
            as_text=name != "出生日期",
        )
        for name in COLUMNS
        for width, note, example in [_NOTES[name]]
    ]


def write_template(target: str | PathLike[str] | BinaryIO, grids: Sequence[str] = DEFAULT_GRIDS) -> None:
    """Write the roster template with the grids of a community."""
    template(roster_columns(grids), "居民花名册", target)
