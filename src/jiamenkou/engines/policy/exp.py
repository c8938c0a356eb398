"""SQL as a tree of small nodes, and the words of DuckDB for it.

The nodes have the names and parts of SQLGlot's, which writes the same tree for the other databases (``dialects``).
A run on DuckDB needs no more than this: SQLGlot takes longer to import and to write than the database takes for the
smaller half of the work. Nodes are never changed once they are part of a tree, so one may stand in several places.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


class Expr:
    """A node; ``args`` are its parts by SQLGlot's names."""

    __slots__ = ("args",)

    def __init__(self, **args: object) -> None:
        self.args = args

    def written(self) -> str:
        """The node in the words of DuckDB."""
        raise NotImplementedError(type(self).__name__)

    def part(self, name: str) -> str:
        """One part, written."""
        one = self.args[name]
        assert isinstance(one, Expr)
        return one.written()

    def parts(self) -> list[str]:
        """The list of parts, written."""
        return [one.written() for one in self.listed()]

    def listed(self) -> Sequence[Expr]:
        found = self.args.get("expressions") or ()
        assert isinstance(found, (list, tuple))
        return found


def quoted(name: str) -> str:
    """A name that may be anything."""
    return '"' + name.replace('"', '""') + '"'


def literal(written: str) -> str:
    return "'" + written.replace("'", "''") + "'"


class Column(Expr):
    """A column by its name, of a relation's alias where one is given."""

    __slots__ = ("name", "table")

    def __init__(self, name: str, table: str | None = None) -> None:
        self.name, self.table = name, table

    def written(self) -> str:
        return quoted(self.name) if self.table is None else f"{quoted(self.table)}.{quoted(self.name)}"


class Star(Expr):
    """Every column, of a relation's alias where one is given."""

    __slots__ = ("table",)

    def __init__(self, table: str | None = None) -> None:
        self.table = table

    def written(self) -> str:
        return "*" if self.table is None else f"{quoted(self.table)}.*"


class Alias(Expr):
    __slots__ = ("name", "this")

    def __init__(self, this: Expr, name: str) -> None:
        self.this, self.name = this, name

    def written(self) -> str:
        return f"{self.this.written()} AS {quoted(self.name)}"


class Literal(Expr):
    __slots__ = ("text", "value")

    def __init__(self, value: int | str) -> None:
        self.value = value
        self.text = literal(value) if isinstance(value, str) else str(value)

    @classmethod
    def string(cls, value: str) -> Literal:
        return cls(value)

    @classmethod
    def number(cls, value: int) -> Literal:
        return cls(value)

    def written(self) -> str:
        return self.text


class Boolean(Expr):
    def written(self) -> str:
        return "TRUE" if self.args["this"] else "FALSE"


class Null(Expr):
    def written(self) -> str:
        return "NULL"


def null() -> Expr:
    return Null()


def true() -> Expr:
    return Boolean(this=True)


def false() -> Expr:
    return Boolean(this=False)


class Cast(Expr):
    """``type_`` is a type as it is written in SQL."""

    __slots__ = ("this", "type_")

    def __init__(self, this: Expr, type_: str) -> None:
        self.this, self.type_ = this, type_

    def written(self) -> str:
        return f"CAST({self.this.written()} AS {'TEXT' if self.type_ == 'VARCHAR' else self.type_})"


class Extract(Expr):
    """A part of a date, ``unit`` being YEAR, MONTH or DAY."""

    __slots__ = ("this", "unit")

    def __init__(self, unit: str, this: Expr) -> None:
        self.unit, self.this = unit, this

    def written(self) -> str:
        return f"EXTRACT({self.unit} FROM {self.this.written()})"


class Paren(Expr):
    def written(self) -> str:
        return f"({self.part('this')})"


class Unary(Expr):
    pass


class Not(Unary):
    def written(self) -> str:
        return f"NOT {self.part('this')}"


class Neg(Unary):
    def written(self) -> str:
        this = self.part("this")
        return f"-{' ' if this[0] == '-' else ''}{this}"


class Binary(Expr):
    """Two parts with ``sign`` between them."""

    sign = ""

    def written(self) -> str:
        return f"{self.part('this')} {self.sign} {self.part('expression')}"


class Add(Binary):
    sign = "+"


class Sub(Binary):
    sign = "-"


class Mul(Binary):
    sign = "*"


class Mod(Binary):
    sign = "%"


class IntDiv(Binary):
    sign = "//"


class Div(Binary):
    """PostgreSQL's only: there ``/`` of two integers truncates."""


class And(Binary):
    sign = "AND"


class Or(Binary):
    sign = "OR"


class EQ(Binary):
    sign = "="


class NEQ(Binary):
    sign = "<>"


class LT(Binary):
    sign = "<"


class LTE(Binary):
    sign = "<="


class GT(Binary):
    sign = ">"


class GTE(Binary):
    sign = ">="


class Is(Binary):
    sign = "IS"


class NullSafeNEQ(Binary):
    sign = "IS DISTINCT FROM"


class BitwiseAnd(Binary):
    sign = "&"


class BitwiseOr(Binary):
    sign = "|"


class In(Expr):
    def written(self) -> str:
        return f"{self.part('this')} IN ({', '.join(self.parts())})"


class If(Expr):
    """A branch of ``Case``."""

    def written(self) -> str:
        return f"WHEN {self.part('this')} THEN {self.part('true')}"


class Case(Expr):
    def written(self) -> str:
        branches = self.args["ifs"]
        assert isinstance(branches, list)
        this = f" {self.part('this')}" if self.args.get("this") else ""
        default = f" ELSE {self.part('default')}" if self.args.get("default") else ""
        return f"CASE{this} {' '.join([one.written() for one in branches])}{default} END"


class Function(Expr):
    """A call under ``name``: the part ``this``, then the list."""

    name = ""

    def written(self) -> str:
        return f"{self.name}({', '.join([self.part('this'), *self.parts()])})"


class Anonymous(Expr):
    """A call of a function that has no class here; ``this`` is its name."""

    def written(self) -> str:
        return f"{str(self.args['this']).upper()}({', '.join(self.parts())})"


class Coalesce(Function):
    name = "COALESCE"


class Greatest(Function):
    name = "GREATEST"


class Least(Function):
    name = "LEAST"


class Nullif(Expr):
    def written(self) -> str:
        return f"NULLIF({self.part('this')}, {self.part('expression')})"


class StartsWith(Expr):
    def written(self) -> str:
        return f"STARTS_WITH({self.part('this')}, {self.part('expression')})"


class DateDiff(Expr):
    """Spark's only."""


class Sign(Function):
    name = "SIGN"


class Count(Function):
    name = "COUNT"


class Sum(Function):
    name = "SUM"


class Min(Function):
    name = "MIN"


class Max(Function):
    name = "MAX"


class BitwiseOrAgg(Function):
    name = "BIT_OR"


class LogicalOr(Expr):
    name = "BOOL_OR"

    def written(self) -> str:
        this = self.args["this"]
        assert isinstance(this, Expr)
        if not (isinstance(this, Cast) and this.type_ == "BOOLEAN"):
            this = Cast(this, "BOOLEAN")
        return f"{self.name}({this.written()})"


class LogicalAnd(LogicalOr):
    name = "BOOL_AND"


@dataclass(slots=True)
class Join:
    """A left join of a relation."""

    relation: str
    alias: str
    on: Expr


@dataclass(slots=True)
class Select:
    """``SELECT expressions FROM relation [AS alias]`` and what follows; ``below`` are the named queries of its ``WITH``."""

    expressions: list[Expr]
    relation: str
    alias: str | None = None
    joins: list[Join] = field(default_factory=list)
    condition: Expr | None = None
    groups: list[Expr] = field(default_factory=list)
    order: list[Expr] = field(default_factory=list)
    below: list[tuple[str, Select]] = field(default_factory=list)

    def where(self, condition: Expr) -> Select:
        self.condition = condition
        return self

    def group_by(self, *groups: Expr) -> Select:
        self.groups = list(groups)
        return self

    def left_join(self, relation: str, alias: str, on: Expr) -> Select:
        self.joins.append(Join(relation, alias, on))
        return self

    def written(self) -> str:
        with_ = ", ".join([f"{quoted(name)} AS ({query.written()})" for name, query in self.below])
        said = [f"WITH {with_}"] if with_ else []
        said.append(f"SELECT {_listed(self.expressions)}")
        said.append(f"FROM {_named(self.relation, self.alias)}")
        said += [f"LEFT JOIN {_named(one.relation, one.alias)} ON {one.on.written()}" for one in self.joins]
        if self.condition is not None:
            said.append(f"WHERE {self.condition.written()}")
        if self.groups:
            said.append(f"GROUP BY {_listed(self.groups)}")
        if self.order:
            said.append(f"ORDER BY {_listed(self.order)}")
        return " ".join(said)


def _listed(parts: Iterable[Expr]) -> str:
    return ", ".join([one.written() for one in parts])


def _named(relation: str, alias: str | None) -> str:
    return quoted(relation) if alias is None else f"{quoted(relation)} AS {quoted(alias)}"
