"""Facts and aggregates as relations, level by level.

An aggregate needs a person's facts, a household's derived fact may need the aggregate,
a person's fact may need that again. Each expression therefore has a level, the number
of aggregations below it:

    households (level L)  ←  aggregates over persons (level L-1)
    persons    (level L)  ←  the households of the same level, where something is used
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from jiamenkou.engines.policy import exp, sql
from jiamenkou.engines.policy.checking import InForce, Rule, Rules
from jiamenkou.engines.policy.meaning import Aggregate, Constant, Fact, Kind, Meaning, Operation, Scope
from jiamenkou.engines.policy.names import Named, bind, closure, walk
from jiamenkou.engines.policy.plan import BITS, FILES, IDS, Plan, Relation
from jiamenkou.engines.policy.ranges import calm
from jiamenkou.engines.policy.sql import OVER_NOBODY, Compiler, Flavour, Sql, aliased, case, column, is_null, number
from jiamenkou.engines.policy.syntax import SINCE

Key = tuple[str, object]
# What is null only if an argument is.
_STRICT = (
    frozenset({"==", "!=", "<", "<=", ">", ">=", "in", "and", "or", "not", "+", "-", "*", "neg", "abs", "min", "max"})
    | {"if_", "coalesce", "known"}
    | SINCE
)


def key_of(part: Fact | Aggregate) -> Key:
    """Under what a part is found among a side's columns."""
    return ("aggregate", part) if isinstance(part, Aggregate) else (part.scope.value, part.name)


@dataclass(slots=True)
class Side:
    """The growing relation of one scope: its name so far, which of its columns holds what, and how those are written
    that were put beside others."""

    scope: Scope
    name: str = ""
    columns: dict[Key, str] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)

    def at(self, what: str, which: object) -> Sql:
        return column(self.columns[what, which])


class Ground:
    """Grows ``plan.relations``; ``active`` are the rules in force with their parameters put in.

    ``prints`` asks for the hashes that fingerprints are made of; ``verified`` says that whose household is not there
    stops the run; ``never`` are the words of masks that are always 0
    for a unit of that scope.
    """

    def __init__(
        self, rules: Rules, values: InForce, flavour: Flavour, *, prints: bool = False, verified: bool = False
    ) -> None:
        self.rules, self.flavour, self.day = rules, flavour, values.day
        self.active = {id_: _bound(rules.policies[id_], values) for id_ in sorted(values.values)}
        self.plan = Plan()
        self.sides = {scope: Side(scope) for scope in Scope}
        self.used: dict[Scope, dict[Fact | Aggregate, None]] = {scope: {} for scope in Scope}
        self._made = 0
        self._levels: dict[Key, int] = {}
        self._collect()
        self.plan.facts = tuple(sorted({str(one.fact) for names in self.named.values() for one in names}))
        self.top = max((self.level(part) for used in self.used.values() for part in used), default=0)
        self.prints = prints and self.top > 0 and self.has(Scope.HOUSEHOLD)
        self.verified, self._known = verified, dict[tuple[Scope, str], bool]()
        for key, meaning in rules.derived.items():  # in order of use, as above
            self._known[key] = self.known(meaning, key[0])
        self.never: set[tuple[Scope, int]] = set()
        every = [one for rule in self.active.values() for one in expressions(rule)]
        used = {one.name for part in self.used.values() for one in part if isinstance(one, Fact)}
        derived = {key: meaning for key, meaning in rules.derived.items() if key[1] in used}
        self.plan.calm = bool(rules.seen) and calm(every, derived, rules.seen, self.day)

    def has(self, scope: Scope) -> bool:
        """Whether any policy in force is about this unit."""
        return any(rule.policy.unit is scope for rule in self.active.values())

    def _collect(self) -> None:
        """Find every fact and aggregate used, under the scope that needs it as a column."""
        pending = [(one, rule.policy.unit) for rule in self.active.values() for one in expressions(rule)]
        while pending:
            meaning, scope = pending.pop()
            for part in walk(meaning):
                if part in self.used[scope]:
                    continue
                self.used[scope][part] = None
                if isinstance(part, Aggregate):
                    self.used[Scope.HOUSEHOLD].setdefault(part)
                    pending.append((part.argument, Scope.PERSON))
                elif part.scope is not scope:
                    pending.append((part, part.scope))
                elif (part.scope, part.name) in self.rules.derived:
                    pending.append((self.rules.derived[part.scope, part.name], part.scope))
        for (scope, name), meaning in self.rules.derived.items():  # in order of use: ``level`` never recurs deeply
            self._levels[scope.value, name] = self.level(meaning)

    def level(self, meaning: Meaning) -> int:
        """How many aggregations lie below ``meaning``."""
        found = 0
        for part in walk(meaning):
            key = key_of(part)
            if key not in self._levels:
                self._levels[key] = 1 + self.level(part.argument) if isinstance(part, Aggregate) else 0
            found = max(found, self._levels[key])
        return found

    @cached_property
    def named(self) -> dict[Meaning, frozenset[Named]]:
        """The recorded facts that each condition and amount names, through derived facts."""
        derived: dict[tuple[Scope, str], frozenset[Named]] = {}
        for key, meaning in self.rules.derived.items():
            derived[key] = closure(meaning, derived)
        return {one: closure(one, derived) for rule in self.active.values() for one in expressions(rule)}

    # Relations

    def fresh(self, prefix: str) -> str:
        """A column or relation name that nothing else has."""
        self._made += 1
        return f"{prefix}{self._made}"

    def add(self, side: Side, query: exp.Select, *, kept: bool = False) -> None:
        """The side is ``query`` from now on."""
        side.name = self.fresh("households_" if side.scope is Scope.HOUSEHOLD else "people_")
        self.plan.relations.append(Relation(side.name, query, kept))

    def extend(self, side: Side, added: list[tuple[str, Sql]]) -> None:
        """Put columns beside those the side has; what is there already gets no second column."""
        columns, same = [], dict[str, str]()
        for name, tree in added:
            there = name
            if self.flavour is Flavour.DUCKDB:
                there = tree.name if isinstance(tree, exp.Column) else side.written.setdefault(tree.written(), name)
            if there == name:
                columns.append(aliased(tree, name))
            else:
                same[name] = there
        if columns:
            self.add(side, sql.select([exp.Star(), *columns], side.name))
        self.rename(side, same)

    def rename(self, side: Side, names: dict[str, str]) -> None:
        """What the side has under the old ``names`` it has under the new ones from here on."""
        if names:
            side.columns |= {key: names[name] for key, name in side.columns.items() if name in names}
            for shown in self.plan.shown.values():
                shown.update({part: names[name] for part, name in shown.items() if name in names})

    def compiler(self, side: Side) -> Compiler:
        return Compiler(self.flavour, self.day, lambda part: column(side.columns[key_of(part)]),
                        self._counted if self.plan.calm else None)  # fmt: skip

    def _counted(self, meaning: Meaning) -> tuple[str, Fact] | None:
        """The unit and the recorded date, no infinite one among them, that ``meaning`` counts complete time from."""
        while isinstance(meaning, Fact) and (meaning.scope, meaning.name) in self.rules.derived:
            meaning = self.rules.derived[meaning.scope, meaning.name]
        if not isinstance(meaning, Operation) or meaning.name not in SINCE:
            return None
        fact = meaning.arguments[0]
        if not isinstance(fact, Fact) or fact.name not in self.rules.seen[fact.scope].ranges:
            return None
        return (meaning.name, fact) if (fact.scope, fact.name) not in self.rules.derived else None

    def words(self, facts: dict[str, Fact]) -> Iterator[tuple[int, list[tuple[int, Fact]]]]:
        """``facts`` grouped by the word of the mask they stand in, each with its bit."""
        words: dict[int, list[tuple[int, Fact]]] = {}
        for index, name in enumerate(self.plan.facts):
            if name in facts:
                words.setdefault(index // BITS, []).append((1 << index % BITS, facts[name]))
        yield from words.items()

    def _base(self, side: Side) -> None:
        """The scan: the columns that are used, in the four types, and which of the named ones are null."""
        scope = side.scope
        recorded = {IDS[scope]: Kind.TEXT, "household_id": Kind.TEXT, "area": Kind.TEXT}
        named = {one.fact for names in self.named.values() for one in names if one.fact.scope is scope}
        used = {part for part in self.used[scope] if isinstance(part, Fact) and part.scope is scope}
        for fact in sorted(named | used, key=lambda one: one.name):
            if (scope, fact.name) not in self.rules.derived:
                recorded[fact.name] = self.rules.columns[scope][fact.name]
        self.plan.scanned[scope] = tuple(recorded)
        complete = self.rules.complete(scope)
        columns: list[Sql] = []
        scanned: dict[str, Sql] = {}
        for name, kind in recorded.items():
            side.columns[scope.value, name] = alias = self.fresh("f")
            scanned[name] = sql.typed_null(kind) if kind not in sql.TYPES else sql.cast(column(name), sql.TYPES[kind])
            columns.append(aliased(scanned[name], alias))
        side.columns["home", "key"] = side.columns[scope.value, "household_id"]
        for word, facts in self.words({str(one): one for one in named}):
            flags = [
                case((is_null(scanned[fact.name]), number(bit)), default=number(0))
                for bit, fact in facts
                if fact.name not in complete
            ]
            if not flags:
                self.never.add((scope, word))
                continue
            side.columns["nulls", word] = alias = self.fresh("n")
            columns.append(aliased(sql.bits(exp.Add, flags), alias))
        if self.prints:
            side.columns["print", "own"] = alias = self.fresh("p")
            raw = [column(name) for name in recorded if name != "household_id"]
            columns.append(aliased(sql.call("hash", *raw), alias))
        self.add(side, sql.select(columns, FILES[scope]))

    def households(self, level: int) -> None:
        """Bring the households to ``level``; nothing happens where no policy looks at a household."""
        side = self.sides[Scope.HOUSEHOLD]
        if not self.has(Scope.HOUSEHOLD) and not self.used[Scope.HOUSEHOLD]:
            return
        if level == 0:
            self._base(side)
        else:
            self._aggregate(side, self.sides[Scope.PERSON], level)
        self._derive(side, level)

    def _aggregate(self, side: Side, persons: Side, level: int) -> None:
        """Group the persons of the level below and join what comes out to every household."""
        compiler, home = self.compiler(persons), persons.columns["home", "key"]
        grouped = [aliased(column(home), "home")]
        found: list[Sql] = [exp.Star("h")]
        for part in self.used[Scope.HOUSEHOLD]:
            if not isinstance(part, Aggregate) or self.level(part) != level:
                continue
            raw, name = self.fresh("a"), self.fresh("a")
            grouped.append(aliased(compiler.aggregate(part, known=self.known(part.argument)), raw))
            kept: Sql = column(raw, "a")
            if (empty := OVER_NOBODY[part.name]) is not None:
                kept = case((is_null(column("home", "a")), sql.constant(empty)), default=kept)
            found.append(aliased(kept, name))
            side.columns["aggregate", part] = name
        if level == 1:
            for (what, word), alias in persons.columns.items():
                if what == "nulls":
                    raw, name = self.fresh("a"), self.fresh("n")
                    grouped.append(aliased(exp.BitwiseOrAgg(this=column(alias)), raw))
                    found.append(aliased(exp.Coalesce(this=column(raw, "a"), expressions=[number(0)]), name))
                    side.columns["members", word] = name
            if self.prints:
                self._print(side, persons, grouped, found)
        group = self.fresh("groups_")
        query = sql.select(grouped, persons.name).where(exp.Not(this=is_null(column(home))))
        self.plan.relations.append(Relation(group, query.group_by(column(home))))
        own = exp.EQ(this=column(side.columns["home", "key"], "h"), expression=column("home", "a"))
        self.add(side, sql.left_join(sql.select(found, side.name, "h"), group, "a", own))

    def _print(self, side: Side, persons: Side, grouped: list[Sql], found: list[Sql]) -> None:
        """The hashes of the household, of its members and of their number under exclusive or, and the number."""
        own, members, count = side.columns["print", "own"], self.fresh("p"), self.fresh("p")
        grouped.append(aliased(sql.call("bit_xor", column(persons.columns["print", "own"])), members))
        grouped.append(aliased(exp.Count(this=exp.Star()), count))
        nobody = is_null(column(count, "a")), column(own, "h")
        together = sql.call("xor", column(members, "a"), sql.call("hash", column(count, "a")))
        for what, tree in (
            ("all", case(nobody, default=sql.call("xor", column(own, "h"), together))),
            ("count", exp.Coalesce(this=column(count, "a"), expressions=[number(0)])),
        ):
            side.columns["print", what] = name = self.fresh("p")
            found.append(aliased(tree, name))

    def known(self, meaning: Meaning, scope: Scope = Scope.PERSON) -> bool:
        """Whether ``meaning`` is never null for a unit of ``scope``, as far as that can be told from the columns
        without a null."""
        if isinstance(meaning, Constant):
            return meaning.value is not None
        if isinstance(meaning, Operation):
            strict = meaning.name in _STRICT
            if meaning.name in {"//", "%"}:
                strict = isinstance(meaning.arguments[1], Constant) and meaning.arguments[1].value != 0
            return strict and all(self.known(one, scope) for one in meaning.arguments)
        at_home = self.verified and "household_id" in self.rules.complete(Scope.PERSON)
        if scope is Scope.PERSON and isinstance(meaning, (Fact, Aggregate)) and foreign(meaning) and not at_home:
            return False
        if isinstance(meaning, Aggregate):
            return OVER_NOBODY[meaning.name] is not None and self.known(meaning.argument)
        if not isinstance(meaning, Fact) or (meaning.scope is not scope and scope is Scope.HOUSEHOLD):
            return False
        if (meaning.scope, meaning.name) in self.rules.derived:
            return self._known[meaning.scope, meaning.name]
        if meaning.name not in self.rules.complete(meaning.scope):
            return False
        # The parts of an infinite date are null.
        return meaning.kind is not Kind.DATE or meaning.name in self.rules.seen[meaning.scope].ranges

    def persons(self, level: int, screen: Callable[[Side], None] | None = None) -> None:
        """Bring the persons to ``level``; at the last one only person policies still need them.

        ``screen`` may narrow them at the last level, when their own facts are there and the households' are not.
        """
        side, home = self.sides[Scope.PERSON], self.sides[Scope.HOUSEHOLD]
        last = level == self.top
        if last and not self.has(Scope.PERSON):
            return
        if level == 0:
            self._base(side)
        if last and screen is not None:
            self._derive(side, level, own=True)
            screen(side)
        keys = [key_of(part) for part in self.used[Scope.PERSON] if foreign(part) and self.level(part) == level]
        if last:
            keys += [key for key in home.columns if key[0] in {"nulls", "members", "code", "mask"}]
            if "household_id" not in self.rules.complete(Scope.PERSON):
                keys += [("nulls", word) for scope, word in sorted(self.never, key=str) if scope is Scope.HOUSEHOLD]
        if keys:
            self._join_household(side, home, keys)
        self._derive(side, level)
        # Read by the aggregates and again by the persons. DuckDB reads the file twice in less than it takes to store.
        many = self.top > 1 or self.flavour is not Flavour.DUCKDB
        if level == 0 and not last and many and self.has(Scope.PERSON):
            self.plan.relations[-1] = replace(self.plan.relations[-1], kept=True)

    def _join_household(self, side: Side, home: Side, keys: list[Key]) -> None:
        columns: list[Sql] = [exp.Star("p")]
        for key in keys:
            kept, name, held = key, self.fresh("j"), home.columns.get(key)
            source: Sql = number(0) if held is None else column(held, "h")
            if key[0] == "nulls":  # without a household every fact of it is null
                kept = "home", key[1]
                source = case((is_null(column(side.columns["home", "key"], "p")), number(2**BITS - 1)), default=source)
            elif key[0] in {"members", "mask"}:
                source = exp.Coalesce(this=source, expressions=[number(0)])
            columns.append(aliased(source, name))
            side.columns[kept] = name
        same = exp.EQ(
            this=column(side.columns["home", "key"], "p"), expression=column(home.columns["home", "key"], "h")
        )
        self.add(side, sql.left_join(sql.select(columns, side.name, "p"), home.name, "h", same))

    def _derive(self, side: Side, level: int, *, own: bool = False) -> None:
        """Derived facts of this level, those that build on one another in layers; with ``own`` only those for which
        everything is there already."""
        there = set(side.columns)
        layer: dict[str, int] = {}
        layers: dict[int, list[tuple[str, Meaning]]] = {}
        wanted = {part.name for part in self.used[side.scope] if isinstance(part, Fact) and part.scope is side.scope}
        for (scope, name), meaning in self.rules.derived.items():
            if scope is not side.scope or name not in wanted or self.level(meaning) != level:
                continue
            if (scope.value, name) in side.columns or (own and not {key_of(part) for part in walk(meaning)} <= there):
                continue
            there.add((scope.value, name))
            mine = [p.name for p in walk(meaning) if isinstance(p, Fact) and p.scope is scope]
            layer[name] = 1 + max((layer[other] for other in mine if other in layer), default=-1)
            layers.setdefault(layer[name], []).append((name, meaning))
        for index in sorted(layers):
            compiler = self.compiler(side)
            built = [(self.fresh("d"), compiler.build(meaning)) for _, meaning in layers[index]]
            for (name, _), (alias, _) in zip(layers[index], built, strict=True):
                side.columns[side.scope.value, name] = alias
            self.extend(side, built)


def foreign(part: Fact | Aggregate) -> bool:
    """Whether a person finds ``part`` in its household's row."""
    return isinstance(part, Aggregate) or part.scope is Scope.HOUSEHOLD


def expressions(rule: Rule) -> list[Meaning]:
    """The conditions and the amount of a rule."""
    return [*rule.conditions, *([rule.amount] if rule.amount is not None else [])]


def _bound(rule: Rule, values: InForce) -> Rule:
    mine = {name: value for name, (_, value) in values.values[rule.policy.id].items()}
    amount = None if rule.amount is None else bind(rule.amount, mine)
    return Rule(rule.policy, tuple(bind(one, mine) for one in rule.conditions), amount)
