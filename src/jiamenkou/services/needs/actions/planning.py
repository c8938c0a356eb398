"""Fairs before they happen: planned, changed, their stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.people.models import Organisation
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from jiamenkou.services.needs.models import Fair, Stand
from jiamenkou.services.needs.states import FairState

MOST_STANDS = 60


def plan_fair(community: Place, fields: dict[str, Any], *, by: Actor, now: datetime, reason: str) -> Fair:
    """``fields``: title, words, place_words, starts_at, ends_at, capacity. Residents see it at once."""
    if by.account is None:
        raise NotAllowed("请先登录。")
    if fields["starts_at"] <= now:
        raise Refused("开始的时间已经过了。", field="starts_at", code="past")
    return Fair.objects.create(community=community, by=by.account, **fields)


def change_fair(fair: Fair, fields: dict[str, Any], *, by: Actor, reason: str) -> None:
    """What stands on the page. Fewer places than are given away is refused: nobody who was told "yes" is sent home."""
    changed = Fair.objects.filter(pk=fair.pk, state=FairState.PLANNED, taken__lte=fields["capacity"]).update(**fields)
    if changed:
        for name, value in fields.items():
            setattr(fair, name, value)
        return
    now = Fair.objects.filter(pk=fair.pk, taken__gt=fields["capacity"], state=FairState.PLANNED).first()
    if now is not None:
        raise Refused(f"已经有 {now.taken} 人报上名，名额不能比这少。", field="capacity", code="taken")
    raise Conflict("这场市集已经结束或取消了。", code="changed")


def add_stand(fair: Fair, title: str, who: str, organisation: Organisation | None, *, by: Actor, reason: str) -> Stand:
    if fair.state != FairState.PLANNED:
        raise Conflict("这场市集已经结束或取消了。", code="closed")
    if Stand.objects.filter(fair=fair).count() >= MOST_STANDS:
        raise Refused(f"一场最多 {MOST_STANDS} 个摊位。", field="title", code="many")
    return Stand.objects.create(fair=fair, title=title, who=who, organisation=organisation)


def drop_stand(stand: Stand, *, by: Actor, reason: str) -> None:
    stand.delete()
