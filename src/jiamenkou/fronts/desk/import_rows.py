"""The result of a roster as its page shows it: counters that filter, rows with their cells, suggestions, pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _

from jiamenkou.foundation.people.importing.results import Pair, Result, ShownRow
from jiamenkou.foundation.people.roster.values import (
    DISABILITY_KINDS,
    DISABILITY_LEVELS,
    EMPLOYMENT,
    grid_key,
)
from jiamenkou.fronts import drawing

ALWAYS = ("姓名", "身份证号", "手机号", "出生日期", "网格", "楼栋房号", "就业状态")
DOOR = ("楼栋", "单元", "房号")
ELSEWHERE = "已在其他社区登记"
LIKE_ENOUGH = 0.55  # a wrong suggestion costs more than none

FILTERS: Mapping[str, Callable[[ShownRow], bool]] = {
    "all": lambda row: True,
    "error": lambda row: row.action == "error",
    "create": lambda row: row.action == "create",
    "update": lambda row: row.action == "update",
    "unchanged": lambda row: row.action == "unchanged",
    "alike": lambda row: row.alike,
    "fixed": lambda row: bool(row.fixed) and row.action != "error",
}
# action -> (label, icon, tone)
ACTIONS: Mapping[str, tuple[str, str, str]] = {
    "create": ("新建", "plus", "green"),
    "update": ("更新", "pencil", "blue"),
    "unchanged": ("没变化", "check", "grey"),
    "error": ("有错", "circle-alert", "red"),
}


def counters(result: Result, only: str, skip: bool) -> list[dict[str, Any]]:
    counts = result.counts
    cells = result.bad_cells
    wrong = _("有错") + (_("（%(n)s 格）") % {"n": cells} if cells else "")
    listed = [
        ("create", counts["create"], _("新建"), "green"),
        ("update", counts["update"], _("更新"), "blue"),
        ("unchanged", counts["unchanged"], _("没变化"), "grey"),
        ("error", counts["error"], wrong, "red"),
        ("alike", counts["possible_duplicates"], _("可能是同一人"), "orange"),
    ]
    return [
        {"href": _href(key, skip), "value": value, "label": label, "tone": tone, "on": key == only}
        for key, value, label, tone in listed
    ]


def views(result: Result, only: str, skip: bool) -> list[dict[str, Any]]:
    fixed = sum(FILTERS["fixed"](row) for row in result.rows)
    listed = [
        ("all", _("全部"), result.counts["rows"]),
        ("error", _("只看有错"), result.counts["error"]),
        ("fixed", _("已改好"), fixed),
    ]
    return [{"label": label, "href": _href(key, skip), "on": key == only, "count": n} for key, label, n in listed]


def _href(only: str, skip: bool) -> str:
    return f"?only={only}" + ("&skip=1" if skip else "")


def spans(result: Result) -> list[drawing.Span]:
    parts = [(result.counts[action], tone) for action, (_label, _icon, tone) in ACTIONS.items()]
    return drawing.parts(result.counts["rows"], parts)


def done_figures(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {"value": counts.get(action, 0), "label": _(label), "tone": tone}
        for action, (label, _icon, tone) in ACTIONS.items()
    ]


# --- the table -----------------------------------------------------------------------------------------------------


def columns_of(rows: Iterable[ShownRow]) -> list[str]:
    """The usual columns, and those in which some row of the page is wrong or was mended."""
    extra: dict[str, None] = {}
    for row in rows:
        extra.update(dict.fromkeys([*row.bad, *row.fixed]))
    return [ALWAYS[0], *(column for column in extra if column not in ALWAYS), *ALWAYS[1:]]


def table(rows: Sequence[ShownRow], result: Result, problem: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Rows for the template; ``problem`` is a correction that was refused: row, column, text, says."""
    columns = columns_of(rows)
    shown = []
    for row in rows:
        label, icon, tone = ACTIONS[row.action]
        cells = [_cell(row, column, result, problem) for column in columns]
        shown.append({"row": row.row, "label": _(label), "icon": icon, "tone": tone, "cells": cells})
    return shown


def _cell(row: ShownRow, column: str, result: Result, problem: Mapping[str, Any] | None) -> dict[str, Any]:
    if column == "楼栋房号":
        text = "-".join(row.cells[part] for part in DOOR if part in row.cells)
        return {"kind": "plain", "text": text, "strong": False}
    if column in row.bad:
        return _bad_cell(row, column, result, problem)
    text = row.cells.get(column, "")
    if column in row.fixed:
        return {"kind": "fixed", "column": column, "text": text or _("（空）"), "was": row.fixed[column]}
    if column == "手机号":
        text = text.replace("、", "、\n")  # one under the other: the table is wide enough
    return {"kind": "plain", "text": text, "strong": column == "姓名"}


def _bad_cell(row: ShownRow, column: str, result: Result, problem: Mapping[str, Any] | None) -> dict[str, Any]:
    value, says = row.bad[column]
    allowed = _allowed(column, result)
    best = suggestion(column, value, allowed)
    refused = problem if problem and (problem["row"], problem["column"]) == (row.row, column) else None
    return {
        "kind": "bad",
        "column": column,
        "text": value or _("（空）"),
        "says": says,
        "elsewhere": says.startswith(ELSEWHERE),
        "typed": (refused["text"] or "") if refused else value if allowed else "",
        "refused": refused["says"] if refused else "",
        "best": best,
        "others": [choice for choice in allowed if choice != best],
        "same": len(result.alike_cells(row.row, column)) if allowed else 0,
        "id": f"c{row.row}-{column}",
    }


def _allowed(column: str, result: Result) -> list[str]:
    """What may stand in a column that knows its values; [] where anything may."""
    return {
        "网格": result.grids,
        "就业状态": list(EMPLOYMENT),
        "残疾等级": list(DISABILITY_LEVELS),
        "残疾类别": list(DISABILITY_KINDS),
        "性别": ["男", "女"],
    }.get(column, [])


def suggestion(column: str, value: str, allowed: Sequence[str]) -> str:
    """The allowed value that ``value`` is most like, also by the other words for it; "" where none is."""
    if column == "网格":
        return _grid_like(grid_key(value), allowed)
    synonyms: Mapping[str, Iterable[str]] = {
        "就业状态": EMPLOYMENT,
        "残疾等级": DISABILITY_LEVELS,
        "残疾类别": DISABILITY_KINDS,
    }.get(column, {})
    names = {name: name for name in allowed} | {word: name for name, words in synonyms.items() for word in words}
    found = get_close_matches(value, names, n=1, cutoff=LIKE_ENOUGH)
    return names[found[0]] if found else ""


def _grid_like(value: str, grids: Sequence[str]) -> str:
    """The grid whose own name is in ``value`` with no other numeral beside it: 三网格东 is 第三网格, 第十三网格 is not."""
    for name in sorted(grids, key=len, reverse=True):
        own = grid_key(name).removeprefix("第").removesuffix("网格")
        if own and own in value and not set(value.replace(own, "", 1)) & set("〇一二三四五六七八九十百0123456789"):
            return name
    return ""


# --- who may be who ------------------------------------------------------------------------------------------------

SHORT_NAMES = {"手机号": "手机", "居住地址": "住址", "出生日期": "出生", "身份证号": "证号"}
_WILL = {"create": "会新建一个人", "update": "会更新库里这一位", "unchanged": "库里这一位不变"}


def pairs(result: Result, most: int) -> list[dict[str, Any]]:
    return [_pair(pair) for pair in result.pairs[:most]]


def _short(column: str, text: str) -> str:
    """What tells two records apart: of a number its end."""
    return f"…{text[-4:]}" if column == "身份证号" and text else text or _("（空）")


def _pair(pair: Pair) -> dict[str, Any]:
    lines = [
        {
            "column": _(SHORT_NAMES.get(column, column)),
            "here": _short(column, here),
            "there": _short(column, there),
            "differs": here != there,
        }
        for column, here, there in pair.lines
        if here or there
    ]
    same = sum(not line["differs"] for line in lines)
    return {
        "name": pair.name,
        "row": pair.row,
        "other": pair.other,
        "lines": lines,
        "tag": _("%(all)s 项里 %(same)s 项一样") % {"all": len(lines), "same": same},
        "will": _(_WILL.get(pair.action, "")),
    }
