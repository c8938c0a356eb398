"""A register in memory: for measuring, for tests, and as the plainest reading of what a register must do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

from jiamenkou.foundation.people.roster.planning import Action, Plan
from jiamenkou.foundation.people.roster.register import ELSEWHERE, Found, Known, NameBirth, NameText
from jiamenkou.foundation.people.roster.rows import Facts
from jiamenkou.foundation.people.roster.values import fold

K = TypeVar("K")


class MemoryRegister:
    """Numbers are their own tokens. ``elsewhere`` are the numbers that another community holds."""

    def __init__(self, grids: Iterable[str] = (), elsewhere: Iterable[str] = ()) -> None:
        self._grids = list(grids)
        self._elsewhere = frozenset(elsewhere)
        self.people: dict[int, Known] = {}
        self._index: dict[object, dict[int, None]] = {}

    def grids(self) -> Collection[str]:
        return self._grids

    def token(self, kind: str, value: str) -> str:
        return value

    def by_code(self, codes: Collection[str]) -> Mapping[str, Known]:
        return {known.code: known for code in codes if (known := self.people.get(int(code[1:])))}

    def by_number(self, tokens: Collection[str]) -> Mapping[str, Found]:
        found: dict[str, Found] = {number: ELSEWHERE for number in tokens if number in self._elsewhere}
        found.update({number: known for number in tokens for known in self._at(("number", number))})
        return found

    def by_name_and_birth(self, keys: Collection[NameBirth]) -> Mapping[NameBirth, Sequence[Known]]:
        return {key: self._at(("birth", *key)) for key in keys}

    def by_name_and_phone(self, keys: Collection[NameText]) -> Mapping[NameText, Sequence[Known]]:
        return {key: self._at(("phone", *key)) for key in keys}

    def by_name_and_address(self, keys: Collection[NameText]) -> Mapping[NameText, Sequence[Known]]:
        return {key: self._at(("address", *key)) for key in keys}

    def by_name(self, names: Collection[str]) -> Mapping[str, Sequence[Known]]:
        return {name: [known for known in self._at(("name", name)) if not known.facts.tells_who] for name in names}

    def apply(self, plan: Plan) -> None:
        """Do what the plan says, errors left out."""
        self._grids += plan.new_grids
        for step in plan.steps:
            if step.action is Action.CREATE:
                self._store(Known(len(self.people) + 1, step.row.facts, extra=dict(step.row.extra or {})))
            elif step.action is Action.UPDATE and step.known is not None:
                known = self.people[step.known.ref]
                self._forget(known)
                extra = {**known.extra, **(step.row.extra or {})}
                self._store(replace(known, facts=_updated(known.facts, step.row.facts), extra=extra))

    def _at(self, key: object) -> list[Known]:
        return [self.people[ref] for ref in self._index.get(key, ())]

    def _store(self, known: Known) -> None:
        self.people[known.ref] = known
        for key in _keys(known.facts):
            self._index.setdefault(key, {})[known.ref] = None

    def _forget(self, known: Known) -> None:
        for key in _keys(known.facts):
            self._index[key].pop(known.ref, None)


def _keys(facts: Facts) -> list[tuple[Any, ...]]:
    keys: list[tuple[Any, ...]] = [("name", facts.name)]
    keys += [("phone", facts.name, phone) for phone in facts.phones]
    if facts.number:
        keys.append(("number", facts.number))
    if facts.birth_date:
        keys.append(("birth", facts.name, facts.birth_date))
    if facts.address:
        keys.append(("address", facts.name, fold(facts.address)))
    return keys


def _updated(stored: Facts, said: Facts) -> Facts:
    """What is stored, with everything that the row says in its place."""
    news = {field.name: getattr(said, field.name) for field in fields(Facts)}
    return replace(stored, **{name: value for name, value in news.items() if value is not None and value != ()})
