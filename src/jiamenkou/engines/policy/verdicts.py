"""Policies on the ground of facts: conditions, ``unless``, result, amount and what is missing, as columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, dataclass

from jiamenkou.engines.policy import exp
from jiamenkou.engines.policy.checking import InForce, Rule, Rules
from jiamenkou.engines.policy.ground import Ground, Side, expressions, foreign, key_of
from jiamenkou.engines.policy.meaning import Kind, Meaning, Scope
from jiamenkou.engines.policy.names import walk
from jiamenkou.engines.policy.plan import BITS, ELIGIBLE, IDS, INELIGIBLE, UNKNOWN, Outcome, Plan, Prints
from jiamenkou.engines.policy.sql import (
    Flavour,
    Sql,
    aliased,
    bits,
    case,
    cast,
    column,
    is_null,
    joined,
    number,
    select,
    switch,
    typed_null,
    wrap,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the output relations hold. ``every``: ineligible units of a policy's area too; ``conditions``: a column
    each; ``show``: policies whose facts become columns too (for explaining); ``prints``: ``Plan.prints`` where it can;
    ``verified``: nothing of the run shows if a person's household is not there."""

    every: bool = True
    conditions: bool = True
    show: frozenset[str] = frozenset()
    prints: bool = False
    verified: bool = False


def make(rules: Rules, values: InForce, flavour: Flavour, wanted: Wanted) -> Plan:
    """The plan of every policy in force."""
    persons = any(rules.policies[id_].policy.unit is Scope.PERSON for id_ in values.values)
    prints = wanted.prints and (wanted.every or persons)  # only then every household is kept
    return _Verdicts(Ground(rules, values, flavour, prints=prints, verified=wanted.verified), wanted).run()


class _Verdicts:
    def __init__(self, ground: Ground, wanted: Wanted) -> None:
        self.ground, self.plan, self.wanted = ground, ground.plan, wanted
        self.sure: set[str] = set()  # policies that are never unknown: nothing that they look at is ever null

    def run(self) -> Plan:
        ground = self.ground
        for level in range(ground.top + 1):
            ground.households(level)
            if level == ground.top:
                self._policies(ground.sides[Scope.HOUSEHOLD])
            ground.persons(level, self._screen)
        self._policies(ground.sides[Scope.PERSON])
        return self.plan

    def _policies(self, side: Side) -> None:
        mine = {id_: rule for id_, rule in self.ground.active.items() if rule.policy.unit is side.scope}
        if not mine:
            return
        extend = self.ground.extend
        extend(side, list(self._conditions(side, mine)))
        extend(side, [(self._put(side, "all", id_), self._all(side, rule)) for id_, rule in mine.items()])
        if not self.wanted.every and not (side.scope is Scope.HOUSEHOLD and self.ground.has(Scope.PERSON)):
            self._drop(side, mine)
        waiting = dict(mine)
        while waiting:
            ready = {id_: rule for id_, rule in waiting.items() if not waiting.keys() & set(rule.policy.unless)}
            self.sure |= {id_ for id_, rule in ready.items() if self._sure(rule)}
            extend(side, [(self._put(side, "verdict", id_), self._verdict(side, rule)) for id_, rule in ready.items()])
            paid = {id_: rule for id_, rule in ready.items() if rule.amount is not None}
            extend(side, [(self._put(side, "raw", id_), self._amount(side, rule)) for id_, rule in paid.items()])
            extend(side, [(self._put(side, "code", id_), self._code(side, rule)) for id_, rule in ready.items()])
            extend(side, list(self._results(side, ready)))
            waiting = {id_: rule for id_, rule in waiting.items() if id_ not in ready}
        self._keep(side, mine)

    def _put(self, side: Side, what: str, which: str) -> str:
        side.columns[what, which] = self.ground.fresh(what[0])
        return side.columns[what, which]

    def _within(self, side: Side, rule: Rule, tree: Sql, outside: Sql | None = None) -> Sql:
        """``tree`` for units in the policy's area, ``outside`` or null for the others; it is not computed for them."""
        if not rule.policy.area:
            return tree
        area, prefix = side.at(side.scope.value, "area"), exp.Literal.string(rule.policy.area)
        return case((exp.StartsWith(this=area, expression=prefix), tree), default=outside)

    def _conditions(self, side: Side, mine: dict[str, Rule]) -> Iterator[tuple[str, Sql]]:
        compiler = self.ground.compiler(side)
        built: list[tuple[str, Sql]] = []
        for id_, rule in mine.items():
            for condition, meaning in zip(rule.policy.conditions, rule.conditions, strict=True):
                if ("condition", f"{id_}.{condition.id}") in side.columns:
                    continue
                tree = self._within(side, rule, compiler.build(meaning, Kind.BOOLEAN))
                built.append((self._put(side, "condition", f"{id_}.{condition.id}"), tree))
            if id_ in self.wanted.show:
                parts = dict.fromkeys(part for one in expressions(rule) for part in walk(one))
                self.plan.shown[id_] = {part: self.ground.fresh("s") for part in parts}
                built += [(name, compiler.build(part)) for part, name in self.plan.shown[id_].items()]
        yield from built

    def _screen(self, side: Side) -> None:
        """Drop the persons who fail every policy by what is known before their households are joined.

        Only where nothing can overflow: what is not computed for them then has no way to matter.
        """
        mine = {id_: rule for id_, rule in self.ground.active.items() if rule.policy.unit is side.scope}
        if self.wanted.every or not self.plan.calm or not mine:
            return
        compiler, built, tests = self.ground.compiler(side), list[tuple[str, Sql]](), dict[str, Sql]()
        for id_, rule in mine.items():
            for condition, meaning in zip(rule.policy.conditions, rule.conditions, strict=True):
                if self._there(side, meaning):
                    tree = self._within(side, rule, compiler.build(meaning, Kind.BOOLEAN))
                    built.append((self._put(side, "condition", f"{id_}.{condition.id}"), tree))
        self.ground.extend(side, built)
        for rule in mine.values():
            own = [
                one for one in zip(rule.policy.conditions, rule.conditions, strict=True) if self._there(side, one[1])
            ]
            if not own and not rule.policy.area:
                return
            parts = dict.fromkeys(side.columns["condition", f"{rule.policy.id}.{one.id}"] for one, _ in own)
            test = joined(exp.And, [column(name) for name in parts]) if own else exp.true()
            test = self._within(side, rule, test, outside=exp.false())
            if not all(self.ground.known(meaning) for _, meaning in own):
                test = exp.Not(this=exp.Is(this=wrap(test), expression=exp.false()))
            tests[",".join(parts) + rule.policy.area] = test
        self.ground.add(side, select([exp.Star()], side.name).where(joined(exp.Or, list(tests.values()))))

    def _there(self, side: Side, meaning: Meaning) -> bool:
        """Whether the side has everything that ``meaning`` reads."""
        return all(key_of(part) in side.columns for part in walk(meaning))

    def _unless(self, rule: Rule) -> list[str]:
        """The excluding policies that are in force; the others exclude nobody."""
        return [other for other in dict.fromkeys(rule.policy.unless) if other in self.ground.active]

    def _all(self, side: Side, rule: Rule) -> Sql:
        """Whether every condition holds; outside the area as if one did not."""
        parts = [side.at("condition", f"{rule.policy.id}.{one.id}") for one in rule.policy.conditions]
        return self._within(side, rule, joined(exp.And, parts), outside=exp.false())

    def _drop(self, side: Side, mine: dict[str, Rule]) -> None:
        """Units that fail every policy are not listed, so their amounts and masks need no work."""
        holds = list[Sql]()
        for id_, rule in mine.items():
            test = side.at("all", id_)
            # A bare conjunction is taken apart and its parts tested one after the other: an overflow would not show.
            known = (self.ground.known(meaning, side.scope) for meaning in rule.conditions)
            holds.append(
                test if self.plan.calm and all(known) else exp.Not(this=exp.Is(this=test, expression=exp.false()))
            )
        self.ground.add(side, select([exp.Star()], side.name).where(joined(exp.Or, holds)))

    def _sure(self, rule: Rule) -> bool:
        known = (self.ground.known(meaning, rule.policy.unit) for meaning in expressions(rule))
        return self.sure.issuperset(self._unless(rule)) and all(known)

    def _verdict(self, side: Side, rule: Rule) -> Sql:
        """All conditions and nothing in ``unless``, in three-valued logic."""
        parts = [side.at("all", rule.policy.id)]
        for other in self._unless(rule):
            if other in self.sure:
                eligible = exp.EQ(this=side.at("code", other), expression=number(ELIGIBLE))
                parts.append(case((eligible, exp.false()), default=exp.true()))
                continue
            excluded, open_ = (number(ELIGIBLE), exp.false()), (number(UNKNOWN), typed_null(Kind.BOOLEAN))
            parts.append(switch(side.at("code", other), excluded, open_, default=exp.true()))
        return joined(exp.And, parts)

    def _amount(self, side: Side, rule: Rule) -> Sql:
        """The amount where it may matter: an ineligible unit's is never computed, so it cannot overflow."""
        assert rule.amount is not None
        verdict = side.at("verdict", rule.policy.id)
        excluded = (
            exp.Not(this=verdict) if rule.policy.id in self.sure else exp.Is(this=verdict, expression=exp.false())
        )
        built = self.ground.compiler(side).build(rule.amount, Kind.INTEGER)
        return self._within(side, rule, case((excluded, typed_null(Kind.INTEGER)), default=built))

    def _code(self, side: Side, rule: Rule) -> Sql:
        verdict = side.at("verdict", rule.policy.id)
        if rule.policy.id in self.sure:
            code = case((verdict, number(ELIGIBLE)), default=number(INELIGIBLE))
            return cast(self._within(side, rule, code), "SMALLINT")
        unknown: Sql = is_null(verdict)
        if rule.amount is not None:
            unknown = exp.Or(this=unknown, expression=is_null(side.at("raw", rule.policy.id)))
        excluded = exp.Is(this=verdict, expression=exp.false())
        code = case((excluded, number(INELIGIBLE)), (unknown, number(UNKNOWN)), default=number(ELIGIBLE))
        return cast(self._within(side, rule, code), "SMALLINT")

    def _fixed(self, rule: Rule) -> Sql | None:
        """The amount if it is the same for everybody and is one."""
        if not self.plan.calm or rule.amount is None or not self.ground.known(rule.amount):
            return None
        if any(True for _ in walk(rule.amount)):
            return None
        built = self.ground.compiler(self.ground.sides[rule.policy.unit]).build(rule.amount, Kind.INTEGER)
        return exp.Greatest(this=built, expressions=[number(0)], ignore_nulls=True)

    def _results(self, side: Side, ready: dict[str, Rule]) -> Iterator[tuple[str, Sql]]:
        """Amounts and masks; the masks of a round may use those of the rounds before."""
        for id_, rule in ready.items():
            if rule.amount is not None:
                floored = exp.Greatest(this=side.at("raw", id_), expressions=[number(0)], ignore_nulls=True)
                eligible = exp.EQ(this=side.at("code", id_), expression=number(ELIGIBLE))
                yield self._put(side, "amount", id_), case((eligible, floored))
            missing = {} if id_ in self.sure else self._missing(side, rule)
            for word, parts in sorted(missing.items()):
                unknown = exp.EQ(this=side.at("code", id_), expression=number(UNKNOWN))
                tree = case((unknown, bits(exp.BitwiseOr, parts)), default=number(0))
                yield self._put(side, "mask", f"{id_}.{word}"), tree

    def _missing(self, side: Side, rule: Rule) -> dict[int, list[Sql]]:
        """By word: what each null condition, the null amount and each unknown ``unless`` policy adds to the mask."""
        id_, words = rule.policy.id, dict[int, list[Sql]]()
        named = [("condition", f"{id_}.{condition.id}") for condition in rule.policy.conditions] + [("raw", id_)]
        for key, meaning in zip(named, expressions(rule), strict=False):
            for word, found in self._nulls(side, meaning).items():
                words.setdefault(word, []).append(case((is_null(side.at(*key)), found), default=number(0)))
        for other in self._unless(rule):
            for word in self._words_of(side, other):
                words.setdefault(word, []).append(side.at("mask", f"{other}.{word}"))
        return words

    def _words_of(self, side: Side, id_: str) -> list[int]:
        every = range(len(self.plan.facts) // BITS + 1)
        return [word for word in every if ("mask", f"{id_}.{word}") in side.columns]

    def _nulls(self, side: Side, meaning: Meaning) -> dict[int, Sql]:
        """The mask of the facts that ``meaning`` names and that are null for the unit or its members."""
        found: dict[int, list[Sql]] = {}
        household = "home" if side.scope is Scope.PERSON else "nulls"
        for where, held in (("own", "nulls"), ("members", "members"), ("household", household)):
            facts = {str(one.fact): one.fact for one in self.ground.named[meaning] if one.where == where}
            for word, listed in self.ground.words(facts):
                if (held, word) not in side.columns:
                    continue  # none of them is ever null
                named = number(sum(bit for bit, _ in listed))
                found.setdefault(word, []).append(exp.BitwiseAnd(this=side.at(held, word), expression=named))
        return {word: bits(exp.BitwiseOr, parts) for word, parts in found.items()}

    def _keep(self, side: Side, mine: dict[str, Rule]) -> None:
        """The output relation of a unit; persons look their household's columns up in it too."""
        scope = side.scope
        listed = {"unit_id": (scope.value, IDS[scope]), "area": (scope.value, "area")}
        if scope is Scope.PERSON:
            listed["household_id"] = (scope.value, "household_id")
        columns: list[Sql] = [aliased(side.at(*key), name) for name, key in listed.items()]
        taken = {side.columns[key]: name for name, key in listed.items()}  # by another name from here on
        names: dict[str, None] = {}
        for id_, rule in mine.items():
            asked = rule.policy.conditions if self.wanted.conditions else ()
            conditions = {one.id: side.columns["condition", f"{id_}.{one.id}"] for one in asked}
            masks = {word: side.columns["mask", f"{id_}.{word}"] for word in self._words_of(side, id_)}
            amount = side.columns.get(("amount", id_))
            sure, everywhere = id_ in self.sure, not rule.policy.area
            code, fixed = side.columns["code", id_], self._fixed(rule)
            outcome = Outcome(id_, scope, code, amount, masks, conditions, fixed, sure, everywhere)
            self.plan.outcomes[id_] = outcome
            shown = self.plan.shown.get(id_, {}).values()
            paid = [amount] if amount else []
            names |= dict.fromkeys([outcome.code, *paid, *masks.values(), *conditions.values(), *shown])
        if scope is Scope.HOUSEHOLD:
            used = self.ground.used[Scope.PERSON]
            pulled = {key_of(part) for part in used if foreign(part)} | {("home", "key")}
            looked_up = [key for key in side.columns if key in pulled or key[0] in {"nulls", "members"}]
            names |= dict.fromkeys(side.columns[key] for key in looked_up)
            if self.ground.prints:
                self.plan.prints = Prints(*(side.columns["print", what] for what in ("all", "count")))
                names |= dict.fromkeys(astuple(self.plan.prints))
        columns += [column(name) for name in names if name not in taken]
        query = select(columns, side.name)
        if not self.wanted.every and not (scope is Scope.HOUSEHOLD and self.ground.has(Scope.PERSON)):
            codes = [exp.GTE(this=side.at("code", id_), expression=number(UNKNOWN)) for id_ in mine]
            query = query.where(joined(exp.Or, codes))
        self.ground.add(side, query, kept=True)
        self.plan.kept[scope] = side.name
        self.ground.rename(side, taken)
