"""What this room puts on 我的事: what an officer is to walk on or to look at, and how it went for who came along."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from jiamenkou.foundation.access.rls import ACTOR
from jiamenkou.foundation.events.contributions import TimelineEntry
from jiamenkou.services.walkthrough.access import whole
from jiamenkou.services.walkthrough.figures import count_states
from jiamenkou.services.walkthrough.models import Finding, Officer, Walk
from jiamenkou.services.walkthrough.states import OfficerState

SHOWN = 30
KEPT_DAYS = 90
ICON, TONE = "footprints", "teal"


def officers_part(residents: Iterable[int]) -> list[TimelineEntry]:
    """Three queries. It is shown to the officer's own account only: nobody else can open it."""
    own = Officer.objects.filter(resident_id__in=list(residents), account_id=RawSQL(ACTOR, []))  # noqa: S611 - ours
    with whole():
        return [
            *(_asked(one) for one in own.filter(state=OfficerState.ASKED).select_related("community").order_by("pk")),
            *(_running(one) for one in Walk.objects.running().with_list_data().filter(officer__in=own).order_by("pk")),
            *(_check(one) for one in _to_check(own)),
        ]


def together(residents: Iterable[int]) -> list[TimelineEntry]:
    """Walks on which they came along. Two queries."""
    since = timezone.now() - timedelta(days=KEPT_DAYS)
    with whole():
        walks = Walk.objects.with_list_data().filter(resident_id__in=list(residents), started_at__gt=since)
        return [_together(one) for one in walks.prefetch_related("findings").order_by("-started_at", "-pk")[:SHOWN]]


def _to_check(own: QuerySet[Officer]) -> QuerySet[Finding]:
    mine = Finding.objects.to_check().filter(officer__in=own.filter(state=OfficerState.ACTIVE))
    return mine.with_list_data().order_by("-at", "-pk")[:SHOWN]


def _asked(officer: Officer) -> TimelineEntry:
    return TimelineEntry(
        at=officer.agreed_at, icon=ICON, tone=TONE, title="报名体验员", state="报名收到了", place=officer.community.name,
        next="社区看过就告诉您", href="/walks/mine/",
    )  # fmt: skip


def _running(walk: Walk) -> TimelineEntry:
    return TimelineEntry(
        at=walk.started_at, icon=ICON, tone=TONE, title=f"走流程：{walk.version.errand.name}", state="正在走",
        place=walk.point.name, next="接着走，走完点“结束这一趟”", href=f"/walks/{walk.pk}/", waits_for_me=True,
    )  # fmt: skip


def _check(finding: Finding) -> TimelineEntry:
    return TimelineEntry(
        at=finding.at, icon="eye", tone=TONE, title=finding.source_title, state="经办的人说办好了",
        place=finding.walk.point.address, next="请您去看一眼，改没改好您说了算", href=f"/walks/findings/{finding.pk}/",
        waits_for_me=True,
    )  # fmt: skip


def _together(walk: Walk) -> TimelineEntry:
    """The resident who came along."""
    found = count_states(finding.state for finding in walk.findings.all())
    if walk.ended_at is None:
        state, following = "正在走", "走完了，发现的问题会改"
    elif not found.found:
        state, following = "走完了，没发现问题", ""
    else:
        state = f"发现 {found.found} 项问题，解决了 {found.solved} 项"
        following = f"还有 {found.open} 项在改，改好告诉您" if found.open else ""
    return TimelineEntry(
        at=walk.started_at, icon=ICON, tone=TONE, title=f"一起走：{walk.version.errand.name}", state=state,
        place=walk.point.name, next=following, href=f"/walks/join/{walk.join_code}/",
        done=walk.ended_at is not None and not found.open,
    )  # fmt: skip
