"""A typed expression becomes an SQL tree: the one place where the contract's arithmetic meets SQL.

Everything is BIGINT, VARCHAR, BOOLEAN or DATE. What SQL does not do by itself is built
here: floor division, ``min`` and ``max`` that do not skip nulls, complete months, typed
nulls. ``if_`` and ``coalesce`` evaluate only the branch they take. An overflow of 64 bits
is the engine's own error on each of the three databases.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import reduce

from jiamenkou.engines.policy import exp
from jiamenkou.engines.policy.meaning import Aggregate, Constant, Fact, Kind, Meaning, Operation, Parameter
from jiamenkou.engines.policy.syntax import Value

Sql = exp.Expr


class Flavour(Enum):
    """The databases a plan can be written for; the value is SQLGlot's name of the dialect."""

    DUCKDB = "duckdb"
    SPARK = "spark"
    POSTGRES = "postgres"


TYPES = {Kind.INTEGER: "BIGINT", Kind.TEXT: "VARCHAR", Kind.BOOLEAN: "BOOLEAN", Kind.DATE: "DATE"}
_COMPARISONS: dict[str, type[exp.Binary]] = {
    "==": exp.EQ, "!=": exp.NEQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE,
}  # fmt: skip
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ARITHMETIC: dict[str, type[exp.Binary]] = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}


def column(name: str, table: str | None = None) -> Sql:
    return exp.Column(name, table)


def cast(tree: Sql, type_: str) -> Sql:
    return exp.Cast(tree, type_)


def call(name: str, *arguments: Sql) -> Sql:
    """A function that has no class of its own."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def aliased(tree: Sql, name: str) -> Sql:
    return exp.Alias(tree, name)


def select(columns: list[Sql], relation: str, alias: str | None = None) -> exp.Select:
    """``SELECT columns FROM relation [AS alias]``; the columns become part of it."""
    return exp.Select(columns, relation, alias)


def left_join(query: exp.Select, relation: str, alias: str, on: Sql) -> exp.Select:
    return query.left_join(relation, alias, on)


def text(query: exp.Select | Sql, flavour: Flavour) -> str:
    """The query in the words of one database."""
    if flavour is Flavour.DUCKDB:
        return query.written()
    from jiamenkou.engines.policy import dialects  # SQLGlot: a run on DuckDB need not load it

    return dialects.text(query, flavour.value)


quoted, literal = exp.quoted, exp.literal


def number(value: int) -> Sql:
    """A 64-bit literal; a bare literal would be 32 bits wide and overflow early."""
    return cast(exp.Literal.number(value), "BIGINT")


def typed_null(kind: Kind) -> Sql:
    return cast(exp.null(), TYPES.get(kind, "BIGINT"))


def wrap(tree: Sql) -> Sql:
    """``tree`` in parentheses where it is an operator."""
    return exp.Paren(this=tree) if isinstance(tree, (exp.Binary, exp.Unary, exp.In)) else tree


def case(*branches: tuple[Sql, Sql], default: Sql | None = None) -> Sql:
    return exp.Case(ifs=[exp.If(this=test, true=value) for test, value in branches], default=default)


def switch(value: Sql, *branches: tuple[Sql, Sql], default: Sql | None = None) -> Sql:
    """``CASE value WHEN … THEN … END``; a null value takes the default."""
    return exp.Case(this=value, ifs=[exp.If(this=test, true=then) for test, then in branches], default=default)


def is_null(tree: Sql) -> Sql:
    return exp.Is(this=wrap(tree), expression=exp.null())


def joined(kind: type[exp.Binary], together: Sequence[Sql]) -> Sql:
    """``together`` joined by one operator as a balanced tree: a long chain stays shallow."""
    parts = list(together)
    while len(parts) > 1:
        pairs = [parts[index : index + 2] for index in range(0, len(parts), 2)]
        parts = [kind(this=wrap(p[0]), expression=wrap(p[1])) if len(p) == 2 else p[0] for p in pairs]
    return parts[0]


def constant(value: Value) -> Sql:
    if value is None:
        return exp.null()
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, int):
        return number(value)
    if isinstance(value, date):
        return cast(exp.Literal.string(value.isoformat()), "DATE")
    return exp.Literal.string(value)


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles expressions for one day; ``place`` gives the column of a fact or of an aggregate's result, ``counted``
    what a time is counted from (given only where nothing can overflow).

    Parameters are put in before (``names.bind``).
    """

    flavour: Flavour
    day: date
    place: Callable[[Fact | Aggregate], Sql]
    counted: Callable[[Meaning], tuple[str, Fact] | None] | None = None

    def build(self, meaning: Meaning, kind: Kind | None = None) -> Sql:
        """The tree of ``meaning``; ``kind`` is the type that the place wants of a bare null."""
        wanted = meaning.kind if kind is None or meaning.kind is not Kind.NULL else kind
        if meaning.kind is Kind.NULL:
            return typed_null(wanted)
        if isinstance(meaning, Constant):
            return constant(meaning.value)
        if isinstance(meaning, (Fact, Aggregate)):
            return self.place(meaning)
        if isinstance(meaning, Parameter):
            raise TypeError(f"parameter {meaning.name} has no value")
        return self._operation(meaning)

    def _operation(self, meaning: Operation) -> Sql:
        name, given = meaning.name, meaning.arguments
        if name in {"and", "or"}:
            kind = exp.And if name == "and" else exp.Or
            return joined(kind, [self.build(one, Kind.BOOLEAN) for one in given])
        if name == "not":
            return exp.Not(this=wrap(self.build(given[0], Kind.BOOLEAN)))
        if name == "known":
            return exp.Not(this=is_null(self.build(given[0])))
        if name in _COMPARISONS or name == "in":
            return self._comparison(name, given)
        if name == "if_":
            return self._choice(meaning)
        if name == "coalesce":
            first, second = (self.build(one, meaning.kind) for one in given)
            return exp.Coalesce(this=first, expressions=[second])
        if name in {"min", "max"}:
            return self._extreme(meaning)
        if name in {"years_since", "months_since", "days_since"}:
            return self._since(name, self.build(given[0], Kind.DATE))
        return self._arithmetic(name, [wrap(self.build(one, Kind.INTEGER)) for one in given], given)

    def _comparison(self, name: str, given: tuple[Meaning, ...]) -> Sql:
        if (found := self._by_date(name, *given)) is not None:
            return found
        kind = next((one.kind for one in given if one.kind is not Kind.NULL), Kind.INTEGER)
        first, *others = (wrap(self.build(one, kind)) for one in given)
        if name == "in":
            return exp.In(this=first, expressions=others)
        return _COMPARISONS[name](this=first, expression=others[0])

    def _by_date(self, name: str, *given: Meaning) -> Sql | None:
        """``years_since(d) >= 80`` as ``d <= DATE '…'``: the same days, and no date is taken apart."""
        if self.counted is None or name not in _MIRRORED or len(given) != 2:
            return None
        if isinstance(given[0], Constant):
            given, name = given[::-1], _MIRRORED[name]
        time, limit = given
        if not isinstance(limit, Constant) or type(limit.value) is not int or (found := self.counted(time)) is None:
            return None
        # The last day from which ``value`` units are complete; "> n" is ">= n + 1", "< n" is "not >= n".
        value = limit.value + (name in {">", "<="})
        last = last_day(found[0], value, self.day)
        if last is None:
            return None
        kind = exp.LTE if name in {">", ">="} else exp.GT
        return kind(this=self.place(found[1]), expression=constant(last))

    def _choice(self, meaning: Operation) -> Sql:
        test, yes, no = meaning.arguments
        chosen = [self.build(one, meaning.kind) for one in (yes, no)]
        return switch(wrap(self.build(test, Kind.BOOLEAN)), (exp.true(), chosen[0]), (exp.false(), chosen[1]))

    def _extreme(self, meaning: Operation) -> Sql:
        """LEAST and GREATEST skip nulls; and DuckDB cannot copy a call that names one column twice."""
        if any(one.kind is Kind.NULL for one in meaning.arguments):
            return typed_null(meaning.kind)
        given = {one: self.build(one, meaning.kind) for one in meaning.arguments}
        least = exp.Least if meaning.name == "min" else exp.Greatest
        first, *others = given.values()
        found = least(this=first, expressions=others, ignore_nulls=True) if others else first
        known = [exp.Not(this=is_null(part)) for one, part in given.items() if not isinstance(one, Constant)]
        return case((joined(exp.And, known), found)) if known else found

    def _arithmetic(self, name: str, parts: list[Sql], given: tuple[Meaning, ...]) -> Sql:
        if name == "neg":
            return exp.Neg(this=parts[0])
        if name == "abs":
            below = exp.LT(this=parts[0], expression=number(0))
            return case((below, exp.Neg(this=parts[0])), default=parts[0])
        if name in _ARITHMETIC:
            return _ARITHMETIC[name](this=parts[0], expression=parts[1])
        # The divisor where it is the same for every row, as it nearly always is.
        known = given[1].value if isinstance(given[1], Constant) else None
        divisor = known if isinstance(known, int) else None
        floor = self._floor_div if name == "//" else self._floor_mod
        return floor(parts[0], parts[1], divisor)

    def _quotient(self, left: Sql, right: Sql) -> Sql:
        if self.flavour is Flavour.POSTGRES:  # its DIV is numeric; "/" of two integers already truncates
            return exp.Div(this=left, expression=right, typed=True, safe=False)
        return exp.IntDiv(this=left, expression=right)

    def _floor_div(self, left: Sql, right: Sql, divisor: int | None) -> Sql:
        """Truncated quotient, less one where a remainder of the other sign is left."""
        if divisor == 0:
            return typed_null(Kind.INTEGER)
        safe = right if divisor else exp.Nullif(this=right, expression=number(0))
        other_sign = self._other_sign(self._remainder(left, right, divisor), right, divisor)
        step = case((other_sign, number(1)), default=number(0))
        return exp.Sub(this=wrap(self._quotient(left, safe)), expression=step)

    def _floor_mod(self, left: Sql, right: Sql, divisor: int | None) -> Sql:
        """Truncated remainder, plus the divisor where it has the other sign."""
        if divisor == 0:
            return typed_null(Kind.INTEGER)
        rest = self._remainder(left, right, divisor)
        step = case((self._other_sign(rest, right, divisor), right), default=number(0))
        return exp.Add(this=wrap(rest), expression=step)

    def _remainder(self, left: Sql, right: Sql, divisor: int | None) -> Sql:
        """The truncated remainder; by 0 null, by -1 zero (the smallest integer modulo -1 is an error in DuckDB)."""
        if divisor is None:
            by_zero, by_minus_one = (number(0), typed_null(Kind.INTEGER)), (number(-1), number(1))
            right = switch(right, by_zero, by_minus_one, default=right)
        return exp.Mod(this=left, expression=number(1) if divisor == -1 else right)

    def _other_sign(self, rest: Sql, right: Sql, divisor: int | None) -> Sql:
        if divisor is not None:
            return (exp.LT if divisor > 0 else exp.GT)(this=wrap(rest), expression=number(0))
        signs = exp.Mul(this=exp.Sign(this=rest), expression=exp.Sign(this=right))
        return exp.EQ(this=signs, expression=exp.Neg(this=exp.Literal.number(1)))

    def _since(self, name: str, day: Sql) -> Sql:
        """Complete units from ``day`` to the evaluation date.

        Comparing the day of the month alone lets a day that a month lacks count from the first of the next.
        """
        now = self.day
        if name == "days_since":
            if self.flavour is Flavour.SPARK:
                return cast(exp.DateDiff(this=constant(now), expression=day), "BIGINT")
            return cast(exp.Paren(this=exp.Sub(this=constant(now), expression=wrap(day))), "BIGINT")
        year, month, of_month = (_part(unit, day) for unit in ("YEAR", "MONTH", "DAY"))
        if name == "months_since":
            months = exp.Add(this=exp.Mul(this=year, expression=number(12)), expression=month)
            late = exp.GT(this=of_month, expression=number(now.day))
            whole = exp.Sub(this=number(now.year * 12 + now.month), expression=exp.Paren(this=months))
        else:
            in_year = exp.Add(this=exp.Mul(this=month, expression=number(32)), expression=of_month)
            late = exp.GT(this=exp.Paren(this=in_year), expression=number(now.month * 32 + now.day))
            whole = exp.Sub(this=number(now.year), expression=year)
        return exp.Sub(this=exp.Paren(this=whole), expression=case((late, number(1)), default=number(0)))

    def aggregate(self, meaning: Aggregate, *, known: bool = False) -> Sql:
        """The grouped form of an aggregate over at least one member; null as the contract says.

        ``known`` says that no member's value is null, so that nothing has to be counted.
        """
        of_numbers = meaning.name in {"sum", "least", "most"}
        argument = self.build(meaning.argument, Kind.INTEGER if of_numbers else Kind.BOOLEAN)
        all_ = exp.Count(this=exp.Star())

        def complete(found: Sql, *first: tuple[Sql, Sql]) -> Sql:
            if known:
                return found
            return case(*first, (exp.EQ(this=exp.Count(this=argument), expression=all_), found))

        if meaning.name in {"any", "all"}:
            found = exp.LogicalOr(this=argument) if meaning.name == "any" else exp.LogicalAnd(this=argument)
            if known:
                return found
            decided, otherwise = exp.Boolean(this=meaning.name == "any"), exp.Boolean(this=meaning.name == "all")
            return complete(otherwise, (exp.EQ(this=found, expression=decided), decided))
        if meaning == Aggregate("count", Constant(True, Kind.BOOLEAN), Kind.INTEGER):
            return all_
        if meaning.name == "count":
            return complete(exp.Count(this=case((argument, number(1)))))
        if meaning.name == "sum":
            # Summed wider than 64 bits and narrowed once: only the total can overflow, in whatever order it came.
            if self.counted is not None and self.flavour is Flavour.DUCKDB:
                return complete(cast(call("sum_no_overflow", argument), "BIGINT"))  # it cannot: see ``ranges``
            wide = cast(argument, "DECIMAL(38, 0)") if self.flavour is Flavour.SPARK else argument
            return complete(cast(exp.Sum(this=wide), "BIGINT"))
        return complete(exp.Min(this=argument) if meaning.name == "least" else exp.Max(this=argument))


def last_day(unit: str, count: int, today: date) -> date | None:
    """The last day that is ``count`` complete units of ``years_since`` … before ``today``; None outside the calendar."""
    if abs(count) > 10_000_000:
        return None
    if unit == "days_since":
        ordinal = today.toordinal() - count
        return date.fromordinal(ordinal) if 1 <= ordinal <= date.max.toordinal() else None
    months = today.year * 12 + today.month - 1 - count * (12 if unit == "years_since" else 1)
    if not 12 <= months < 120_000:
        return None
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(today.day, monthrange(year, month)[1]))


# What an aggregate is over no members at all.
OVER_NOBODY: dict[str, Value] = {"any": False, "all": True, "count": 0, "sum": 0, "least": None, "most": None}


def bits(kind: type[exp.Binary], parts: Sequence[Sql]) -> Sql:
    """``parts`` under a bitwise operator; no part is 0."""
    return reduce(lambda left, right: kind(this=wrap(left), expression=wrap(right)), parts) if parts else number(0)


def _part(unit: str, day: Sql) -> Sql:
    return cast(exp.Extract(unit, day), "BIGINT")
