"""People nobody wrote down by name: counted at a stand or on paper, by kind of need."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import F

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.needs.actions.needs import log, usable
from jiamenkou.services.needs.models import Category, Need
from jiamenkou.services.needs.states import Channel, FiledBy, NeedState, Party


def tally(
    category: Category,
    community: Place,
    heads: int,
    *,
    by: Actor,
    channel: Channel,
    source: str,
    reason: str,
    words: str = "",
    grid: Place | None = None,
) -> Need:
    """So many people nobody wrote down by name, at a stand or on paper. The same source is counted anew, not twice."""
    usable(category)
    if not 1 <= heads <= 9999:
        raise Refused("人数要在 1 到 9999 之间。", field="heads", code="heads")
    known = Need.objects.filter(source=source, category=category).first()
    if known is not None:
        if known.heads != heads:
            known.heads = heads
            known.save(update_fields=["heads"])
        return known
    need = Need.objects.create(
        source=source,
        category=category,
        heads=heads,
        community=community,
        grid=grid,
        words=words[:300],
        channel=channel,
        filed_by=FiledBy.WORKER,
        filed_account=by.account,
    )
    log(need, "", Party.WORKER, by, "")
    return need


def tally_more(
    category: Category,
    community: Place,
    more: int,
    *,
    by: Actor,
    channel: Channel,
    source: str,
    reason: str,
) -> int:
    """``more`` people (or fewer, after a wrong tap) at the same source. Returns how many there are now, 0 at least.

    Every tap is one conditional update: two people at one stand lose nothing of each other.
    """
    usable(category)
    if not -99 <= more <= 999 or more == 0:
        raise Refused("一次最多加 999 人。", field="heads", code="heads")
    rows = Need.objects.filter(source=source, category=category, resident__isnull=True)
    counting = rows.filter(state__in=[NeedState.OPEN, NeedState.PLANNED])
    if counting.filter(heads__gt=-more, heads__lte=9999 - more).update(heads=F("heads") + more):
        return rows.values_list("heads", flat=True)[0]
    known = rows.first()
    if known is None:
        return _first_tally(category, community, more, by, channel, source, reason) if more > 0 else 0
    if known.state not in {NeedState.OPEN, NeedState.PLANNED}:
        raise Conflict(f"“{category.label}”已经有回音了，请另外登记。", code="answered")
    if more > 0:
        raise Refused("人数要在 1 到 9999 之间。", field="heads", code="heads")
    if known.state == NeedState.OPEN and rows.filter(state=NeedState.OPEN, heads__lte=-more).exists():
        known.delete()  # nobody said it: the tap was a wrong one
        return 0
    raise Conflict("已经开成项目的人数不能减到零。", code="planned")


def _first_tally(
    category: Category, community: Place, heads: int, by: Actor, channel: Channel, source: str, reason: str
) -> int:
    try:
        with transaction.atomic():
            return tally(category, community, heads, by=by, channel=channel, source=source, reason=reason).heads
    except IntegrityError:  # somebody beside made the first tap at the same moment
        return tally_more(category, community, heads, by=by, channel=channel, source=source, reason=reason)
