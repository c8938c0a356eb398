"""The contract's "Policies" read literally, one unit after the other. Shares nothing with the compiler.

Rows are dicts of Python values (int, str, bool, date, None). Slow on purpose.
"""

from __future__ import annotations

import ast
from datetime import date

AGGREGATES = {"any", "all", "count", "sum", "least", "most"}


class Overflow(Exception):
    pass


def fit(value):
    if not -(2**63) <= value < 2**63:
        raise Overflow
    return value


def complete_months(day, on):
    """The largest n such that ``day`` plus n months is not after ``on``; a missing day is the first of the next."""
    n = (on.year - day.year) * 12 + on.month - day.month + 2
    while True:
        year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
        try:
            reached = date(year, month + 1, day.day)
        except ValueError:
            year, month = divmod(year * 12 + month + 1, 12)
            reached = date(year, month + 1, 1)
        if reached <= on:
            return n
        n -= 1


def kleene_and(values):
    return False if False in values else None if None in values else True


def kleene_or(values):
    return True if True in values else None if None in values else False


class Evaluation:
    """All policies on all units: ``results[policy][unit] = (result, amount, missing, conditions)``."""

    def __init__(self, policies, facts, people, households, on, settings=None):
        self.policies = {p["policy"]: p for p in policies}
        self.derived = {"person": facts.get("facts", {}), "household": facts.get("household", {})}
        self.people, self.on, self.settings = people, on, settings or {}
        self.households = {h["household_id"]: h for h in households}
        self.members = {h: [] for h in self.households}
        for person in people:
            if person["household_id"] is not None:
                self.members[person["household_id"]].append(person)
        self.columns = {"person": set(people[0]), "household": set(households[0])}
        self.memo = {}
        self.results = {}
        self.parameters = {id_: self.values(p) for id_, p in self.policies.items()}
        pending = {id_ for id_ in self.policies if self.parameters[id_] is not None}
        while pending:
            for id_ in sorted(pending):
                if not set(self.policies[id_].get("unless", [])) & pending:
                    self.results[id_] = self.evaluate(self.policies[id_])
                    pending.discard(id_)

    def values(self, policy):
        force = policy["in_force"]
        if self.on < force["from"] or ("to" in force and self.on > force["to"]):
            return None
        found = {}
        for name, dated in policy.get("parameters", {}).items():
            days = [day for day in dated if day <= self.on]
            if not days:
                return None
            found[name] = self.settings.get((policy["policy"], name), dated[max(days)])
        return found

    def evaluate(self, policy):
        if policy["unit"] == "person":
            units = [(p["person_id"], p, self.households.get(p["household_id"])) for p in self.people]
        else:
            units = [(h["household_id"], None, h) for h in self.households.values()]
        area, found = policy.get("area", ""), {}
        for unit, person, household in units:
            own = (person if policy["unit"] == "person" else household)["area"]
            if area and (own is None or not own.startswith(area)):
                continue
            found[unit] = self.judge(policy, person, household)
        return found

    def judge(self, policy, person, household):
        parameters = self.parameters[policy["policy"]]
        unit = policy["unit"]
        conditions = {}
        missing = set()
        for id_, condition in policy["conditions"].items():
            value = self.value(condition["test"], unit, person, household, parameters)
            conditions[id_] = value
            if value is None:
                missing |= self.null_facts(condition["test"], unit, person, household, parameters)
        excluded, open_ = False, None in conditions.values()
        for other in policy.get("unless", []):
            same = self.policies[other]["unit"] == unit
            key = person["person_id"] if same and unit == "person" else (household or {}).get("household_id")
            verdict = self.results.get(other, {}).get(key)
            if verdict is not None and verdict[0] == "eligible":
                excluded = True
            if verdict is not None and verdict[0] == "unknown":
                open_ = True
                missing |= set(verdict[2])
        if excluded or False in conditions.values():
            return "ineligible", None, [], conditions
        amount = None
        if "benefit" in policy:
            text = policy["benefit"]["amount"]
            amount = self.value(text, unit, person, household, parameters)
            if amount is None:
                open_ = True
                missing |= self.null_facts(text, unit, person, household, parameters)
        if open_:
            return "unknown", None, sorted(missing), conditions
        return "eligible", None if amount is None else max(0, amount), [], conditions

    def null_facts(self, text, unit, person, household, parameters):
        found = set()
        for where, name in self.names(ast.parse(text, mode="eval").body, unit, False, parameters):
            if where == "household":
                if household is None or household[name] is None:
                    found.add(f"household.{name}")
            else:
                rows = [person] if where == "own" else self.members[household["household_id"]] if household else []
                if any(row[name] is None for row in rows):
                    found.add(name)
        return found

    def names(self, node, unit, inside, parameters):
        """Every recorded fact named below ``node``: ('own' | 'members' | 'household', name)."""
        if isinstance(node, ast.Attribute):
            yield from self.closure("household", node.attr, inside)
        elif isinstance(node, ast.Name):
            if node.id not in parameters and node.id not in {"true", "false", "null"}:
                yield from self.closure("person" if inside or unit == "person" else "household", node.id, inside)
        elif isinstance(node, ast.Call):
            for argument in node.args:
                yield from self.names(argument, unit, inside or node.func.id in AGGREGATES, parameters)
        else:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    yield from self.names(child, unit, inside, parameters)

    def closure(self, scope, name, inside):
        if name in self.derived[scope]:
            tree = ast.parse(self.derived[scope][name], mode="eval").body
            yield from self.names(tree, scope, inside and scope == "person", {})
        elif scope == "household":
            yield "household", name
        else:
            yield ("members" if inside else "own"), name

    def value(self, text, unit, person, household, parameters):
        return self.visit(ast.parse(text, mode="eval").body, unit, person, household, parameters)

    def fact(self, scope, name, person, household):
        row = person if scope == "person" else household
        if row is None:
            return None
        if name not in self.derived[scope]:
            return row[name]
        key = scope, name, row["person_id" if scope == "person" else "household_id"]
        if key not in self.memo:
            home = self.households.get(person["household_id"]) if scope == "person" else household
            self.memo[key] = self.value(
                self.derived[scope][name], scope, person if scope == "person" else None, home, {}
            )
        return self.memo[key]

    def visit(self, node, unit, person, household, parameters):  # noqa: C901 - the grammar is one list of cases
        def go(child):
            return self.visit(child, unit, person, household, parameters)

        match node:
            case ast.Constant(value=value):
                return value
            case ast.Name(id="true"):
                return True
            case ast.Name(id="false"):
                return False
            case ast.Name(id="null"):
                return None
            case ast.Name(id=name) if name in parameters:
                return parameters[name]
            case ast.Name(id=name):
                return self.fact(unit, name, person, household)
            case ast.Attribute(attr=name):
                return self.fact("household", name, person, household)
            case ast.BoolOp(op=op, values=values):
                found = [go(value) for value in values]
                return kleene_and(found) if isinstance(op, ast.And) else kleene_or(found)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                value = go(operand)
                return None if value is None else not value
            case ast.UnaryOp(operand=operand):
                value = go(operand)
                return None if value is None else fit(-value)
            case ast.BinOp(left=left, op=op, right=right):
                return arithmetic(go(left), op, go(right))
            case ast.Compare(left=left, ops=ops, comparators=comparators):
                links = []
                value = go(left)
                for op, right in zip(ops, comparators, strict=True):
                    if isinstance(op, ast.In):
                        links.append(kleene_or([compare(value, ast.Eq(), go(item)) for item in right.elts]))
                    else:
                        following = go(right)
                        links.append(compare(value, op, following))
                        value = following
                return kleene_and(links)
            case ast.Call(func=ast.Name(id=name), args=arguments) if name in AGGREGATES:
                if household is None:
                    return None
                rows = self.members[household["household_id"]]
                return aggregate(
                    name, [self.visit(arguments[0], "person", row, household, parameters) for row in rows]
                )
            case ast.Call(func=ast.Name(id="if_"), args=[test, yes, no]):
                value = go(test)
                return None if value is None else go(yes) if value else go(no)
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self.call(name, [go(argument) for argument in arguments])
        raise AssertionError(ast.dump(node))

    def call(self, name, given):
        if name == "known":
            return given[0] is not None
        if name == "coalesce":
            return given[1] if given[0] is None else given[0]
        if None in given:
            return None
        match name:
            case "date":
                return date.fromisoformat(given[0])
            case "min":
                return min(given)
            case "max":
                return max(given)
            case "abs":
                return fit(abs(given[0]))
            case "days_since":
                return (self.on - given[0]).days
            case "months_since":
                return complete_months(given[0], self.on)
            case "years_since":
                return complete_months(given[0], self.on) // 12
        raise AssertionError(name)


def arithmetic(left, op, right):
    if left is None or right is None:
        return None
    match op:
        case ast.Add():
            return fit(left + right)
        case ast.Sub():
            return fit(left - right)
        case ast.Mult():
            return fit(left * right)
        case ast.FloorDiv():
            return None if right == 0 else fit(left // right)
        case ast.Mod():
            return None if right == 0 else left % right
    raise AssertionError(op)


def compare(left, op, right):
    if left is None or right is None:
        return None
    match op:
        case ast.Eq():
            return left == right
        case ast.NotEq():
            return left != right
        case ast.Lt():
            return left < right
        case ast.LtE():
            return left <= right
        case ast.Gt():
            return left > right
        case ast.GtE():
            return left >= right
    raise AssertionError(op)


def aggregate(name, values):
    if name == "any":
        return kleene_or(values)
    if name == "all":
        return kleene_and(values)
    if None in values:
        return None
    if name == "count":
        return values.count(True)
    if name == "sum":
        return fit(sum(values))
    if not values:
        return None
    return min(values) if name == "least" else max(values)
