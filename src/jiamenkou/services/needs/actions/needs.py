"""Needs: said, answered, moved along the table. The same person's same need is one need."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.files.models import StoredFile
from jiamenkou.foundation.files.storing import discard
from jiamenkou.foundation.messages.send import tell
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from jiamenkou.services.needs import notices
from jiamenkou.services.needs.models import Category, Need, NeedLog, Project
from jiamenkou.services.needs.states import LIVE, Channel, FiledBy, NeedState, Party, move


def file_need(
    resident: Resident,
    category: Category,
    *,
    by: Actor,
    channel: Channel,
    filed_by: FiledBy,
    reason: str,
    words: str = "",
    source: str = "",
    at: datetime | None = None,
    voice: StoredFile | None = None,
) -> Need:
    """A person's need. Said again while it is live, it stays one need; new words are added to the old ones.

    ``source`` names where it came from (``visit:17``): the same source says the same need once.
    """
    usable(category)
    try:
        with transaction.atomic():
            need = Need.objects.create(
                resident=resident,
                community_id=resident.community_id,
                grid_id=resident.grid_id,
                category=category,
                words=words[:300],
                voice=voice,
                channel=channel,
                filed_by=filed_by,
                filed_account=by.account,
                source=source,
                at=at or timezone.now(),
                moved_at=at or timezone.now(),
            )
    except IntegrityError:
        return _said_again(resident, category, words, source, voice, by)
    log(need, "", Party.WORKER if filed_by == FiledBy.WORKER else Party.RESIDENT, by, "")
    return need


def _said_again(
    resident: Resident, category: Category, words: str, source: str, voice: StoredFile | None, by: Actor
) -> Need:
    known = Need.objects.select_for_update(of=("self",)).filter(resident=resident, category=category)
    live = known.live().order_by("id").first()
    if live is None:  # the same source once more, after the need came to its end
        return known.filter(source=source).order_by("-id")[0]
    if words and words not in live.words:
        live.words = f"{live.words}；{words}".strip("；")[:300]
        live.save(update_fields=["words"])
    if voice is not None:
        before, live.voice = live.voice, voice
        live.save(update_fields=["voice"])
        if before is not None:
            discard(before, by=by, reason="重新说了一段")
    return live


def move_need(
    need: Need,
    to: NeedState,
    *,
    party: Party,
    by: Actor,
    reason: str,
    text: str = "",
    project: Project | None = None,
    now: datetime | None = None,
    quiet: bool = False,
) -> Need:
    """Take one arrow of the table; the update names the state it came from, so two at once cannot both win."""
    start = NeedState(need.state)
    arrow = move(start, to)
    if arrow is None:
        raise Conflict(f"“{start.label}”之后不能是“{NeedState(to).label}”。", code="no_such_move")
    if party not in arrow.parties:
        raise NotAllowed("这一步要由另一方来做。", code="not_yours")
    if arrow.reason and not text.strip():
        raise Refused("说一句为什么，居民会看到。", field="text", code="required")
    moment = now or timezone.now()
    fields: dict[str, object] = {"state": to, "moved_at": moment}
    if text:
        fields["answer"] = text[:200]
    if to == NeedState.MET:
        fields["met_at"] = moment
    if project is not None or to == NeedState.OPEN:
        fields["project"] = project
    try:
        with transaction.atomic():
            moved = Need.objects.filter(pk=need.pk, state=start).update(**fields)
    except IntegrityError as error:
        raise Conflict("这个人同样的需求已经又记了一条。", code="exists") from error
    if not moved:
        raise Conflict("别人刚动过这条需求，请刷新看看。", code="changed")
    for name, value in fields.items():
        setattr(need, name, value)
    log(need, start, party, by, text)
    if need.resident is not None and not quiet:
        _tell(need, text)
    return need


def _tell(need: Need, text: str) -> None:
    assert need.resident is not None
    category, href = need.category.label, f"/needs/{need.pk}/"
    if need.state == NeedState.CANNOT:
        tell(notices.CANNOT, need.resident, href=href, category=category, why=text)
    elif need.state == NeedState.ANSWERED and need.project is None:
        tell(
            notices.ANSWERED, need.resident, href=href, answers=["用上了", "没用上"], category=category,
            words=text or "社区安排好了。",
        )  # fmt: skip


def usable(category: Category) -> None:
    if not category.is_active:
        raise Refused(f"“{category.label}”已经停用，请换一类。", field="category", code="inactive")


def log(need: Need, start: str, party: Party, by: Actor, text: str) -> None:
    NeedLog.objects.create(need=need, start=start, end=need.state, party=party, by=by.account, text=text[:200])


def close_for_leaving(resident: int, *, by: Actor, reason: str) -> int:
    """The person died or moved away: what is live ends without a message."""
    gone = 0
    for need in Need.objects.filter(resident_id=resident, state__in=LIVE).select_related("category").order_by("id"):
        if need.state == NeedState.ANSWERED:
            move_need(need, NeedState.WITHDRAWN, party=Party.WORKER, by=by, reason=reason, text=reason, quiet=True)
        else:
            move_need(need, NeedState.WITHDRAWN, party=Party.SYSTEM, by=by, reason=reason, text=reason, quiet=True)
        gone += 1
    return gone
