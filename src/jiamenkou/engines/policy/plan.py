"""Rules → an ordered list of relations, the same for DuckDB, Spark and PostgreSQL.

``ground`` lays out facts and aggregates, ``verdicts`` the policies on top of them. All
columns have generated names; no name from a file or a policy reaches SQL except as a
quoted column of the base scan.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from jiamenkou.engines.policy import exp
from jiamenkou.engines.policy.meaning import Aggregate, Fact, Scope

PEOPLE, HOUSEHOLDS = "people_file", "households_file"
FILES = {Scope.PERSON: PEOPLE, Scope.HOUSEHOLD: HOUSEHOLDS}
IDS = {Scope.PERSON: "person_id", Scope.HOUSEHOLD: "household_id"}
INELIGIBLE, UNKNOWN, ELIGIBLE = 0, 1, 2
RESULTS = ("ineligible", "unknown", "eligible")
BITS = 62  # facts in one word of a mask: the sign stays clear


@dataclass(frozen=True, slots=True)
class Relation:
    """A named query; ``kept`` ones are worth storing (outputs, and what is read twice), the others feed them."""

    name: str
    query: exp.Select
    kept: bool = False

    def sources(self) -> set[str]:
        """The names of the relations and files that the query reads."""
        return {self.query.relation, *(join.relation for join in self.query.joins)}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a policy's result stands: columns of the kept relation of its unit.

    ``code`` is null outside the policy's area, else INELIGIBLE, UNKNOWN or ELIGIBLE; ``masks`` maps the
    index of a word to its column (bit i of word w is fact ``BITS * w + i``), 0 unless the code is UNKNOWN. ``fixed``
    is the amount of everybody eligible where it is one, and cannot overflow. The code of a ``sure`` policy is never
    UNKNOWN and its conditions never null where it applies; it applies ``everywhere`` or in an area.
    """

    policy: str
    unit: Scope
    code: str
    amount: str | None
    masks: dict[int, str]
    conditions: dict[str, str]
    fixed: exp.Expr | None = None
    sure: bool = False
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Prints:
    """Columns of the kept households that fingerprints are made of: the hashes of the household, of its members and
    of their number under exclusive or, and the number."""

    all: str
    count: str


@dataclass(slots=True)
class Plan:
    """``kept`` names the output relation of a unit (absent if it has no policy); ``facts`` are what masks speak of.

    An output relation has ``unit_id``, ``area`` and the columns of its outcomes, for persons ``household_id`` too.
    ``scanned`` are the columns of the files that are read; ``shown`` maps what an explained policy reads to the
    column that holds it; ``prints`` is there if it was asked for and the plan passes every household anyway;
    ``calm`` says that nothing in it can overflow (see ``ranges``).
    """

    relations: list[Relation] = field(default_factory=list)
    kept: dict[Scope, str] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    facts: tuple[str, ...] = ()
    scanned: dict[Scope, tuple[str, ...]] = field(default_factory=dict)
    shown: dict[str, dict[Fact | Aggregate, str]] = field(default_factory=dict)
    prints: Prints | None = None
    calm: bool = False

    def missing(self, words: Iterable[tuple[int, int]]) -> list[str]:
        """The facts that the given (word, mask) pairs stand for, sorted."""
        return [
            self.facts[BITS * word + bit]
            for word, mask in sorted(words)
            for bit in range(mask.bit_length())
            if mask >> bit & 1
        ]
