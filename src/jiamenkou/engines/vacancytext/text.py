"""Normalising without moving anything: one character in, one character out.

Because the length never changes, an offset in the normalised text *is* the offset in the original, and no map has to
be kept. Recognisers read the normalised text, values are cut from the original.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import opencc

BREAK = "|"
"""Stands for every emoji, ornament and chat emoticon: a boundary between clauses."""

LONGEST = 10_000
"""Characters that are read. No chat message is that long; the rest is reported as unread, not silently dropped."""

_DASHES = dict.fromkeys("‐‑‒–—―−﹣－─━", "-")
_MARKS = {
    **_DASHES,
    **dict.fromkeys("~∼〜～", "~"),
    **dict.fromkeys("：︰﹕∶", ":"),
    "〇": "零",
    "“": '"',
    "”": '"',
    "丨": BREAK,
    "￥": "¥",
    "「": "【",
    "」": "】",
    "『": "【",
    "』": "】",
    "〖": "【",
    "〗": "】",
    "﹝": "【",
    "﹞": "】",
}
_CIRCLED = "①②③④⑤⑥⑦⑧⑨"
_KEYCAP = re.compile("([1-9])\ufe0f?\u20e3")
_EMOTICON = re.compile(
    r"\[(?:红包|烟花|礼物|庆祝|玫瑰|炸弹|福|加油|合十|强|抱拳|握手|爱心|太阳|月亮|咖啡|鼓掌"
    r"|微笑|呲牙|偷笑|愉快|色|发|发财|啤酒|蛋糕|胜利|OK|ok|拥抱|转圈"
    r"|爆竹|鞭炮|嘴唇|跳跳|耶|奋斗|可怜|害羞|憨笑|调皮|天啊|哇|旺柴|好的|機智|机智|社会社会"
    r"|打脸|吃瓜|加油加油|翻白眼|叹气|666|让我看看"
    r"|苦涩|裂开|捂脸|奸笑|嘿哈|茶|凋谢|心碎|闪电|足球|篮球|菊花|猪头|药|便便|弱|勾引|拳头"
    r"|差劲|爱你|NO|no|爱情|飞吻|怄火"
    r"|磕头|回头|跳绳|投降|激动|街舞|献吻|左太极|右太极|喜|向右|向左|闪烁|星星|鲜花|火|钱袋|钱|喇叭|广播|電話)\]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def printable(text: str) -> str:
    """The text with lone surrogates replaced, so that it can be written as UTF-8."""
    return _SURROGATE.sub("\ufffd", text)


def _single(char: str) -> str:
    """What one character counts as when patterns are matched."""
    if char in _MARKS:
        return _MARKS[char]
    if char == "\n" or char in "\u2028\u2029\x0b\x0c\x85":
        return "\n"
    if char in _CIRCLED:
        return char
    category = unicodedata.category(char)
    if category in {"Cc", "Cf", "Zs", "Mn", "Me"}:
        return " "
    if category in {"So", "Sk", "Co", "Cn"}:
        return BREAK
    folded = unicodedata.normalize("NFKC", char).lower()
    if folded in _MARKS:
        return _MARKS[folded]
    return folded if len(folded) == 1 else BREAK if category.startswith(("P", "S")) else char


def _blank(match: re.Match[str]) -> str:
    return BREAK * len(match.group())


def normalise(text: str) -> str:
    """Half-width, lower-case, simplified, one kind of dash; emoji become :data:`BREAK`. Same length as ``text``."""
    text = text.replace("\r\n", " \n").replace("\r", "\n")
    text = _KEYCAP.sub(lambda m: _CIRCLED[int(m.group(1)) - 1] + " " * (len(m.group()) - 1), text)
    text = _EMOTICON.sub(_blank, text)
    table = {char: _single(char) for char in set(text)}
    # one call for all distinct ideographs; a converter that ever answers in another shape is not believed
    ideographs = [char for char in table.values() if "\u3400" <= char <= "\u9fff"]
    converted = _converter().convert("\n".join(ideographs)).split("\n")
    if len(converted) == len(ideographs):
        simple = {was: now for was, now in zip(ideographs, converted, strict=True) if len(now) == 1}
        table = {char: simple.get(plain, plain) for char, plain in table.items()}
    return text.translate({ord(char): plain for char, plain in table.items()})
