"""The kinds of field a subscription message has, and what fits into each.

WeChat refuses the whole message (47003) for one value that is empty, too long or of the wrong kind. What can be cut
is cut with an ellipsis; what cannot is :class:`Unfit` before anything leaves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# characters; by WeChat's table of parameter kinds (订阅消息参数值内容限制说明)
LONGEST = {
    "thing": 20,
    "number": 32,
    "letter": 32,
    "symbol": 5,
    "character_string": 32,
    "name": 10,
    "phrase": 5,
    "const": 20,
}
_CUT = frozenset({"thing", "name"})
_DAY = r"\d{4}(年\d{1,2}月\d{1,2}日|-\d{1,2}-\d{1,2})"
_CLOCK = r"\d{1,2}:\d{2}(:\d{2})?"
_SHAPES = {
    "number": re.compile(r"\d+(\.\d+)?"),
    "letter": re.compile(r"[A-Za-z]+"),
    "character_string": re.compile(r"[!-~]+"),
    "phrase": re.compile(r"[\u4e00-\u9fff]+"),
    "amount": re.compile(r"[¥￥$]?\d{1,10}(\.\d{1,2})?元?"),
    "date": re.compile(f"{_DAY}( {_CLOCK})?"),
    "time": re.compile(f"({_DAY} )?{_CLOCK}|{_DAY}"),
}


class Unfit(ValueError):
    """A value that its field cannot carry. ``field`` names the field; the value itself is in no message."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}：{why}")
        self.field = field


def kind_of(field: str) -> str:
    """``thing12`` → ``thing``, ``character_string2`` → ``character_string``."""
    return field.rstrip("0123456789")


def fitted(field: str, value: str) -> str:
    """``value`` as the field takes it. Raises :class:`Unfit`."""
    kind = kind_of(field)
    text = " ".join("".join(ch if ch.isprintable() else " " for ch in value).split())
    if kind in {"phone_number", "car_number"}:
        raise Unfit(field, "号码不放进通知")
    if kind not in LONGEST and kind not in _SHAPES:
        raise Unfit(field, "没有这种字段")
    if not text:
        raise Unfit(field, "没有内容")
    longest = LONGEST.get(kind)
    if longest is not None and len(text) > longest:
        if kind not in _CUT:
            raise Unfit(field, f"超过 {longest} 个字")
        text = text[: longest - 1] + "…" if kind == "thing" else text[:longest]
    shape = _SHAPES.get(kind)
    if shape is not None and shape.fullmatch(text) is None:
        raise Unfit(field, "格式不对")
    return text


def data_of(fields: Mapping[str, str], variables: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """``{"thing1": {"value": "…"}}`` from ``{"thing1": "title"}`` and the variables. Raises :class:`Unfit`."""
    return {field: {"value": fitted(field, variables.get(name, ""))} for field, name in fields.items()}
