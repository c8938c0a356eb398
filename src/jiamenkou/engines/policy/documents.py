"""YAML read as events, so that nothing is built, resolved or expanded behind our back.

Scalars stay the text that was written: ``area: 0320`` never becomes octal and
``test: null`` stays an expression. Tags, anchors, aliases, duplicate keys, a second
document and deep nesting are refused with their line while the events arrive, so a
bomb costs no more than the characters it is written in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from jiamenkou.engines.policy.faults import PolicyError, fail

MOST_BYTES = 256 * 1024
MOST_DEPTH = 6
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """The text of a scalar as written, and the line it begins on."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Entries in the order written; ``keys`` holds the line of each key."""

    items: dict[str, Node]
    keys: dict[str, int]
    line: int


Node = Scalar | Sequence | Mapping


def read(path: Path) -> Mapping:
    """The one mapping that ``path`` holds.

    Raises PolicyError naming the line: not UTF-8, too large, broken YAML, or any of the refused constructs.
    """
    name = path.name
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise fail(name, "文件无法读取") from error
    if len(raw) > MOST_BYTES:
        raise fail(name, f"文件超过 {MOST_BYTES // 1024} KB", "1")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise fail(name, "不是 UTF-8 编码", str(line)) from error
    try:
        return _document(name, yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise fail(name, f"YAML 写法有误：{error.problem or error.context}", str(line)) from error
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise fail(name, "含有 YAML 不允许的字符", str(line)) from error


def _document(name: str, events: Iterator[Any]) -> Mapping:
    found: Node | None = None
    for event in events:
        if isinstance(event, (yaml.StreamStartEvent, yaml.DocumentEndEvent, yaml.StreamEndEvent)):
            continue
        if isinstance(event, yaml.DocumentStartEvent):
            if found is not None:
                raise _refuse(name, event, "一个文件只能有一份文档")
            continue
        found = _node(name, event, events, 1)
    if not isinstance(found, Mapping):
        raise fail(name, "文件应是键与值的对照表", str(found.line) if found else "1")
    return found


def _refuse(name: str, event: Any, message: str) -> PolicyError:
    return fail(name, message, str(event.start_mark.line + 1))


def _node(name: str, event: Any, events: Iterator[Any], depth: int) -> Node:
    line = event.start_mark.line + 1
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
        raise _refuse(name, event, "不允许使用锚点（&）和引用（*）")
    if event.tag is not None:
        raise _refuse(name, event, f"不允许使用标签 {event.tag}")
    if isinstance(event, yaml.ScalarEvent):
        return Scalar(event.value, line)
    if depth > MOST_DEPTH:
        raise _refuse(name, event, f"嵌套超过 {MOST_DEPTH} 层")
    if isinstance(event, yaml.SequenceStartEvent):
        members: list[Node] = []
        while not isinstance(following := next(events), yaml.SequenceEndEvent):
            members.append(_node(name, following, events, depth + 1))
        return Sequence(tuple(members), line)
    items: dict[str, Node] = {}
    keys: dict[str, int] = {}
    while not isinstance(following := next(events), yaml.MappingEndEvent):
        key = _node(name, following, events, depth + 1)
        if not isinstance(key, Scalar):
            raise _refuse(name, following, "键应是一个词")
        if key.text in items:
            raise _refuse(name, following, f"键 {key.text} 重复")
        items[key.text] = _node(name, next(events), events, depth + 1)
        keys[key.text] = key.line
    return Mapping(items, keys, line)
