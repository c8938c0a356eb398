"""Fairs: places are given by one conditional update, with a CHECK behind it; who comes late stands in the queue."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.messages.send import tell
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.needs import notices, tasks
from jiamenkou.services.needs.models import Fair, SignUp
from jiamenkou.services.needs.states import FairState, FiledBy, SignUpState

MOST_HEADS = 10
# people may be checked in from so long before the beginning
EARLY = timedelta(hours=1)


def sign_up(
    fair: Fair,
    resident: Resident,
    heads: int,
    *,
    by: Actor,
    filed_by: FiledBy,
    now: datetime,
    reason: str,
    quiet: bool = False,
) -> SignUp:
    """A place where there is one, else a place in the queue. A second tap returns the first sign-up.

    ``quiet``: nothing is told to somebody who stands at the entrance.
    """
    if not 1 <= heads <= MOST_HEADS:
        raise Refused(f"一次最多报 {MOST_HEADS} 个人。", field="heads", code="heads")
    if fair.state != FairState.PLANNED or fair.ends_at <= now:
        raise Conflict("这场市集已经结束或取消了。", code="closed")
    if resident.community_id != fair.community_id:
        raise Refused("名额先留给本社区的居民，您当天可以直接来逛。", code="elsewhere")
    known = SignUp.objects.filter(fair=fair, resident=resident).exclude(state=SignUpState.CANCELLED).first()
    if known is not None:
        return known
    state = SignUpState.COMING if _take(fair.pk, heads) else SignUpState.WAITING
    try:
        with transaction.atomic():
            made = SignUp.objects.create(
                fair=fair,
                resident=resident,
                community_id=resident.community_id,
                grid_id=resident.grid_id,
                heads=heads,
                state=state,
                filed_by=filed_by,
                by=by.account,
                at=now,
            )
    except IntegrityError:  # the other tap was faster: what was taken for this one goes back
        if state == SignUpState.COMING:
            _give_back(fair.pk, heads)
        return SignUp.objects.exclude(state=SignUpState.CANCELLED).get(fair=fair, resident=resident)
    if state == SignUpState.COMING and not quiet:
        tell(notices.SIGNED_UP, resident, href=f"/needs/fairs/{fair.pk}/", title=fair.title, **when_where(fair))
    return made


def cancel(sign_up: SignUp, *, by: Actor, now: datetime, reason: str) -> None:
    """Frees the places. The queue moves up in a job of the house: who cancels does not see who waits."""
    start = SignUpState(sign_up.state)
    if start not in {SignUpState.COMING, SignUpState.WAITING}:
        raise Conflict("已经到场或取消了。", code="changed")
    if not SignUp.objects.filter(pk=sign_up.pk, state=start).update(state=SignUpState.CANCELLED):
        raise Conflict("刚刚变过，请刷新看看。", code="changed")
    sign_up.state = SignUpState.CANCELLED
    if start == SignUpState.COMING:
        _give_back(sign_up.fair_id, sign_up.heads)
        tasks.move_queue_up.defer(fair=sign_up.fair_id)


def move_up(fair: Fair, *, by: Actor, now: datetime, reason: str) -> int:
    """Gives freed places to the queue in order: the first whose number of people fits. Returns how many moved up."""
    moved = 0
    if fair.ends_at <= now or fair.state != FairState.PLANNED:
        return moved
    queue = SignUp.objects.filter(fair=fair, state=SignUpState.WAITING).select_related("resident").order_by("at", "id")
    for waiting in queue:
        if not _take(fair.pk, waiting.heads):
            continue
        if not SignUp.objects.filter(pk=waiting.pk, state=SignUpState.WAITING).update(state=SignUpState.COMING):
            _give_back(fair.pk, waiting.heads)
            continue
        tell(notices.MOVED_UP, waiting.resident, href=f"/needs/fairs/{fair.pk}/", title=fair.title, **when_where(fair))
        moved += 1
    return moved


def check_in(sign_up: SignUp, *, by: Actor, now: datetime, reason: str) -> SignUp:
    """Here. Scanned twice it stays one arrival; somebody of the queue who came takes a place if there is one."""
    if sign_up.state == SignUpState.HERE:
        return sign_up
    if sign_up.state == SignUpState.CANCELLED:
        raise Conflict("这份报名已经取消，请重新登记。", code="cancelled")
    if sign_up.state == SignUpState.WAITING and not _take(sign_up.fair_id, sign_up.heads):
        raise Conflict("名额满了，前面还有人排队。", code="full")
    if not SignUp.objects.filter(pk=sign_up.pk, state=sign_up.state).update(state=SignUpState.HERE, here_at=now):
        raise Conflict("刚刚变过，请刷新看看。", code="changed")
    sign_up.state, sign_up.here_at = SignUpState.HERE, now
    return sign_up


def arrive(
    fair: Fair, resident: Resident, *, by: Actor, filed_by: FiledBy, now: datetime, reason: str, heads: int = 1
) -> SignUp:
    """Here, also for somebody who had not signed up: they take a place if there is one."""
    if fair.state != FairState.PLANNED or now >= fair.ends_at:
        raise Conflict("这场市集已经结束或取消了。", code="closed")
    if now < fair.starts_at - EARLY:
        raise Conflict("还没到签到的时候，开始前一小时再扫。", code="early")
    known = SignUp.objects.filter(fair=fair, resident=resident).exclude(state=SignUpState.CANCELLED).first()
    mine = known or sign_up(fair, resident, heads, by=by, filed_by=filed_by, now=now, reason=reason, quiet=True)
    return check_in(mine, by=by, now=now, reason=reason)


def call_off(fair: Fair, *, by: Actor, reason: str, why: str) -> None:
    """Cancelled: everybody who wanted to come is told."""
    if not why.strip():
        raise Refused("说一句为什么取消，报了名的人会看到。", field="why", code="required")
    if not Fair.objects.filter(pk=fair.pk, state=FairState.PLANNED).update(
        state=FairState.CANCELLED, outcome=why[:200]
    ):
        raise Conflict("这场市集已经结束或取消了。", code="changed")
    fair.state = FairState.CANCELLED
    coming = SignUp.objects.filter(fair=fair, state__in=[SignUpState.COMING, SignUpState.WAITING])
    for one in coming.select_related("resident").order_by("id"):
        tell(notices.CALLED_OFF, one.resident, href=f"/needs/fairs/{fair.pk}/", title=fair.title, why=why)


def end_fair(fair: Fair, *, by: Actor, reason: str, outcome: str = "") -> None:
    if not Fair.objects.filter(pk=fair.pk, state=FairState.PLANNED).update(
        state=FairState.OVER, outcome=outcome[:200]
    ):
        raise Conflict("这场市集已经结束或取消了。", code="changed")
    fair.state = FairState.OVER


def when_where(fair: Fair) -> dict[str, str]:
    starts, ends = timezone.localtime(fair.starts_at), timezone.localtime(fair.ends_at)
    return {"when": f"{starts:%-m月%-d日 %H:%M}–{ends:%H:%M}", "where": fair.place_words}


def _take(fair: int, heads: int) -> bool:
    """One conditional update decides; nobody waits for a lock to hear that it is full."""
    return bool(Fair.objects.filter(pk=fair, taken__lte=F("capacity") - heads).update(taken=F("taken") + heads))


def _give_back(fair: int, heads: int) -> None:
    Fair.objects.filter(pk=fair).update(taken=F("taken") - heads)
