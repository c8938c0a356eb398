"""Reading logs for the figures: what :mod:`rates` needs, for the communities somebody may see."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from jiamenkou.foundation.cases.folding import Fact
from jiamenkou.foundation.cases.models import Case, CaseEvent
from jiamenkou.foundation.cases.rates import Figures, Log, figures


def logs_of(communities: Collection[int], since: datetime, until: datetime) -> list[Log]:
    """Every case whose clocks or end touch the period, or that is open. Two queries."""
    touching = (
        Q(submitted_at__gte=since, submitted_at__lt=until)
        | Q(closed_at__gte=since, closed_at__lt=until)
        | Q(due_at__gte=since, due_at__lt=until)
        | Q(response_due__gte=since, response_due__lt=until)
        | Q(closed_at__isnull=True)
    )
    cases = Case.objects.filter(community_id__in=communities)
    roots = set(cases.filter(touching, merged_into__isnull=True).order_by("pk").values_list("pk", flat=True))
    where = dict(cases.order_by("pk").values_list("pk", "community_id"))
    into = dict(cases.filter(merged_into__isnull=False).order_by("pk").values_list("pk", "merged_into_id"))
    wanted = roots | {pk for pk in into if _root(pk, into) in roots}
    facts: dict[int, list[Fact]] = {}
    rows = CaseEvent.objects.filter(case__in=wanted).order_by("case_id", "seq")
    for case, seq, kind, at, by, data in rows.values_list("case_id", "seq", "kind", "at", "by_id", "data"):
        facts.setdefault(case, []).append(Fact(seq, kind, at, by, data))
    return [Log(case, where[case], found) for case, found in facts.items()]


def _root(case: int, into: dict[int, int]) -> int:
    while case in into:
        case = into[case]
    return case


def rates(communities: Collection[int], since: datetime, until: datetime, now: datetime) -> dict[int, Figures]:
    """The figures of a period by community, recomputed from the log."""
    found = figures(logs_of(communities, since, until), since, until, now)
    return {community: found.get(community, Figures()) for community in communities}
