"""Walks over typed expressions: what they use at once, what they name through derived facts, parameters put in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from jiamenkou.engines.policy.meaning import (
    Aggregate,
    Constant,
    Fact,
    Meaning,
    Operation,
    Parameter,
    Scope,
    kind_of,
)  # fmt: skip
from jiamenkou.engines.policy.syntax import Value

Where = Literal["own", "members", "household"]


@dataclass(frozen=True, slots=True)
class Named:
    """A recorded fact that an expression names, and whose it is: the person's own, the members', the household's."""

    where: Where
    fact: Fact


def walk(meaning: Meaning) -> Iterator[Fact | Aggregate]:
    """The facts and aggregates that ``meaning`` reads in its own row; it does not look inside aggregates."""
    if isinstance(meaning, (Fact, Aggregate)):
        yield meaning
    elif isinstance(meaning, Operation):
        for argument in meaning.arguments:
            yield from walk(argument)


def bind(meaning: Meaning, values: Mapping[str, Value]) -> Meaning:
    """``meaning`` with every parameter replaced by its value."""
    if isinstance(meaning, Parameter):
        return Constant(values[meaning.name], kind_of(values[meaning.name]))
    if isinstance(meaning, Aggregate):
        return replace(meaning, argument=bind(meaning.argument, values))
    if isinstance(meaning, Operation):
        return replace(meaning, arguments=tuple(bind(argument, values) for argument in meaning.arguments))
    return meaning


def closure(meaning: Meaning, derived: Mapping[tuple[Scope, str], frozenset[Named]]) -> frozenset[Named]:
    """Every recorded fact that ``meaning`` names, directly or through derived facts, branches not taken included.

    ``derived`` holds the closures of the derived facts it may mention.
    """
    found: set[Named] = set()
    for part in walk(meaning):
        if isinstance(part, Aggregate):
            found |= {_of_members(one) for one in closure(part.argument, derived)}
        elif (part.scope, part.name) in derived:
            found |= derived[part.scope, part.name]
        else:
            found.add(Named("own" if part.scope is Scope.PERSON else "household", part))
    return frozenset(found)


def _of_members(named: Named) -> Named:
    return Named("members", named.fact) if named.where == "own" else named
