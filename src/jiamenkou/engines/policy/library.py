"""The policies folder: one YAML file a policy, ``facts.yaml`` for derived facts.

``load`` reads the form (keys, dates, parameters, grammar of expressions); what names
and types mean is settled by ``checking``. Every fault of every file is reported at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from jiamenkou.engines.policy import documents, syntax
from jiamenkou.engines.policy.documents import Mapping, Node, Scalar, Sequence
from jiamenkou.engines.policy.faults import Fault, PolicyError, WrongUse
from jiamenkou.engines.policy.meaning import Kind, Scope, kind_of
from jiamenkou.engines.policy.syntax import Tree, Value

FACTS = "facts.yaml"
MOST_POLICIES = 1_000
MOST_ENTRIES = 500  # conditions, parameters or derived facts in one file
_HEAD = ("policy", "name", "unit", "area", "source", "in_force")
_POLICY_KEYS = frozenset({*_HEAD, "parameters", "conditions", "unless", "benefit", "documents"})
_ID = re.compile(r"[^\W\d][\w-]{0,63}")
_FLOAT = re.compile(r"[-+]?(\d+\.\d*|\.\d+|\d+)([eE][-+]?\d+)?")


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression and where it is written; ``tree`` is None where its form is already a fault."""

    text: str
    file: str
    place: str
    tree: Tree | None


@dataclass(frozen=True, slots=True)
class Condition:
    id: str
    label: str
    test: Expression
    article: str | None


@dataclass(frozen=True, slots=True)
class Dated:
    """A parameter: its values, each in force from its date on, oldest first."""

    kind: Kind
    values: tuple[tuple[date, Value], ...]

    def on(self, day: date) -> tuple[date, Value] | None:
        """The value in force on ``day`` and since when, or None before the first."""
        past = [pair for pair in self.values if pair[0] <= day]
        return past[-1] if past else None


@dataclass(frozen=True, slots=True)
class Source:
    title: str | None
    number: str | None
    article: str | None


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy as written. ``until`` is the last day in force."""

    id: str
    file: str
    name: str
    unit: Scope
    area: str
    sources: tuple[Source, ...]
    since: date
    until: date | None
    parameters: dict[str, Dated]
    conditions: tuple[Condition, ...]
    unless: tuple[str, ...]
    amount: Expression | None
    per: str | None
    documents: tuple[str, ...]

    def values_on(self, day: date) -> dict[str, tuple[date, Value]] | None:
        """Every parameter's value and its date, or None where the policy is not in force on ``day``."""
        if day < self.since or (self.until is not None and day > self.until):
            return None
        found = {name: dated.on(day) for name, dated in self.parameters.items()}
        return None if None in found.values() else {name: pair for name, pair in found.items() if pair is not None}


@dataclass(slots=True)
class Library:
    """All policies of a folder by id, sorted, and the derived facts by scope and name."""

    policies: dict[str, Policy] = field(default_factory=dict)
    derived: dict[tuple[Scope, str], Expression] = field(default_factory=dict)


def load(folder: Path) -> Library:
    """Read every ``*.yaml`` and ``*.yml`` of ``folder``.

    Raises WrongUse without such a folder or any policy in it, PolicyError with every fault of form.
    """
    if not folder.is_dir():
        raise WrongUse(f"没有政策目录 {folder}")
    files = sorted(path for path in folder.iterdir() if path.suffix in {".yaml", ".yml"})
    if not any(path.name != FACTS for path in files):
        raise WrongUse(f"目录 {folder} 里没有政策文件（*.yaml）")
    if len(files) > MOST_POLICIES:
        raise WrongUse(f"目录 {folder} 里的政策文件超过 {MOST_POLICIES} 个")
    library = Library()
    faults: list[Fault] = []
    for path in files:
        try:
            document = documents.read(path)
        except PolicyError as error:
            faults += error.faults
            continue
        form = _Form(path.name)
        if path.name == FACTS:
            library.derived = form.facts(document)
        elif policy := form.policy(document):
            if policy.id in library.policies:
                form.fault("policy", f"政策 {policy.id} 已在 {library.policies[policy.id].file} 中")
            else:
                library.policies[policy.id] = policy
        faults += form.faults
    if faults:
        raise PolicyError(faults)
    library.policies = dict(sorted(library.policies.items()))
    return library


class _Form:
    """Reads one file's form, collecting faults."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []

    def fault(self, place: str, message: str, column: int = 0) -> None:
        self.faults.append(Fault(self.file, place, column, message))

    def policy(self, document: Mapping) -> Policy | None:
        self.known_keys(document, _POLICY_KEYS, "")
        for key in ("policy", "unit", "in_force", "conditions"):
            if key not in document.items:
                self.fault(key, "缺少这一项")
        id_ = self.text(document, "policy") or ""
        if id_ and not _ID.fullmatch(id_):
            self.fault("policy", "政策代号应以字母开头，只含字母、数字、_ 和 -，不超过 64 个字符")
        unit = self.text(document, "unit")
        if unit not in {"person", "household", None}:
            self.fault("unit", "unit 应是 person 或 household")
        area = self.text(document, "area") or ""
        if area and not re.fullmatch(r"[0-9]{1,12}", area):
            self.fault("area", "区划代码应是 1 到 12 位数字")
        since, until = self.in_force(document)
        amount, per = self.benefit(document)
        policy = Policy(
            id=id_, file=self.file, name=self.text(document, "name") or id_,
            unit=Scope.HOUSEHOLD if unit == "household" else Scope.PERSON, area=area,
            sources=tuple(self.sources(document)), since=since or date.min, until=until,
            parameters=dict(self.parameters(document)), conditions=tuple(self.conditions(document)),
            unless=self.words(document, "unless"), amount=amount, per=per, documents=self.words(document, "documents"),
        )  # fmt: skip
        return None if self.faults else policy

    def facts(self, document: Mapping) -> dict[tuple[Scope, str], Expression]:
        self.known_keys(document, {"facts", "household"}, "")
        found: dict[tuple[Scope, str], Expression] = {}
        for key, scope in (("facts", Scope.PERSON), ("household", Scope.HOUSEHOLD)):
            for name, node in self.entries(document, key):
                found[scope, name] = self.expression(node, f"{key}.{name}")
        return found

    def in_force(self, document: Mapping) -> tuple[date | None, date | None]:
        node = self.mapping(document, "in_force")
        if node is None:
            return None, None
        self.known_keys(node, {"from", "to"}, "in_force.")
        if "from" not in node.items:
            self.fault("in_force.from", "缺少生效日期")
        since, until = self.day(node, "from"), self.day(node, "to")
        if since and until and until < since:
            self.fault("in_force.to", "失效日期早于生效日期")
        return since, until

    def day(self, node: Mapping, key: str) -> date | None:
        if key not in node.items:
            return None
        written = node.items[key]
        found = syntax.iso_date(written.text) if isinstance(written, Scalar) else None
        if found is None:
            self.fault(f"in_force.{key}", "应是 YYYY-MM-DD 写法的真实日期")
        return found

    def parameters(self, document: Mapping) -> Iterator[tuple[str, Dated]]:
        for name, node in self.entries(document, "parameters"):
            place = f"parameters.{name}"
            if not isinstance(node, Mapping) or not node.items:
                self.fault(place, "应写各日期起的取值，如 {2024-07-01: 111000}")
                continue
            values: dict[date, Value] = {}
            for key, written in node.items.items():
                day = syntax.iso_date(key)
                value = parameter_value(written.text) if isinstance(written, Scalar) else None
                if day is None:
                    self.fault(f"{place}.{key}", "日期应是 YYYY-MM-DD 写法的真实日期")
                elif value is None:
                    self.fault(f"{place}.{key}", "取值应是 64 位整数、true、false、日期或文字")
                else:
                    values[day] = value
            kinds = {kind_of(value) for value in values.values()}
            if len(kinds) > 1:
                self.fault(place, "各日期的取值类型不一致")
            elif kinds:
                yield name, Dated(kinds.pop(), tuple(sorted(values.items(), key=lambda pair: pair[0])))

    def conditions(self, document: Mapping) -> Iterator[Condition]:
        entries = list(self.entries(document, "conditions"))
        if not entries and isinstance(document.items.get("conditions"), Mapping):
            self.fault("conditions", "至少要有一个条件")
        for id_, node in entries:
            place = f"conditions.{id_}"
            if id_ == "unit_id":
                self.fault(place, "unit_id 不能作条件名")
            if not isinstance(node, Mapping):
                self.fault(place, "应写 label、test，可有 article")
                continue
            self.known_keys(node, {"label", "test", "article"}, f"{place}.")
            if "test" not in node.items:
                self.fault(f"{place}.test", "缺少这一项")
                continue
            label, article = self.text(node, "label", f"{place}."), self.text(node, "article", f"{place}.")
            yield Condition(id_, label or id_, self.expression(node.items["test"], f"{place}.test"), article)

    def benefit(self, document: Mapping) -> tuple[Expression | None, str | None]:
        node = self.mapping(document, "benefit")
        if node is None:
            return None, None
        self.known_keys(node, {"amount", "per"}, "benefit.")
        if "amount" not in node.items:
            self.fault("benefit.amount", "缺少这一项")
            return None, None
        return self.expression(node.items["amount"], "benefit.amount"), self.text(node, "per", "benefit.")

    def sources(self, document: Mapping) -> Iterator[Source]:
        node = document.items.get("source")
        if node is None:
            return
        if not isinstance(node, Sequence):
            self.fault("source", "应是列表，每条写 title、number、article")
            return
        for index, item in enumerate(node.items, 1):
            if not isinstance(item, Mapping):
                self.fault(f"source.{index}", "应写 title、number、article")
                continue
            self.known_keys(item, {"title", "number", "article"}, f"source.{index}.")
            yield Source(*(self.text(item, key, f"source.{index}.") for key in ("title", "number", "article")))

    def expression(self, node: Node, place: str) -> Expression:
        if not isinstance(node, Scalar):
            self.fault(place, "应是一个表达式")
            return Expression("", self.file, place, None)
        tree = None
        try:
            tree = syntax.parse(node.text)
        except syntax.Refused as refused:
            self.fault(place, refused.message, refused.column)
        return Expression(node.text, self.file, place, tree)

    def entries(self, document: Mapping, key: str) -> list[tuple[str, Node]]:
        """The named things under ``key``; a name has to be one that an expression or a file can carry."""
        node = self.mapping(document, key)
        if node is None:
            return []
        if len(node.items) > MOST_ENTRIES:
            self.fault(key, f"超过 {MOST_ENTRIES} 项")
            return []
        for name in node.items:
            if not name.isidentifier() or len(name) > 64:
                self.fault(f"{key}.{name[:64]}", f"第 {node.keys[name]} 行：名称应以字母开头，只含字母、数字和 _")
            elif key != "conditions" and name in syntax.RESERVED:
                self.fault(f"{key}.{name}", f"{name} 是函数或保留字，不能作名称")
        return list(node.items.items())

    def mapping(self, document: Mapping, key: str) -> Mapping | None:
        node = document.items.get(key)
        if node is None or isinstance(node, Mapping):
            return node
        self.fault(key, "应是键与值的对照表")
        return None

    def words(self, document: Mapping, key: str) -> tuple[str, ...]:
        node = document.items.get(key)
        if node is None:
            return ()
        if isinstance(node, Sequence) and all(isinstance(item, Scalar) and item.text for item in node.items):
            return tuple(item.text for item in node.items if isinstance(item, Scalar))
        self.fault(key, "应是列表，如 [甲, 乙]")
        return ()

    def text(self, document: Mapping, key: str, prefix: str = "") -> str | None:
        node = document.items.get(key)
        if node is None:
            return None
        if isinstance(node, Scalar) and node.text.strip():
            return node.text
        self.fault(prefix + key, "应是一段不空的文字")
        return None

    def known_keys(self, document: Mapping, known: frozenset[str] | set[str], prefix: str) -> None:
        for key, line in document.keys.items():
            if key not in known:
                self.fault(prefix + key[:64], f"第 {line} 行：不认识的键")


def parameter_value(text: str) -> Value:
    """A parameter's value as written: integer, true/false, date or text; None if it is none of them."""
    if re.fullmatch(r"[-+]?[0-9]+", text):
        return int(text) if len(text) < 25 and int(text) in syntax.INT64 else None
    if text in {"true", "false"}:
        return text == "true"
    if text in {"", "null", "~"} or _FLOAT.fullmatch(text):
        return None
    return syntax.iso_date(text) or text
