"""Trees in the words of Spark and PostgreSQL: SQLGlot writes them, imported only where one of the two is used."""

from __future__ import annotations

from typing import Any

import sqlglot.expressions as theirs
from sqlglot import Dialect

from jiamenkou.engines.policy import exp


def text(query: exp.Select | exp.Expr, dialect: str) -> str:
    """``query`` for the database that SQLGlot calls ``dialect``."""
    return Dialect.get_or_raise(dialect).generator().generate(_tree(query), copy=False)


def _name(name: str) -> theirs.Identifier:
    return theirs.Identifier(this=name, quoted=True)


def _table(relation: str, alias: str | None) -> theirs.Table:
    return theirs.Table(this=_name(relation), alias=theirs.TableAlias(this=_name(alias)) if alias else None)


def _select(query: exp.Select) -> theirs.Select:
    made = theirs.Select(expressions=[_tree(one) for one in query.expressions])
    made = made.from_(_table(query.relation, query.alias), copy=False)
    for one in query.joins:
        made = made.join(_table(one.relation, one.alias), on=_tree(one.on), join_type="left", copy=False)
    if query.condition is not None:
        made = made.where(_tree(query.condition), copy=False)
    if query.groups:
        made = made.group_by(*map(_tree, query.groups), copy=False)
    if query.order:
        made = made.order_by(*map(_tree, query.order), copy=False)
    if query.below:
        below = [theirs.CTE(this=_select(one), alias=theirs.TableAlias(this=_name(name))) for name, one in query.below]
        made.set("with_", theirs.With(expressions=below))
    return made


def _tree(node: Any) -> Any:
    """SQLGlot's node for one of ours; each a new one, as theirs know their parent."""
    if isinstance(node, list):
        return [_tree(one) for one in node]
    if isinstance(node, exp.Select):
        return _select(node)
    if not isinstance(node, exp.Expr):
        return node
    if isinstance(node, exp.Column):
        return theirs.Column(this=_name(node.name), table=_name(node.table) if node.table else None)
    if isinstance(node, exp.Star):
        return theirs.Column(this=theirs.Star(), table=_name(node.table)) if node.table else theirs.Star()
    if isinstance(node, exp.Alias):
        return theirs.Alias(this=_tree(node.this), alias=_name(node.name))
    if isinstance(node, exp.Literal):
        made = theirs.Literal.string if isinstance(node.value, str) else theirs.Literal.number
        return made(node.value)
    if isinstance(node, exp.Cast):
        return theirs.Cast(this=_tree(node.this), to=theirs.DataType.build(node.type_))
    if isinstance(node, exp.Extract):
        return theirs.Extract(this=theirs.var(node.unit), expression=_tree(node.this))
    return getattr(theirs, type(node).__name__)(**{name: _tree(part) for name, part in node.args.items()})
