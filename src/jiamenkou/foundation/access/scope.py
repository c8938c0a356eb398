"""Whose rows this transaction may see, and who is acting. The second line behind the scoped querysets.

Everything is set with ``set_config(…, true)``: it dies with the transaction, so a pooled connection never
carries one request's scope into the next. Without a scope row-level security shows no row; without an actor
the audit trigger refuses every write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from django.db import connection, transaction


@dataclass(frozen=True, slots=True)
class Scope:
    """Rows in view: whole communities, single grids, single residents; ``everything`` is for system work only."""

    communities: frozenset[int] = field(default_factory=frozenset)
    grids: frozenset[int] = field(default_factory=frozenset)
    residents: frozenset[int] = field(default_factory=frozenset)
    everything: bool = False

    def plus(self, *, communities: Iterable[int] = (), residents: Iterable[int] = ()) -> Scope:
        return replace(
            self,
            communities=self.communities | frozenset(communities),
            residents=self.residents | frozenset(residents),
        )


NOTHING = Scope()
EVERYTHING = Scope(everything=True)

_SET = """select set_config('app.communities', %s, true), set_config('app.grids', %s, true),
set_config('app.residents', %s, true), set_config('app.everything', %s, true)"""
_ACT = "select set_config('app.actor', %s, true), set_config('app.reason', %s, true)"


def _array(ids: Iterable[int]) -> str:
    return "{" + ",".join(str(int(i)) for i in sorted(ids)) + "}"


def apply(scope: Scope) -> None:
    """Set the scope for the rest of the transaction."""
    _require_transaction()
    with connection.cursor() as cursor:
        cursor.execute(_SET, _values(scope))


def declare(actor: str, reason: str) -> None:
    """Say who acts and why for the rest of the transaction.

    ``actor`` is ``account:7``, ``system:tasks``, ``命令行`` …: an id or a fixed word, never a name.
    """
    _require_transaction()
    with connection.cursor() as cursor:
        cursor.execute(_ACT, [actor, reason[:500]])


def begin(scope: Scope, actor: str, reason: str) -> None:
    """:func:`apply` and :func:`declare` in one round trip."""
    _require_transaction()
    with connection.cursor() as cursor:
        cursor.execute(f"{_SET}, {_ACT.removeprefix('select ')}", [*_values(scope), actor, reason[:500]])


def _values(scope: Scope) -> list[str]:
    ids = (scope.communities, scope.grids, scope.residents)
    return [*(_array(some) for some in ids), "on" if scope.everything else ""]


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("a scope is set inside a transaction, or it would outlive it or be lost")


@contextmanager
def scope(to: Scope, *, actor: str | None = None, reason: str = "") -> Iterator[None]:
    """A transaction of its own with this scope (and actor): for worker tasks and commands.

    Inside another transaction (tests run so) the settings of the outer one are put back afterwards: a savepoint
    would otherwise let them outlive the block.
    """
    names = ("communities", "grids", "residents", "everything", "actor", "reason")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select " + ", ".join(f"current_setting('app.{name}', true)" for name in names))
            before = cursor.fetchone()
        apply(to)
        if actor is not None:
            declare(actor, reason)
        try:
            yield
        finally:
            if not connection.needs_rollback:
                with connection.cursor() as cursor:
                    put = ", ".join(f"set_config('app.{name}', %s, true)" for name in names)
                    cursor.execute(f"select {put}", [value or "" for value in before])
