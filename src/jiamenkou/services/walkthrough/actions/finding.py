"""What was found becomes a case; whoever found it, or another officer of the round, says whether it is fixed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.cases.api import Case, CaseSource, answer, catalogue, open_case
from jiamenkou.foundation.cases.models import CaseFile, Follower
from jiamenkou.foundation.cases.states import (
    CaseState,
    Channel,
    FiledBy,
    Moment,
    Outcome,
    Privacy,
    Satisfaction,
    Solved,
)
from jiamenkou.foundation.files.storing import read, store_photo
from jiamenkou.foundation.people.masking import scrub_sentence
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from jiamenkou.services.walkthrough.access import checkable, lent, whole
from jiamenkou.services.walkthrough.following import ROOM, sync, tell_accompanied
from jiamenkou.services.walkthrough.models import Finding, FindingQuerySet, Walk, WalkStep
from jiamenkou.services.walkthrough.states import FindingKind, FindingState, Severity

# rounds looked back for the same kind at the same window and errand
ROUNDS_BACK = 3


def record_finding(
    walk: Walk,
    kind: str,
    *,
    by: Actor,
    now: datetime,
    reason: str,
    words: str = "",
    severity: int = Severity.MIDDLE,
    step: int | None = None,
    photo: bytes | None = None,
) -> Finding:
    """A finding and its case, in one transaction. Raises Refused at ``kind``, ``words``, ``photo``."""
    if kind not in FindingKind.values:
        raise Refused("是哪一种问题？请选一个。", field="kind", code="required")
    if severity not in Severity.values:
        raise Refused("多要紧？请选一个。", field="severity", code="required")
    if not words.strip() and not photo:
        raise Refused("拍一张，或者写一句。", field="words", code="required")
    if by.account is None or walk.officer.account_id != by.account.pk:
        raise NotAllowed("走这一趟的人才能记。", code="not_officer")
    with lent(walk.community_id), transaction.atomic():
        before = (
            store_photo(photo, by=by, keeper="walkthrough", community=walk.community_id, field="photo")
            if photo
            else None
        )
        finding = Finding.objects.create(
            walk=walk, step=WalkStep.objects.filter(walk=walk, number=step).first() if step else None,
            community_id=walk.community_id, officer=walk.officer, kind=kind, severity=severity, words=words.strip()[:300],
            before=before, at=now, seen_before=seen_before(walk, kind),
        )  # fmt: skip
        _open(finding, by, now)
    return finding


def seen_before(walk: Walk, kind: str) -> int:
    """In how many of the rounds just before this kind was found at this window and errand."""
    return _before(walk, kind).order_by().values("walk__round").distinct().count()


def earlier(finding: Finding) -> FindingQuerySet:
    """The history of a finding that came back, the newest first."""
    return _before(finding.walk, finding.kind).with_list_data().order_by("-at", "-pk")


def _before(walk: Walk, kind: str) -> FindingQuerySet:
    return Finding.objects.filter(
        walk__point_id=walk.point_id, walk__version__errand_id=walk.version.errand_id, kind=kind,
        community_id=walk.community_id, walk__round__number__lt=walk.round.number,
        walk__round__number__gte=walk.round.number - ROUNDS_BACK,
    )  # fmt: skip


def _open(finding: Finding, by: Actor, now: datetime) -> Case:
    """Its case, with a copy of the photo: the case keeps its own papers."""
    kind, walk = FindingKind(finding.kind), finding.walk
    known = {rule.category for rule in catalogue().categories()}
    again = f"（前几期出现过 {finding.seen_before} 次）" if finding.seen_before else ""
    where = f"{walk.version.errand.name}，{walk.point.name}，{walk.point.charge}"
    files = []
    if finding.before is not None:
        files.append(
            store_photo(read(finding.before), by=by, keeper="cases", community=finding.community_id)
        )  # fmt: skip
    case = open_case(
        category=kind.category if kind.category in known else "other", place=finding.walk.round.community,
        title=finding.source_title, words=f"{kind.label}：{finding.words or '见照片'}。{where}{again}",
        door=walk.point.address, reporter=finding.officer.account, source=CaseSource(ROOM, finding.pk),
        channel=Channel.WALKTHROUGH, filed_by=FiledBy.WORKER, privacy=Privacy.PRIVATE, files=files, by=by,
        reason="走流程发现问题", now=now,
    )  # fmt: skip
    sync(finding, case)
    return case


def check_finding(
    finding: Finding, fixed: bool, words: str, *, by: Actor, now: datetime, reason: str, photo: bytes | None = None
) -> Finding:
    """复核. By its finder or another officer of the round, never by whoever handled it.

    Not fixed sends it back through the callback of the case; "cannot be solved" that is accepted stays unsolved.
    Raises NotAllowed, Conflict where it does not wait for a check, Refused at ``words``.
    """
    if not fixed and not words.strip():
        raise Refused("哪里还没好？写一句，经办的人会看到。", field="words", code="required")
    with whole(), transaction.atomic():
        if not checkable(by).filter(pk=finding.pk).exists():
            raise NotAllowed("由发现的人，或者同一期的体验员来看。", code="not_officer")
        row = Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
        if row.state != FindingState.CHECKING or row.case is None:
            raise Conflict("这个问题现在不等复核。", code="no_such_move")
        if by.account is not None and row.case.handler_id == by.account.pk:
            raise NotAllowed("您经手过这一件，要由没有经手的人来看。", code="handled_it")
        if photo:
            row.after = store_photo(photo, by=by, keeper="walkthrough", community=row.community_id, field="photo")
        row.checked_by, row.checked_at, row.check_words = by.account, now, words.strip()[:300]
        row.accepted = fixed and row.case.outcome != Outcome.CANNOT
        row.save()
        _settle(row, fixed, words, by, now)
        return Finding.objects.with_list_data().get(pk=finding.pk)


def _settle(row: Finding, fixed: bool, words: str, by: Actor, now: datetime) -> None:
    case = row.case
    assert case is not None
    if case.state == CaseState.HANDLED:
        follower = Follower.objects.get(case=case, account=row.officer.account)
        solved = Solved.YES if row.accepted else Solved.NO
        pleased = Satisfaction.GOOD if fixed else Satisfaction.POOR
        if row.after is not None:
            copy = store_photo(read(row.after), by=by, keeper="cases", community=row.community_id)
            CaseFile.objects.create(case=case, file=copy, moment=Moment.AFTER, at=now)
        answer(follower, solved, pleased, by=by, reason="体验员复核", text=words[:300], now=now)
    elif fixed:
        # closed meanwhile because nobody had looked for too long
        row.state = FindingState.SOLVED
        row.save()
        tell_accompanied(row)
    else:
        _open(row, by, now)


def publish_finding(
    finding: Finding, words: str, fix: str, photos: bool, shown: bool, *, by: Actor, now: datetime, reason: str
) -> None:
    """What the public list says. Numbers of people are masked; names are staff's to leave out. Raises Refused."""
    if shown and not words.strip():
        raise Refused("写一句能让大家看的话，不写名字。", field="public_words", code="required")
    finding.public_words, finding.public_fix = scrub_sentence(words, 120), scrub_sentence(fix, 120)
    finding.published_at = (finding.published_at or now) if shown else None
    finding.photos_public = photos and shown
    finding.save()
    for file in (finding.before, finding.after):
        if file is not None and file.is_public != finding.photos_public:
            file.is_public = finding.photos_public
            file.save()
