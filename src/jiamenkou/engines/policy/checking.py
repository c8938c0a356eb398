"""What the words of a folder mean: names, types, cycles. ``check`` returns rules ready to be planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from graphlib import CycleError, TopologicalSorter

from jiamenkou.engines.policy import syntax
from jiamenkou.engines.policy.faults import Fault, PolicyError, WrongUse
from jiamenkou.engines.policy.library import FACTS, Dated, Expression, Library, Policy, parameter_value
from jiamenkou.engines.policy.meaning import COLUMNS, Kind, Meaning, Names, Reader, Scope, kind_of, mentions
from jiamenkou.engines.policy.ranges import Seen
from jiamenkou.engines.policy.syntax import Value

Columns = Mapping[Scope, Mapping[str, Kind]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A policy with its expressions understood; ``conditions`` in the order of the policy's."""

    policy: Policy
    conditions: tuple[Meaning, ...]
    amount: Meaning | None


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that can be planned: policies by id, derived facts in an order that respects their use."""

    policies: dict[str, Rule]
    derived: dict[tuple[Scope, str], Meaning]
    columns: Columns
    seen: Mapping[Scope, Seen] = field(default_factory=dict)  # what the files say of themselves, where there are any

    def complete(self, scope: Scope) -> frozenset[str]:
        """The columns that are known to hold no null."""
        return self.seen[scope].complete if scope in self.seen else frozenset()


def check(library: Library, columns: Columns | None = None) -> Rules:
    """Settle names and types against the columns of the files (None: without data, only what is certain).

    Raises PolicyError with a fault for every expression, name or ``unless`` that cannot stand.
    """
    return _Check(library, columns).run()


class _Check:
    def __init__(self, library: Library, columns: Columns | None) -> None:
        self.library = library
        self.columns = COLUMNS if columns is None else columns
        person, household = (dict(self.columns[scope]) for scope in (Scope.PERSON, Scope.HOUSEHOLD))
        self.names = Names(person, household, open=columns is None)
        self.faults: list[Fault] = []

    def run(self) -> Rules:
        derived = self._derived()
        policies = {}
        for policy in self.library.policies.values():
            self._parameters(policy)
            kinds = {name: dated.kind for name, dated in policy.parameters.items()}
            reader = Reader(self.names, policy.unit, kinds)
            conditions = [self._read(reader, one.test, Kind.BOOLEAN) for one in policy.conditions]
            amount = self._read(reader, policy.amount, Kind.INTEGER) if policy.amount else None
            policies[policy.id] = (policy, conditions, amount)
        self._unless()
        if self.faults:
            raise PolicyError(self.faults)
        rules = {
            id_: Rule(policy, tuple(one for one in conditions if one is not None), amount)
            for id_, (policy, conditions, amount) in policies.items()
        }
        return Rules(rules, derived, self.columns)

    def _read(self, reader: Reader, expression: Expression, wanted: Kind | None) -> Meaning | None:
        if expression.tree is None:
            return None
        try:
            return reader.read(expression.tree, wanted)
        except syntax.Refused as refused:
            self.faults.append(Fault(expression.file, expression.place, refused.column, refused.message))
            return None

    def _derived(self) -> dict[tuple[Scope, str], Meaning]:
        wanted = self.library.derived
        sorter: TopologicalSorter[tuple[Scope, str]] = TopologicalSorter()
        for key, expression in wanted.items():
            scope, name = key
            if name in self.columns[scope]:
                self.faults.append(Fault(expression.file, expression.place, 0, f"{name} 与数据文件中的列同名"))
            used = mentions(expression.tree, scope) if expression.tree else set()
            sorter.add(key, *sorted(used & wanted.keys(), key=lambda one: (one[0].value, one[1])))
        try:
            order = list(sorter.static_order())
        except CycleError as error:
            circle = [_written(key) for key in error.args[1]]
            scope, name = min(error.args[1], key=lambda one: (one[0].value, one[1]))
            self.faults.append(Fault(FACTS, wanted[scope, name].place, 0, "循环引用：" + " → ".join(circle)))
            raise PolicyError(self.faults) from error
        found: dict[tuple[Scope, str], Meaning] = {}
        # A derived fact is announced before it is read, so that a fault in one is not reported at its users too.
        for scope, name in order:
            self.names.of(scope).setdefault(name, Kind.ANY)
        for scope, name in order:
            meaning = self._read(Reader(self.names, scope, {}), wanted[scope, name], None)
            if meaning is not None:
                found[scope, name] = meaning
                if name not in self.columns[scope]:
                    self.names.of(scope)[name] = meaning.kind
        return found

    def _parameters(self, policy: Policy) -> None:
        for name in policy.parameters:
            if name in self.names.person or name in self.names.household:
                self.faults.append(Fault(policy.file, f"parameters.{name}", 0, f"参数 {name} 与事实同名"))

    def _unless(self) -> None:
        policies = self.library.policies
        sorter: TopologicalSorter[str] = TopologicalSorter()
        for policy in policies.values():
            for other in policy.unless:
                if other not in policies:
                    self.faults.append(Fault(policy.file, "unless", 0, f"没有政策 {other}"))
                elif policies[other].unit is not policy.unit and policies[other].unit is Scope.PERSON:
                    self.faults.append(Fault(policy.file, "unless", 0, f"家庭政策不能排除于个人政策 {other}"))
            sorter.add(policy.id, *sorted(set(policy.unless) & policies.keys()))
        try:
            sorter.prepare()
        except CycleError as error:
            circle: list[str] = error.args[1]
            self.faults.append(Fault(policies[min(circle)].file, "unless", 0, "循环排除：" + " → ".join(circle)))


def _written(key: tuple[Scope, str]) -> str:
    return key[1] if key[0] is Scope.PERSON else f"household.{key[1]}"


@dataclass(frozen=True, slots=True)
class InForce:
    """The policies in force on a day with the value of every parameter and the date it holds from.

    ``since`` is None for a value that ``--set`` put in its place.
    """

    day: date
    values: dict[str, dict[str, tuple[date | None, Value]]]


def in_force(library: Library, day: date, settings: Mapping[str, str] | None = None) -> InForce:
    """Choose values for ``day``; ``settings`` maps ``policy.parameter`` to the text that replaces its value.

    Settings put nothing in force. Raises WrongUse for an unknown policy, parameter or a value of another type.
    """
    replaced = {key: _setting(library, key, text) for key, text in (settings or {}).items()}
    values: dict[str, dict[str, tuple[date | None, Value]]] = {}
    for policy in library.policies.values():
        found = policy.values_on(day)
        if found is not None:
            mine = {name: replaced.get(f"{policy.id}.{name}") for name in found}
            values[policy.id] = {n: pair if mine[n] is None else (None, mine[n]) for n, pair in found.items()}
    return InForce(day, values)


def _setting(library: Library, key: str, text: str) -> Value:
    id_, _, name = key.partition(".")
    policy = library.policies.get(id_)
    dated: Dated | None = policy.parameters.get(name) if policy else None
    if dated is None:
        raise WrongUse(f"--set {key}：没有这个政策或参数")
    value: Value = text if dated.kind is Kind.TEXT else parameter_value(text)
    if value is None or kind_of(value) is not dated.kind:
        raise WrongUse(f"--set {key}：取值应是{dated.kind.value}")
    return value
