"""Faults: what is wrong, in which file, at which place of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong with a policy folder or with the data given to it.

    ``place`` is a key path (``conditions.income.test``), a line number, or empty;
    ``column`` is 1-based inside the expression, 0 where there is none.
    """

    file: str
    place: str
    column: int
    message: str

    def __str__(self) -> str:
        where = f"{self.place}:{self.column}" if self.column else self.place
        return f"{self.file}: {where}: {self.message}" if where else f"{self.file}: {self.message}"


class PolicyError(Exception):
    """The work cannot be done as the policies or the data stand; carries every fault found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(map(str, self.faults)))


class WrongUse(Exception):
    """The call itself is wrong: no such folder, unit, policy or parameter. One plain line."""


def fail(file: str, message: str, place: str = "", column: int = 0) -> PolicyError:
    """A PolicyError with a single fault, ready to be raised."""
    return PolicyError([Fault(file, place, column, message)])
