"""What somebody found about two rows that look alike."""

from __future__ import annotations

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.people.models import PairDecision, PairVerdict, Resident
from jiamenkou.foundation.refusals import NotAllowed, Refused


def decide_pair(one: Resident, other: Resident, verdict: PairVerdict, *, by: Actor, reason: str) -> PairDecision:
    """两个人 is remembered for good, 待查 puts the pair behind the others. The last word counts."""
    first, second = sorted((one, other), key=lambda resident: resident.pk)
    if first.pk == second.pk:
        raise Refused("请选两位不同的居民。", code="same")
    for resident in (first, second):
        if not by.may(Permission.RESIDENTS_MERGE, resident.community_id, resident.grid_id):
            raise NotAllowed("两位居民都要在您负责的范围内。")
    decision = PairDecision.objects.filter(first=first, second=second).first() or PairDecision(
        first=first, second=second
    )
    decision.verdict, decision.by = verdict, by.account
    decision.save()
    return decision
