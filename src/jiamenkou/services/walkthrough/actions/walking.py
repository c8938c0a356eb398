"""A walk as it happens. The clock is the server's; a tap that comes twice changes nothing the second time."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.files.models import StoredFile
from jiamenkou.foundation.files.storing import store_photo
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from jiamenkou.services.walkthrough.access import lent
from jiamenkou.services.walkthrough.models import (
    Errand,
    Officer,
    Round,
    RoundOfficer,
    ServicePoint,
    Walk,
    WalkStep,
)
from jiamenkou.services.walkthrough.states import OfficerState, WalkOutcome

MOST_MINUTES = 24 * 60
MOST_PAPERS = 30
# a walk that nobody ended is over by itself after so long
LONGEST = timedelta(hours=48)


def start_walk(
    planned: Round, errand: Errand, point: ServicePoint, officer: Officer, *, by: Actor, now: datetime, reason: str
) -> Walk:
    """Begin, with the checklist of this moment. Raises Refused, NotAllowed, or Conflict where one is under way."""
    if officer.state != OfficerState.ACTIVE or by.account is None or officer.account_id != by.account.pk:
        raise NotAllowed("体验员本人才能开始。", code="not_officer")
    with lent(planned.community_id):
        if not RoundOfficer.objects.filter(round=planned, officer=officer).exists():
            raise NotAllowed("这一期没有安排您，请跟社区说一声。", code="not_in_round")
        if not planned.runs_on(timezone.localdate(now)):
            raise Refused("这一期还没开始，或者已经结束了。", field="round", code="not_running")
        if not planned.errands.filter(pk=errand.pk).exists():
            raise Refused("这一期不走这个事项。", field="errand", code="not_planned")
        if point.closed_on is not None or not errand.points.filter(pk=point.pk).exists():
            raise Refused("这个窗口停用了，请换一个窗口。", field="point", code="closed")
        version = errand.current
        try:
            with transaction.atomic():
                walk = Walk.objects.create(
                    round=planned, version=version, point=point, community_id=planned.community_id, officer=officer,
                    started_at=now, join_code=secrets.token_urlsafe(12),
                )  # fmt: skip
        except IntegrityError as error:
            raise Conflict("您有一趟还没走完，先把那趟走完。", code="running") from error
        WalkStep.objects.bulk_create(
            WalkStep(walk=walk, number=number, name=name) for number, name in enumerate(version.steps, 1)
        )
    return walk


def arrive(walk: Walk, number: int, *, by: Actor, now: datetime, reason: str) -> WalkStep:
    """到了. The step before is over where its end was not tapped."""
    with lent(walk.community_id):
        step = _step(walk, number)
        if step.started_at is None:
            before = WalkStep.objects.filter(walk=walk, number__lt=number, started_at__isnull=False, ended_at=None)
            before.update(ended_at=now)
            step.started_at = now
            step.save()
    return step


def finish(
    walk: Walk,
    number: int,
    *,
    by: Actor,
    now: datetime,
    reason: str,
    waiting_minutes: int | None = None,
    asked: Sequence[str] = (),
    words: str = "",
    photo: bytes | None = None,
) -> WalkStep:
    """办完, with what was seen. Said again for a step that is over, it adds what was not said. Raises Refused."""
    if waiting_minutes is not None and not 0 <= waiting_minutes <= MOST_MINUTES:
        raise Refused("等了几分钟？填 0 到 1440。", field="waiting_minutes", code="range")
    if len(asked) > MOST_PAPERS or any(len(paper) > 40 for paper in asked):
        raise Refused("材料最多 30 样，每样最多 40 个字。", field="asked", code="range")
    with lent(walk.community_id), transaction.atomic():
        step = _step(walk, number)
        if step.started_at is None:
            raise Refused("先点“到了”，再点“办完”。", code="order")
        step.ended_at = step.ended_at or max(now, step.started_at)
        if waiting_minutes is not None:
            step.waiting_minutes = waiting_minutes
        if asked:
            step.asked = list(dict.fromkeys(asked))
        step.words = words[:300] or step.words
        if photo:
            step.photo = _photo(photo, walk, by)
        step.save()
    return step


def end_walk(walk: Walk, outcome: str, words: str, *, by: Actor, now: datetime, reason: str) -> Walk:
    """The walk is over; steps that were begun are over with it. Raises Refused at ``outcome``, Conflict."""
    if outcome not in WalkOutcome.values:
        raise Refused("办成了没有？请选一个。", field="outcome", code="required")
    with lent(walk.community_id):
        locked = Walk.objects.select_for_update(of=("self",)).get(pk=walk.pk)
        if locked.ended_at is not None:
            raise Conflict("这一趟已经走完了。", code="ended")
        WalkStep.objects.filter(walk=walk, started_at__isnull=False, ended_at=None).update(ended_at=now)
        locked.ended_at, locked.outcome, locked.words = max(now, locked.started_at), outcome, words[:300]
        locked.save()
    return locked


def end_forgotten(now: datetime, *, by: Actor, reason: str) -> int:
    """Walks that nobody ended. Returns how many."""
    count = 0
    for walk in Walk.objects.running().filter(started_at__lt=now - LONGEST).order_by("pk"):
        end_walk(walk, WalkOutcome.GIVEN_UP, "两天没有点结束，系统结束的", by=by, now=now, reason=reason)
        count += 1
    return count


def accompany(walk: Walk, resident: Resident, *, by: Actor, now: datetime, reason: str) -> None:
    """The resident says yes, on their own phone. Raises NotAllowed, Conflict."""
    if resident.pk not in {link.resident_id for link in by.residents}:
        raise NotAllowed("要居民本人同意。", code="not_own")
    with lent(walk.community_id):
        locked = Walk.objects.select_for_update(of=("self",)).get(pk=walk.pk)
        if locked.ended_at is not None:
            raise Conflict("这一趟已经走完了。", code="ended")
        if locked.officer.resident_id == resident.pk:
            raise Refused("体验员不用陪自己。", code="own")
        if locked.resident_id not in {None, resident.pk}:
            raise Conflict("这一趟已经有居民一起走了。", code="taken")
        if locked.resident_id is None:
            locked.resident, locked.consent_at = resident, now
            locked.save()


def stop_accompanying(walk: Walk, *, by: Actor, reason: str) -> None:
    """Taking the yes back is as easy: the walk no longer knows who came along."""
    if walk.resident_id not in {link.resident_id for link in by.residents}:
        raise NotAllowed("只能撤回自己的同意。", code="not_own")
    with lent(walk.community_id):
        Walk.objects.filter(pk=walk.pk, resident_id=walk.resident_id).update(resident=None, consent_at=None)


def _photo(data: bytes, walk: Walk, by: Actor) -> StoredFile:
    return store_photo(data, by=by, keeper="walkthrough", community=walk.community_id)


def _step(walk: Walk, number: int) -> WalkStep:
    """Held until the end of the transaction. Raises Conflict once the walk is over, Refused for no such step."""
    locked = Walk.objects.select_for_update(of=("self",)).get(pk=walk.pk)
    if locked.ended_at is not None:
        raise Conflict("这一趟已经走完了。", code="ended")
    step = WalkStep.objects.select_for_update(of=("self",)).filter(walk=walk, number=number).first()
    if step is None:
        raise Refused("没有这一步。", code="no_step")
    return step
