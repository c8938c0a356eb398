"""One unit and one policy, condition by condition: label, value, facts, parameters with their dates, article."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from jiamenkou.engines.policy import exp, inputs, verdicts
from jiamenkou.engines.policy.checking import InForce, Rule
from jiamenkou.engines.policy.duck import Duck
from jiamenkou.engines.policy.faults import WrongUse
from jiamenkou.engines.policy.library import Policy
from jiamenkou.engines.policy.meaning import Aggregate, Constant, Fact, Meaning, Operation, Parameter, Scope
from jiamenkou.engines.policy.names import bind, walk
from jiamenkou.engines.policy.plan import IDS, RESULTS, UNKNOWN, Plan
from jiamenkou.engines.policy.running import Prepared, Request, chain, named_errors, prepare
from jiamenkou.engines.policy.sql import column, select
from jiamenkou.engines.policy.syntax import Value
from jiamenkou.engines.policy.verdicts import Wanted

_TRUTH = {True: "满足", False: "不满足", None: "未知"}
_RESULTS = {"eligible": "符合", "ineligible": "不符合", "unknown": "待核实", None: "不在政策区域内"}


@dataclass(frozen=True, slots=True)
class Named:
    """A parameter in force: its value and the date it holds from (None: replaced by ``--set``)."""

    value: Value
    since: date | None


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition, or the amount: what it asks, what came out, and the figures it used."""

    id: str
    label: str
    test: str
    value: Value
    article: str | None
    facts: dict[str, Value]
    parameters: dict[str, Named]


@dataclass(frozen=True, slots=True)
class Explanation:
    """``result`` is None where the policy is not in force or the unit lies outside its area."""

    policy: str
    name: str
    unit: str
    in_force: bool
    result: str | None
    amount: int | None
    per: str | None
    missing: list[str]
    conditions: list[Reason]
    benefit: Reason | None
    unless: dict[str, str | None]
    sources: list[str]
    documents: list[str]

    def as_json(self) -> dict[str, Any]:
        """Plain values; dates as ISO text."""
        return _plain(asdict(self))  # type: ignore[no-any-return]

    def lines(self) -> Iterator[str]:
        """The explanation as a worker reads it."""
        yield f"{self.name}（{self.policy}）：{self.unit} {_RESULTS[self.result] if self.in_force else '政策未生效'}"
        for reason in self.conditions:
            article = f"（{reason.article}）" if reason.article else ""
            yield f"  {_TRUTH[reason.value]}  {reason.label}{article}：{reason.test}"  # type: ignore[index]
            yield from _figures(reason)
        for other, result in self.unless.items():
            yield f"  排除政策 {other}：{_RESULTS[result]}"
        if self.benefit is not None and self.result == "eligible":
            per = f"（每 {self.per}）" if self.per else ""
            yield f"  金额 {(self.amount or 0) / 100:,.2f} 元{per}：{self.benefit.test}"
            yield from _figures(self.benefit)
        if self.missing:
            yield "  需要核实：" + "、".join(self.missing)
        if self.sources:
            yield "  依据：" + "；".join(self.sources)
        if self.documents:
            yield "  材料：" + "、".join(self.documents)


def _figures(reason: Reason) -> Iterator[str]:
    for name, value in reason.facts.items():
        yield f"        {name} = {_spelt(value)}"
    for name, named in reason.parameters.items():
        since = f"（{named.since} 起）" if named.since else "（假设）"
        yield f"        {name} = {_spelt(named.value)}{since}"


def explain(request: Request, policy: str, unit: str) -> Explanation:
    """Evaluate ``policy`` for one ``unit``. Raises WrongUse for an unknown one, PolicyError for faults."""
    prepared = prepare(request)
    if policy not in prepared.rules.policies:
        raise WrongUse(f"没有政策 {policy}")
    rule = prepared.rules.policies[policy]
    with named_errors(prepared, request.seconds), Duck(prepared.facts, request.seconds, spare=prepared.spare) as duck:
        with duck.guarded():
            _narrow(duck, rule.policy.unit, unit)
        if policy not in prepared.values.values:
            return _explanation(rule, prepared, unit, None, None)
        wanted = chain(prepared, policy)
        rules = prepared.rules
        narrow = replace(rules, policies={id_: rules.policies[id_] for id_ in wanted})
        values = InForce(prepared.values.day, {id_: prepared.values.values[id_] for id_ in wanted})
        plan = verdicts.make(narrow, values, duck.flavour, Wanted(show=frozenset({policy})))
        duck.keep(plan, ordered=False)
        return _explanation(rule, prepared, unit, plan, duck)


def _narrow(duck: Duck, scope: Scope, unit: str) -> None:
    """Leave only the unit's household (or the person alone) in the base relations."""
    literal = exp.Literal.string(unit).written()
    home_of = f"SELECT CAST(household_id AS VARCHAR) FROM {inputs.whole(scope)}"  # noqa: S608 - our own names, quoted
    found = duck.database.execute(f"{home_of} WHERE CAST({IDS[scope]} AS VARCHAR) = {literal}").fetchall()
    if not found:
        raise WrongUse(f"文件里没有{'人员' if scope is Scope.PERSON else '家庭'} {unit}")
    home = found[0][0]
    same = "false" if home is None else f"CAST(household_id AS VARCHAR) = {exp.Literal.string(home).written()}"
    person = f"CAST(person_id AS VARCHAR) = {literal}" if scope is Scope.PERSON else "false"
    duck.rows = {Scope.HOUSEHOLD: same, Scope.PERSON: f"{same} OR {person}"}


def _explanation(rule: Rule, prepared: Prepared, unit: str, plan: Plan | None, duck: Duck | None) -> Explanation:
    policy = rule.policy
    row: dict[str, Any] = {}
    if plan is not None and duck is not None:
        query = select([exp.Star()], plan.kept[policy.unit]).where(exp.EQ(
            this=column("unit_id"), expression=exp.Literal.string(unit)))  # fmt: skip
        row = duck.table(query)[0]
    outcome = plan.outcomes[policy.id] if plan is not None else None
    code = row[outcome.code] if outcome else None
    masks = [(word, row[name]) for word, name in outcome.masks.items()] if outcome and code == UNKNOWN else []

    def reason(id_: str, label: str, text: str, article: str | None, meaning: Meaning) -> Reason:
        value = row[outcome.conditions[id_]] if outcome and id_ in outcome.conditions else None
        return Reason(id_, label, text, value, article, _facts(meaning, prepared, policy, plan, row),
                      _parameters(meaning, prepared.values.values.get(policy.id, {})))  # fmt: skip

    conditions = [
        reason(one.id, one.label, one.test.text, one.article, meaning)
        for one, meaning in zip(policy.conditions, rule.conditions, strict=True)
    ]
    benefit = None
    if policy.amount is not None and rule.amount is not None:
        benefit = reason("benefit.amount", "金额", policy.amount.text, None, rule.amount)
    unless = {other: _other(other, policy, row, plan, duck) for other in policy.unless} if plan else {}
    titles = [" ".join(part for part in (one.title, one.number, one.article) if part) for one in policy.sources]
    amount = row[outcome.amount] if outcome and outcome.amount else None
    return Explanation(
        policy.id, policy.name, unit, outcome is not None, RESULTS[code] if code is not None else None, amount,
        policy.per, plan.missing(masks) if plan else [], conditions, benefit, unless, titles, list(policy.documents),
    )  # fmt: skip


def _other(other: str, policy: Policy, row: dict[str, Any], plan: Plan | None, duck: Duck | None) -> str | None:
    """What an excluding policy came to for the unit, or for its household."""
    if plan is None or duck is None or other not in plan.outcomes:
        return None
    outcome = plan.outcomes[other]
    key = row["unit_id"] if outcome.unit is policy.unit else row["household_id"]
    found = duck.table(select([column("unit_id"), column(outcome.code)], plan.kept[outcome.unit]))
    codes = [one[outcome.code] for one in found if one["unit_id"] == key]
    return RESULTS[codes[0]] if codes and codes[0] is not None else None


def _facts(
    meaning: Meaning, prepared: Prepared, policy: Policy, plan: Plan | None, row: dict[str, Any]
) -> dict[str, Value]:
    if plan is None:
        return {}
    values = {name: value for name, (_, value) in prepared.values.values[policy.id].items()}
    shown = plan.shown[policy.id]
    return {_source(part): row[shown[bound]] for part in walk(meaning) for bound in walk(bind(part, values))}


def _parameters(meaning: Meaning, values: Mapping[str, tuple[date | None, Value]]) -> dict[str, Named]:
    if isinstance(meaning, Parameter):
        since, value = values.get(meaning.name, (None, None))
        return {meaning.name: Named(value, since)} if meaning.name in values else {}
    parts = meaning.arguments if isinstance(meaning, Operation) else ()
    parts = (meaning.argument,) if isinstance(meaning, Aggregate) else parts
    found: dict[str, Named] = {}
    for part in parts:
        found |= _parameters(part, values)
    return found


def _source(meaning: Meaning) -> str:
    """A meaning as an expression again."""
    match meaning:
        case Constant(value=value):
            return _spelt(value)
        case Parameter(name=name):
            return name
        case Fact():
            return str(meaning)
        case Aggregate(name=name, argument=argument):
            return f"{name}({_source(argument)})"
        case Operation(name="in", arguments=(first, *rest)):
            return f"({_source(first)} in [{', '.join(map(_source, rest))}])"
        case Operation(name="neg" | "not" as name, arguments=(only,)):
            return f"{'-' if name == 'neg' else 'not '}{_source(only)}"
        case Operation(name=name, arguments=arguments) if name.isidentifier() and name not in {"and", "or"}:
            return f"{name}({', '.join(map(_source, arguments))})"
    return "(" + f" {meaning.name} ".join(map(_source, meaning.arguments)) + ")"


def _spelt(value: Value) -> str:
    if value is None:
        return "未知"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
