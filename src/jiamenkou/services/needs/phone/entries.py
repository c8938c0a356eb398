"""What this room puts on 我的事, and on a resident's file: one line a need."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from jiamenkou.foundation.asking import NOW, Ask
from jiamenkou.foundation.events.contributions import TimelineEntry, Told
from jiamenkou.services.needs.models import Need, SignUp
from jiamenkou.services.needs.models.need import ANSWER_DAYS, NeedQuerySet
from jiamenkou.services.needs.states import LIVE, FairState, Group, NeedState, SignUpState

SHOWN = 50
ICONS = {
    Group.LEARN: "graduation-cap",
    Group.WORK: "briefcase",
    Group.SERVICE: "wrench",
    Group.ELDER: "heart-handshake",
    Group.CHILD: "baby",
    Group.SPACE: "door-open",
    Group.HEALTH: "heart-pulse",
    Group.ERRAND: "file-text",
}


def _needs(residents: list[int]) -> NeedQuerySet:
    """The newest fifty needs of these people."""
    return Need.objects.filter(resident_id__in=residents).with_list_data().order_by("-moved_at", "-id")[:SHOWN]


def _said(residents: Sequence[int], needs: list[Need]) -> list[TimelineEntry]:
    return [entry_of(need, named=len(residents) > 1) for need in needs]


def _fairs(residents: list[int]) -> QuerySet[SignUp]:
    """The fairs they come to."""
    coming = SignUp.objects.filter(resident_id__in=residents, fair__ends_at__gt=NOW - timedelta(days=7))
    shown = coming.exclude(state=SignUpState.CANCELLED).select_related("fair", "resident")
    return shown.order_by("-at", "-id")[:SHOWN]


def _coming(residents: Sequence[int], signed_up: list[SignUp]) -> list[TimelineEntry]:
    return [fair_entry(one, named=len(residents) > 1) for one in signed_up]


TIMELINE = [
    Told(Ask((_needs,), _said), (("needs_need", "resident_id"),)),
    Told(Ask((_fairs,), _coming), (("needs_signup", "resident_id"),)),
]


def fair_entry(one: SignUp, *, named: bool = False) -> TimelineEntry:
    """A place at a fair, or in its queue."""
    state, fair = SignUpState(one.state), one.fair
    starts = timezone.localtime(fair.starts_at)
    over = fair.state != FairState.PLANNED or fair.ends_at <= timezone.now()
    then = "有人取消就轮到您，会发消息" if state == SignUpState.WAITING else "到了扫门口的码签到"
    return TimelineEntry(
        at=one.at,
        icon="tent",
        tone="grey" if over else "orange" if state == SignUpState.WAITING else "green",
        title=f"{one.resident.name} · {fair.title}" if named else fair.title,
        state=str(state.label) if fair.state != FairState.CANCELLED else "取消了",
        place=f"{starts:%-m月%-d日 %H:%M} {fair.place_words}",
        next="" if over or state == SignUpState.HERE else then,
        href=f"/needs/fairs/{fair.pk}/",
        done=over or state == SignUpState.HERE,
    )


def file_entries(resident: int) -> list[TimelineEntry]:
    """On the desk: the same lines, each opening its desk page."""
    rows = Need.objects.filter(resident_id=resident).with_list_data().order_by("-moved_at", "-id")[:SHOWN]
    return [
        TimelineEntry(
            at=need.moved_at,
            icon=ICONS[Group(need.category.group)],
            tone=NeedState(need.state).tone,
            title=f"需求：{need.category.label}",
            state=str(NeedState(need.state).label),
            place=str(need.get_channel_display()),
            next=need.words or need.answer,
            href=f"/desk/needs/{need.pk}/",
            done=need.state not in LIVE,
        )
        for need in rows
    ]


def entry_of(need: Need, *, named: bool = False) -> TimelineEntry:
    """Its state in a sentence and who does what next, by when. ``named`` says for whom it is."""
    state = NeedState(need.state)
    who = f"{need.resident.name} · " if named and need.resident else ""
    return TimelineEntry(
        at=need.moved_at,
        icon=ICONS[Group(need.category.group)],
        tone=state.tone,
        title=need.category.label,
        state=str(state.label),
        place=f"{who}{need.project.title}" if need.project else who.rstrip(" ·"),
        next=what_next(need),
        href=f"/needs/{need.pk}/",
        waits_for_me=state == NeedState.ANSWERED,
        done=state not in LIVE,
    )


def what_next(need: Need) -> str:
    """For the person who asked."""
    state, project = NeedState(need.state), need.project
    match state:
        case NeedState.OPEN:
            until = timezone.localdate(need.at + timedelta(days=ANSWER_DAYS))
            if until >= timezone.localdate():
                return f"社区 {until.month}月{until.day}日前给您回音"
            return "早该给您回音了，社区已经看到这条超期"
        case NeedState.PLANNED:
            if project is None:
                return "社区在张罗，有了就告诉您"
            return f"社区在张罗，打算 {project.opens_on.month}月{project.opens_on.day}日开，开好了告诉您"
        case NeedState.ANSWERED:
            return "去过以后回一句：用上了没有"
        case NeedState.CANNOT:
            return need.answer or "有了办法再告诉您"
        case NeedState.MET | NeedState.WITHDRAWN:
            return ""
