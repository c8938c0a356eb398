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

MOST = 9999
# what is still being counted
COUNTING = frozenset({NeedState.OPEN, NeedState.PLANNED})


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
    if not 1 <= heads <= MOST:
        raise Refused(f"人数要在 1 到 {MOST} 之间。", field="heads", code="heads")
    known = Need.objects.filter(source=source, category=category).first()
    if known is not None:
        if known.heads != heads:
            known.heads = heads
            known.save(update_fields=["heads"])
        return known
    return _count(category, community, heads, by, channel, source, grid=grid, words=words[:300])


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
    for _attempt in range(3):
        counting = rows.filter(state__in=COUNTING, heads__gt=-more, heads__lte=MOST - more)
        if counting.update(heads=F("heads") + more):
            return rows.values_list("heads", flat=True)[0]
        known = rows.first()
        if known is not None:
            if (left := _at_the_end(known, more)) is not None:
                return left
        elif more < 0:
            return 0
        else:
            try:
                with transaction.atomic():
                    return _count(category, community, more, by, channel, source).heads
            except IntegrityError:
                pass  # somebody beside made the first tap at the same moment: this one is added to theirs
    raise Conflict("刚刚变过，请再点一次。", code="changed")


def _at_the_end(known: Need, more: int) -> int | None:
    """Why this one does not take ``more``, or 0 where it went; None where it was there a moment ago and does by now."""
    if known.state not in COUNTING:
        raise Conflict(f"“{known.category.label}”已经有回音了，请另外登记。", code="answered")
    if known.heads + more > MOST:
        raise Refused(f"人数要在 1 到 {MOST} 之间。", field="heads", code="heads")
    if known.heads + more > 0:
        return None
    if known.state != NeedState.OPEN:
        raise Conflict("已经开成项目的人数不能减到零。", code="planned")
    rows = Need.objects.select_for_update(of=("self",)).filter(pk=known.pk, state=NeedState.OPEN, heads__lte=-more)
    if (wrong := rows.first()) is not None:
        wrong.delete()  # nobody said it: the tap was a wrong one
        return 0
    return None


def _count(
    category: Category, community: Place, heads: int, by: Actor, channel: Channel, source: str, **more: object
) -> Need:
    need = Need.objects.create(
        source=source,
        category=category,
        heads=heads,
        community=community,
        channel=channel,
        filed_by=FiledBy.WORKER,
        filed_account=by.account,
        **more,
    )
    log(need, "", Party.WORKER, by, "")
    return need
