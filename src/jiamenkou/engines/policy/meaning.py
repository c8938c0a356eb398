"""From a tree of words to a typed one: what each name is, and which type each part has.

Two scopes exist. In a person's scope a bare name is the person's fact; in a
household's it is a fact that only the household has. Inside an aggregate the scope
is the member's. Without data the columns of the files are not known: then a name
that could be a column has the type ANY, and only what is certain is a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from jiamenkou.engines.policy import syntax
from jiamenkou.engines.policy.syntax import AGGREGATES, SINCE, Call, Literal, Name, Refused, Tree, Value


class Kind(Enum):
    """The type of a value; the label is what a message calls it."""

    INTEGER = "整数"
    TEXT = "文字"
    BOOLEAN = "真假"
    DATE = "日期"
    NULL = "未知（null）"  # fits anywhere: nothing but null was seen
    ANY = "任意"  # not known without data


class Scope(Enum):
    PERSON = "person"
    HOUSEHOLD = "household"


@dataclass(frozen=True, slots=True)
class Constant:
    value: Value
    kind: Kind


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Fact:
    """A recorded or derived fact of the person at hand or of its household."""

    scope: Scope
    name: str
    kind: Kind

    def __str__(self) -> str:
        return self.name if self.scope is Scope.PERSON else f"household.{self.name}"


@dataclass(frozen=True, slots=True)
class Operation:
    """A function or operator on values of one row."""

    name: str
    arguments: tuple[Meaning, ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A function over the members of the household; ``argument`` is in a member's scope."""

    name: str
    argument: Meaning
    kind: Kind


Meaning = Constant | Parameter | Fact | Operation | Aggregate

_LOOSE = frozenset({Kind.NULL, Kind.ANY})
_ORDERED = frozenset({Kind.INTEGER, Kind.DATE}) | _LOOSE
# What the files hold in any case; all that is known of them without data.
COLUMNS: dict[Scope, dict[str, Kind]] = {
    Scope.PERSON: dict.fromkeys(("person_id", "household_id", "area"), Kind.TEXT) | {"birth_date": Kind.DATE},
    Scope.HOUSEHOLD: dict.fromkeys(("household_id", "area"), Kind.TEXT),
}


def kind_of(value: Value) -> Kind:
    """The type of a constant."""
    if value is None:
        return Kind.NULL
    if isinstance(value, bool):
        return Kind.BOOLEAN
    if isinstance(value, int):
        return Kind.INTEGER
    return Kind.DATE if isinstance(value, date) else Kind.TEXT


def unify(left: Kind, right: Kind) -> Kind | None:
    """The type that holds both, or None."""
    if left is right or right in _LOOSE:
        return right if left is Kind.NULL and right is Kind.ANY else left
    return right if left in _LOOSE else None


@dataclass(slots=True)
class Names:
    """What names mean: known facts by scope, and whether there may be more of them (no data seen)."""

    person: dict[str, Kind] = field(default_factory=dict)
    household: dict[str, Kind] = field(default_factory=dict)
    open: bool = False

    def of(self, scope: Scope) -> dict[str, Kind]:
        return self.person if scope is Scope.PERSON else self.household


class Reader:
    """Reads the trees of one unit of rules (a policy or the derived facts of one scope).

    ``read`` raises syntax.Refused with the column of the first thing that makes no sense.
    """

    def __init__(self, names: Names, scope: Scope, parameters: Mapping[str, Kind]) -> None:
        self.names, self.scope, self.parameters = names, scope, parameters
        self.operators: dict[str, Callable[[Call, tuple[Meaning, ...]], Kind]] = {
            "and": self._logic, "or": self._logic, "not": self._logic,
            "neg": self._arithmetic, "abs": self._arithmetic, "min": self._extreme, "max": self._extreme,
            "known": lambda call, given: Kind.BOOLEAN,
            "coalesce": lambda call, given: self._same(call, given, given),
            "if_": self._choice, "in": self._comparison,
        }  # fmt: skip
        self.operators.update(dict.fromkeys(("+", "-", "*", "//", "%"), self._arithmetic))
        self.operators.update(dict.fromkeys(("==", "!=", "<", "<=", ">", ">="), self._comparison))
        self.operators.update(dict.fromkeys(SINCE, self._since))

    def read(self, tree: Tree, wanted: Kind | None = None) -> Meaning:
        found = self._visit(tree, self.scope, inside=False)
        if wanted is not None and unify(found.kind, wanted) is None:
            raise Refused(f"这里应是{wanted.value}，写的是{found.kind.value}", tree.column)
        return found

    def _visit(self, tree: Tree, scope: Scope, *, inside: bool) -> Meaning:
        if isinstance(tree, Literal):
            return Constant(tree.value, kind_of(tree.value))
        if isinstance(tree, Name):
            return self._name(tree, scope, inside=inside)
        if tree.function in AGGREGATES:
            if inside:
                raise Refused(f"聚合函数里不能直接再用聚合函数 {tree.function}", tree.column)
            argument = self._visit(tree.arguments[0], Scope.PERSON, inside=True)
            return Aggregate(tree.function, argument, self._aggregate(tree, argument))
        given = tuple(self._visit(argument, scope, inside=inside) for argument in tree.arguments)
        return Operation(tree.function, given, self.operators[tree.function](tree, given))

    def _name(self, tree: Name, scope: Scope, *, inside: bool) -> Meaning:
        name, column, names = tree.name, tree.column, self.names
        if tree.of_household:
            return Fact(Scope.HOUSEHOLD, name, self._kind(Scope.HOUSEHOLD, name, column, f"household.{name}"))
        if name in self.parameters:
            return Parameter(name, self.parameters[name])
        if name == syntax.HOUSEHOLD and name not in names.of(scope):
            raise Refused("household 后面应有 .名称", column)
        if scope is Scope.PERSON:
            return Fact(Scope.PERSON, name, self._kind(Scope.PERSON, name, column, name))
        if name in names.person and name in names.household:
            raise Refused(f"{name} 在人员和家庭中都有：家庭的写 household.{name}，成员的写在聚合函数里", column)
        if name in names.person:
            raise Refused(f"{name} 是成员的事实，家庭政策里只能写在聚合函数里", column)
        return Fact(Scope.HOUSEHOLD, name, self._kind(Scope.HOUSEHOLD, name, column, name))

    def _kind(self, scope: Scope, name: str, column: int, written: str) -> Kind:
        kind = self.names.of(scope).get(name)
        if kind is None:
            if self.names.open:
                return Kind.ANY
            raise Refused(f"没有名称 {written}", column)
        return kind

    def _aggregate(self, tree: Call, argument: Meaning) -> Kind:
        if tree.function in {"any", "all", "count"}:
            self._expect(tree.arguments[0], argument, Kind.BOOLEAN)
            return Kind.INTEGER if tree.function == "count" else Kind.BOOLEAN
        if tree.function == "sum":
            self._expect(tree.arguments[0], argument, Kind.INTEGER)
            return Kind.INTEGER
        if argument.kind not in _ORDERED:
            raise Refused(f"{tree.function} 只能用于整数或日期，这里是{argument.kind.value}", tree.column)
        return argument.kind

    def _expect(self, tree: Tree, given: Meaning, kind: Kind) -> None:
        if unify(given.kind, kind) is None:
            raise Refused(f"这里应是{kind.value}，写的是{given.kind.value}", tree.column)

    def _logic(self, call: Call, given: tuple[Meaning, ...]) -> Kind:
        for tree, one in zip(call.arguments, given, strict=True):
            self._expect(tree, one, Kind.BOOLEAN)
        return Kind.BOOLEAN

    def _arithmetic(self, call: Call, given: tuple[Meaning, ...]) -> Kind:
        for tree, one in zip(call.arguments, given, strict=True):
            self._expect(tree, one, Kind.INTEGER)
        return Kind.INTEGER

    def _extreme(self, call: Call, given: tuple[Meaning, ...]) -> Kind:
        kind = self._same(call, given, given)
        if kind not in _ORDERED:
            raise Refused(f"{call.function} 只能用于整数或日期，这里是{kind.value}", call.column)
        return kind

    def _same(self, call: Call, given: tuple[Meaning, ...], compared: tuple[Meaning, ...]) -> Kind:
        kind: Kind = Kind.NULL
        for tree, one in zip(call.arguments[len(given) - len(compared) :], compared, strict=True):
            both = unify(kind, one.kind)
            if both is None:
                raise Refused(f"类型不一致：{kind.value}和{one.kind.value}", tree.column)
            kind = both
        return kind

    def _choice(self, call: Call, given: tuple[Meaning, ...]) -> Kind:
        self._expect(call.arguments[0], given[0], Kind.BOOLEAN)
        return self._same(call, given, given[1:])

    def _comparison(self, call: Call, given: tuple[Meaning, ...]) -> Kind:
        kind = self._same(call, given, given)
        if call.function not in {"==", "!=", "in"} and kind not in _ORDERED:
            raise Refused(f"{kind.value}不能比较大小，只能用 ==、!= 和 in", call.column)
        return Kind.BOOLEAN

    def _since(self, call: Call, given: tuple[Meaning, ...]) -> Kind:
        self._expect(call.arguments[0], given[0], Kind.DATE)
        return Kind.INTEGER


def mentions(tree: Tree, scope: Scope, *, inside: bool = False) -> set[tuple[Scope, str]]:
    """Every name that ``tree`` mentions, with the scope it is looked up in."""
    if isinstance(tree, Name):
        member = scope is Scope.PERSON or inside
        return {(Scope.PERSON if member and not tree.of_household else Scope.HOUSEHOLD, tree.name)}
    if isinstance(tree, Literal):
        return set()
    within = inside or tree.function in AGGREGATES
    return set().union(*(mentions(argument, scope, inside=within) for argument in tree.arguments))
