"""The catalogue gets a version more: one row written, or taken out. What was routed by an older version keeps it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db import connection, transaction

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.cases.catalogue import Catalogue, Limit, Rule
from jiamenkou.foundation.cases.models import CatalogueVersion
from jiamenkou.foundation.cases.permissions import CasesPermission
from jiamenkou.foundation.cases.routing import catalogue, catalogue_of
from jiamenkou.foundation.cases.states import Privacy
from jiamenkou.foundation.places.models import Place, PlaceKind
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused

KEY = re.compile(r"[a-z][a-z0-9_]{1,29}")
KINDS = [PlaceKind.DISTRICT, PlaceKind.STREET, PlaceKind.COMMUNITY]
# for comparing limits only: hours of the clock that one of each unit takes at least
_HOURS = {"hours": 1, "working_hours": 3, "days": 24, "working_days": 24}


def places_for(by: Actor) -> list[Place]:
    """The places this person may write rows for: where they hold the right, and what lies below, to the community."""
    held = [one.place for one in by.roles if CasesPermission.CATALOGUE in one.grants]
    found: dict[int, Place] = {}
    for place in held:
        below = Place.objects.filter(path__startswith=place.path, kind__in=KINDS, closed_on=None, merged_into=None)
        found |= {one.pk: one for one in below.order_by("path")}
    return sorted(found.values(), key=lambda one: str(one.path))


def may_write(by: Actor, place: str, places: Iterable[Place] | None = None) -> bool:
    """``place`` is a code, "" the row for everywhere, which is the district's."""
    if not place:
        return any(
            one.place.kind == PlaceKind.DISTRICT and CasesPermission.CATALOGUE in one.grants for one in by.roles
        )
    return any(one.code == place for one in (places_for(by) if places is None else places))


def row_of(known: Catalogue, category: str, place: str) -> Rule | None:
    """Exactly this row, not the one that would hold."""
    return next((rule for rule in known.rules if (rule.category, rule.place) == (category, place)), None)


def write_rule(rule: Rule, *, seen: int, by: Actor, reason: str) -> CatalogueVersion:
    """Add or replace the row of this category at this place. ``seen``: the version the writer had before them.

    Raises NotAllowed, Refused at ``category``, ``owner``, ``label``, ``response``, ``holder`` or ``privacy``, and
    Conflict where somebody else has written the same row since.
    """
    _check(rule, by)
    with transaction.atomic():
        known = _locked(rule.category, rule.place, seen)
        same = [n for n, one in enumerate(known.rules) if (one.category, one.place) == (rule.category, rule.place)]
        kin = [n for n, one in enumerate(known.rules) if one.category == rule.category]
        # where it stood; a new one behind its kin, so that the general row stays the first
        at = same[0] if same else kin[-1] + 1 if kin else len(known.rules)
        rows = [*known.rules[:at], rule, *known.rules[at + len(same) :]]
        return _store(rows, f"写了“{rule.label}”", by)


def drop_rule(category: str, place: str, *, seen: int, by: Actor, reason: str) -> CatalogueVersion:
    """Take out a place's own row: the one above holds again. The row for everywhere stays. Raises as write_rule."""
    if not may_write(by, place):
        raise NotAllowed("这一条要由管这个地方的人来改。", code="not_yours")
    if not place:
        raise Refused("管所有地方的一条不能删，能改。", field="place", code="general")
    with transaction.atomic():
        known = _locked(category, place, seen)
        gone = row_of(known, category, place)
        if gone is None:
            raise Conflict("这一条已经没有了。", code="gone")
        rest = [one for one in known.rules if one is not gone]
        if all(one.category != category for one in rest):
            raise Refused("这一类只有这一条，删了就没有人管了。", field="place", code="last")
        return _store(rest, f"删了“{gone.label}”", by)


def _check(rule: Rule, by: Actor) -> None:
    if not may_write(by, rule.place):
        raise NotAllowed("这一条要由管这个地方的人来改。", code="not_yours")
    if not KEY.fullmatch(rule.category):
        raise Refused("代号用小写字母、数字和下划线，字母开头，2 到 30 个。", field="category", code="form")
    if not rule.group.strip() or not rule.label.strip():
        raise Refused("写上大类和名称。", field="label", code="required")
    if not rule.owner:
        raise Refused("谁来办？请选一个岗位，没有人管的一类派不出去。", field="owner", code="no_owner")
    if rule.protected != (rule.privacy == Privacy.PROTECTED):
        raise Refused("保密的一类不能改成别的，别的也不能改成保密。", field="privacy", code="protected")
    for limit, field, words in (
        (rule.response, "response", "先回应、后办好：回应的期限不能比办好的长。"),
        (rule.holder, "holder", "每一手的期限不能比办好的长。"),
    ):
        if _hours(limit) > _hours(rule.handle):
            raise Refused(words, field=field, code="order")


def _hours(limit: Limit) -> int:
    return limit.amount * _HOURS[limit.unit]


def _locked(category: str, place: str, seen: int) -> Catalogue:
    """The newest version, one writer at a time. Conflict where the row is not the one that was seen."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('cases_catalogue'))")
    known, before = catalogue(), catalogue_of(seen)
    if before is None or row_of(known, category, place) != row_of(before, category, place):
        raise Conflict("刚有人改过这一条。下面是现在的样子，看过再改。", code="changed")
    return known


def _store(rules: Iterable[Rule], note: str, by: Actor) -> CatalogueVersion:
    return CatalogueVersion.objects.create(rows=[one.as_json() for one in rules], note=note[:200], by=by.account)
