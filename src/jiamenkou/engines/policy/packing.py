"""Kept relations that are sorted: their many columns of two values each as the bits of a few wide ones.

Sorting and storing a million rows costs by the column, hardly by its width. Of a policy that is never unknown the code
and the conditions have two values, and an amount that is the same for everybody follows from the code; a view gives
every column back under its name.
"""

from __future__ import annotations

from jiamenkou.engines.policy import exp
from jiamenkou.engines.policy.plan import ELIGIBLE, INELIGIBLE, Plan, Relation
from jiamenkou.engines.policy.sql import quoted

_BITS = 62  # of one word: the sign stays clear


def statements(plan: Plan, relation: Relation, query: exp.Select) -> tuple[str, str]:
    """DuckDB's statements for a sorted table of an output relation, and for the view of it under its name."""
    bits, given = dict[str, str](), dict[str, str]()  # how a column becomes a bit, how it is had again
    for one in plan.outcomes.values():
        if plan.kept[one.unit] != relation.name or not (one.sure and one.everywhere):
            continue
        bits |= {name: quoted(name) for name in (*one.conditions.values(), one.code)}
        bits[one.code] = f"{quoted(one.code)} = {ELIGIBLE}"
        given[one.code] = f"CAST(CASE WHEN {{}} THEN {ELIGIBLE} ELSE {INELIGIBLE} END AS SMALLINT)"
        if one.fixed is not None and one.amount is not None:
            given[one.amount] = f"CASE WHEN {one.code} = {ELIGIBLE} THEN {one.fixed.written()} END"
    places = {name: divmod(index, _BITS) for index, name in enumerate(bits)}
    names = [_name(one) for one in query.expressions]
    stored = [quoted(name) for name in names if name not in bits and name not in given]
    for word in range(-(-len(bits) // _BITS)):
        inside = (name for name in bits if places[name][0] == word)
        parts = " | ".join(f"CASE WHEN {bits[name]} THEN {1 << places[name][1]} ELSE 0 END" for name in inside)
        stored.append(f"CAST({parts} AS BIGINT) AS word{word}")
    table = f"packed_{relation.name}"
    rows = f"SELECT {', '.join(stored)} FROM ({query.written()}) ORDER BY unit_id"  # noqa: S608 - generated
    plain, paid = [], []
    for name in names:
        if name in places:
            word, bit = places[name]
            plain.append(f"{given.get(name, '{}').format(f'word{word} & {1 << bit} <> 0')} AS {quoted(name)}")
        elif name in given:
            paid.append(f", {given[name]} AS {quoted(name)}")
        else:
            plain.append(quoted(name))
    view = f"SELECT *{''.join(paid)} FROM (SELECT {', '.join(plain)} FROM {table})"  # noqa: S608 - generated
    return f"CREATE TEMP TABLE {table} AS {rows}", f"CREATE TEMP VIEW {relation.name} AS {view}"


def _name(column: exp.Expr) -> str:
    assert isinstance(column, (exp.Alias, exp.Column))
    return column.name
