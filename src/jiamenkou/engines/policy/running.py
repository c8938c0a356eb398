"""A run from folder and files to results: the library's front door for everything but explaining one unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from jiamenkou.engines.policy import checking, inputs, library, memory, results, verdicts
from jiamenkou.engines.policy.checking import InForce, Rule, Rules
from jiamenkou.engines.policy.duck import Duck, Overflow, TookTooLong
from jiamenkou.engines.policy.faults import Fault, PolicyError
from jiamenkou.engines.policy.inputs import Facts
from jiamenkou.engines.policy.library import Library
from jiamenkou.engines.policy.meaning import Scope
from jiamenkou.engines.policy.plan import Plan
from jiamenkou.engines.policy.results import Folder, Line
from jiamenkou.engines.policy.verdicts import Wanted

SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Request:
    """What to evaluate: policies and facts on a day. ``settings`` replaces parameters; ``every`` lists ineligible
    units too; ``explain`` adds a file of conditions per policy; ``seconds`` is the time limit; ``threads`` 0 takes
    every core."""

    policies: Path
    people: Path
    households: Path
    day: date
    settings: Mapping[str, str] = field(default_factory=dict)
    every: bool = False
    explain: bool = False
    seconds: float = SECONDS
    threads: int = 0


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything read and checked; nothing evaluated yet."""

    library: Library
    facts: dict[Scope, Facts]
    rules: Rules
    values: InForce
    spare: list[inputs.Database]  # the database that looked at the files, for the first who needs one


def prepare(request: Request) -> Prepared:
    """Read policies and files and settle names and types. Raises WrongUse and PolicyError."""
    loaded = library.load(request.policies)
    values = checking.in_force(loaded, request.day, request.settings)
    files = {Scope.PERSON: request.people, Scope.HOUSEHOLD: request.households}
    database = inputs.connect()
    facts = inputs.read_all(files, database)
    rules = checking.check(loaded, {scope: one.columns for scope, one in facts.items()})
    rules = replace(rules, seen={scope: one.seen for scope, one in facts.items()})
    return Prepared(loaded, facts, rules, values, [database])


def check(folder: Path, people: Path | None, households: Path | None) -> int:
    """Check a folder, against the columns of the files where they are given; how many policies it holds."""
    loaded = library.load(folder)
    columns = None
    if people is not None and households is not None:
        files = {Scope.PERSON: people, Scope.HOUSEHOLD: households}
        columns = {scope: one.columns for scope, one in inputs.read_all(files, inputs.connect()).items()}
    checking.check(loaded, columns)
    return len(loaded.policies)


def run(request: Request, out: Path) -> list[Line]:
    """Evaluate every policy in force on DuckDB and write ``out``; one line per policy of the folder."""
    return evaluate(request, prepare(request), out)


def evaluate(request: Request, prepared: Prepared, out: Path, since: Path | None = None) -> list[Line]:
    """The run itself, and what changed from ``since``. Raises PolicyError, with nothing left of it in ``out``."""
    wanted = Wanted(request.every, request.explain, prints=True, verified=True)
    plan = verdicts.make(prepared.rules, prepared.values, Duck.flavour, wanted)
    with named_errors(prepared, request.seconds), Folder(out) as folder:
        folders = [folder.part, *([] if since is None else [since])]
        with Duck(prepared.facts, request.seconds, request.threads, folders, prepared.spare) as duck:
            _keep(duck, plan, prepared, ordered=request.every)
            lines = results.write(duck, plan, prepared.rules, wanted, folder)
            with duck.guarded():
                memory.write_fingerprints(duck, folder.part)
                if since is not None:
                    results.write_changes(duck, since, folder)
        remembered(request, prepared, plan).write(folder.part)
    return summary(prepared.library, lines)


def _keep(duck: Duck, plan: Plan, prepared: Prepared, *, ordered: bool) -> None:
    """Keep the plan's outputs; the fingerprints, taken on the way where the plan does so. Faulty ids come first."""
    if plan.prints:
        try:
            duck.keep(plan, ordered=ordered)
        except Overflow:
            with duck.guarded():
                inputs.verify(duck.database, prepared.facts)
            raise
    with duck.guarded():
        if plan.prints:
            memory.gathered(duck, plan, prepared.facts)
        else:
            memory.fingerprints(duck, plan, prepared.facts, ids=True)
    if not plan.prints:
        duck.keep(plan, ordered=ordered)


def digest(request: Request, prepared: Prepared) -> str:
    """What has to be the same for a later run to take over anything of this one."""
    options = (sorted(request.settings.items()), request.every, request.explain)
    return memory.digest(request.policies, prepared.facts, options)


def remembered(request: Request, prepared: Prepared, plan: Plan) -> memory.Run:
    """What a later run has to know of this one."""
    units = {id_: outcome.unit.value for id_, outcome in plan.outcomes.items()}
    return memory.Run(request.day, digest(request, prepared), units)


def summary(loaded: Library, lines: Mapping[str, Line]) -> list[Line]:
    """A line for every policy, those not in force with nothing in it."""
    return [lines.get(id_, Line(id_, in_force=False)) for id_ in loaded.policies]


@contextmanager
def named_errors(prepared: Prepared, seconds: float) -> Iterator[None]:
    """An overflow becomes a fault that names policy and condition; so does a run that takes too long."""
    try:
        yield
    except Overflow as error:
        raise PolicyError([_overflowing(prepared, seconds)]) from error
    except TookTooLong as error:
        raise too_long(seconds) from error


def too_long(seconds: float) -> PolicyError:
    """What a run that used up its time ends with."""
    return PolicyError([Fault("policies", "", 0, f"运行超过 {seconds:g} 秒，已停止")])


def _overflowing(prepared: Prepared, seconds: float) -> Fault:
    """Evaluate one expression after the other until the one that overflows is found."""
    for id_ in sorted(prepared.values.values):
        rule = prepared.rules.policies[id_]
        policy = rule.policy
        for condition, meaning in zip(policy.conditions, rule.conditions, strict=True):
            alone = Rule(replace(policy, conditions=(condition,), unless=()), (meaning,), None)
            if _overflows(prepared, {id_: alone}, seconds):
                message = f"政策 {id_} 的条件 {condition.id} 计算超出 64 位整数"
                return Fault(policy.file, condition.test.place, 1, message)
        if rule.amount is not None and policy.amount is not None:
            together = {other: prepared.rules.policies[other] for other in chain(prepared, id_)}
            if _overflows(prepared, together, seconds):
                message = f"政策 {id_} 的金额 benefit.amount 计算超出 64 位整数"
                return Fault(policy.file, policy.amount.place, 1, message)
    return Fault("policies", "", 0, "计算超出 64 位整数")


def chain(prepared: Prepared, id_: str) -> set[str]:
    """A policy and those in force that may exclude it, and so on."""
    found, pending = {id_}, [id_]
    while pending:
        others = set(prepared.rules.policies[pending.pop()].policy.unless) & prepared.values.values.keys()
        pending += others - found
        found |= others
    return found


def _overflows(prepared: Prepared, rules: dict[str, Rule], seconds: float) -> bool:
    narrow = replace(prepared.rules, policies=rules)
    values = InForce(prepared.values.day, {id_: prepared.values.values[id_] for id_ in rules})
    with Duck(prepared.facts, seconds) as duck:
        try:
            duck.keep(verdicts.make(narrow, values, Duck.flavour, Wanted()), ordered=False)
        except Overflow:
            return True
    return False
