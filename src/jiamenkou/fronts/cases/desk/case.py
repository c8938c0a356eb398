"""The page of a case: two clocks, what happened, who reported it, what can be done with it now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.cases import clocks
from jiamenkou.foundation.cases.access import access_case
from jiamenkou.foundation.cases.actions import handling, returning
from jiamenkou.foundation.cases.models import Case, CaseEvent, Follower
from jiamenkou.foundation.cases.permissions import CasesPermission
from jiamenkou.foundation.cases.routing import catalogue
from jiamenkou.foundation.cases.states import (
    CaseState,
    EventKind,
    ExclusionReason,
    Moment,
    Outcome,
    ReturnReason,
    Satisfaction,
    Solved,
    WaitReason,
)
from jiamenkou.foundation.cases.telling import followers_of
from jiamenkou.foundation.refusals import Refused
from jiamenkou.fronts.cases.desk.acting import perform
from jiamenkou.fronts.cases.desk.listing import holder_words

_ICONS = {
    EventKind.OPENED: ("message-circle", "green"),
    EventKind.ASSIGNED: ("send", "teal"),
    EventKind.SIGNED: ("user-round-check", "teal"),
    EventKind.CONTACTED: ("phone", "blue"),
    EventKind.RETURNED: ("undo-2", "red"),
    EventKind.RULED: ("scale", "violet"),
    EventKind.ABSORBED: ("git-merge", "blue"),
    EventKind.MERGED: ("git-merge", "grey"),
    EventKind.HANDLED: ("circle-check", "green"),
    EventKind.CALLED_BACK: ("phone-call", "violet"),
    EventKind.REOPENED: ("rotate-ccw", "red"),
    EventKind.SUPERVISED: ("megaphone", "violet"),
    EventKind.ESCALATED: ("alarm-clock", "orange"),
    EventKind.URGED: ("megaphone", "orange"),
    EventKind.CLOSED: ("circle-check", "green"),
    EventKind.SUSPENDED: ("clock", "violet"),
    EventKind.EXTENSION_GRANTED: ("calendar-plus", "orange"),
}


@require_safe
@for_staff(CasesPermission.VIEW)
def detail(request: Visit, pk: int) -> HttpResponse:
    return page(request, access_case(request.actor, pk))


@require_POST
@for_staff(CasesPermission.VIEW)
def act(request: Visit, pk: int) -> HttpResponse:
    """One move, named by ``do``. What it needs and who may make it is the action's to say."""
    case = access_case(request.actor, pk)
    try:
        perform(request, case)
    except Refused as refused:
        return page(request, access_case(request.actor, pk), refused, 422 if refused.field else 409)
    return HttpResponseRedirect(case.href)


def page(request: Visit, case: Case, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    now = timezone.localtime()
    events = list(CaseEvent.objects.filter(case=case).select_related("by").order_by("-seq"))
    followers = list(followers_of(case))
    state, known = CaseState(case.state), catalogue()
    by = request.actor
    mine = by.account is not None and case.holder_id == by.account.pk
    return render(
        request,
        "desk/cases/case.html",
        {
            "case": case,
            "category": known.label(case.category),
            "state": state,
            "clocks": clock_cards(case, now),
            "entries": [entry(event, struck(events)) for event in events],
            "steps": len(events),
            "people": [person(follower) for follower in followers],
            "answers": counts(followers),
            "holder": holder_words(case),
            "files": list(case.files.select_related("file").order_by("pk")),
            "limits": limits(case),
            "refused": refused,
            "act_href": f"{case.href}act/",
            "can": _can(case, state, mine=mine, by=by),
            "undo": handling.last_undoable(case, by, now),
            "outcomes": Outcome.choices,
            "return_reasons": ReturnReason.choices,
            "wait_reasons": WaitReason.choices,
            "exclusions": ExclusionReason.choices,
            "moments": Moment.choices,
            "desks": desk_choices(case),
            "trail": [
                {"label": _("办件"), "href": ""},
                {"label": _("诉求办件"), "href": "/desk/cases/"},
                {"label": case.number, "href": ""},
            ],
        },
        status=status,
    )


def _can(case: Case, state: CaseState, *, mine: bool, by: Any) -> set[str]:
    """Which forms the page shows; the actions decide again."""
    here = {"community": case.community_id, "grid": case.grid_id}
    found: set[str] = set()
    if by.may(CasesPermission.HANDLE, **here):
        found |= {"write"} if case.is_open else set()
        found |= {"sign", "return"} if state == CaseState.ASSIGNED else set()
        found |= {"handle", "return", "extend", "suspend", "contact"} if mine and state == CaseState.WORKING else set()
        found |= {"resume"} if state == CaseState.WAITING else set()
    if by.may(CasesPermission.DISPATCH, **here):
        found |= {"urge", "merge"} if case.is_open else set()
        found |= (
            {"assign", "decline"} if state in {CaseState.SUBMITTED, CaseState.ASSIGNED, CaseState.RETURNED} else set()
        )
        found |= {"split"} if state == CaseState.MERGED else set()
    if by.may(CasesPermission.APPROVE, **here):
        found |= {"decide"} if case.asking else set()
        found |= {"exclude"}
    if by.may(CasesPermission.RULE, **here):
        found |= {"supervise"} if case.is_open else set()
        found |= {"rule"} if state == CaseState.RETURNED else set()
    return found


def desk_choices(case: Case) -> list[tuple[str, str]]:
    """Desks along the case's path, nearest first: (place:role, words)."""
    from jiamenkou.foundation.access.roles import Role
    from jiamenkou.foundation.cases.routing import path_to
    from jiamenkou.foundation.places.models import PlaceKind

    path = path_to(case.place or case.community)
    pairs = [
        (PlaceKind.GRID, Role.GRID_WORKER),
        (PlaceKind.COMMUNITY, Role.WORKER),
        (PlaceKind.COMMUNITY, Role.COMMUNITY_LEAD),
        (PlaceKind.STREET, Role.STREET_OFFICER),
    ]
    found = [(path.of_kind(kind), role) for kind, role in pairs]
    return [(f"{place.pk}:{role}", f"{place.name} {role.label}") for place, role in found if place is not None]


def clock_cards(case: Case, now: datetime) -> list[dict[str, Any]]:
    """The case's clock and this hand's, in working time. ``part``: how much is gone, in percent of what was given."""
    clock = clocks.clock_for(case.community)
    end = case.handled_at or case.closed_at or case.paused_at or now
    return [
        _clock(clock, _("办件钟"), _("从居民开口算，不归零"), "hourglass", case.submitted_at, case.due_at, end),
        _clock(
            clock, _("经手钟"), _("现在在 %(who)s 手里") % {"who": holder_words(case)}, "user-round-check",
            case.holder_since, case.holder_due, end,
        ),
    ]  # fmt: skip


def _clock(
    clock: Any, label: str, about: str, icon: str, start: datetime | None, due: datetime | None, end: datetime
) -> dict[str, Any]:
    card = {"label": label, "about": about, "icon": icon, "start": start, "due": due, "level": "later", "part": 0}
    if start is None:
        return card | {"words": "—"}
    if due is None:
        return card | {"words": _("没有期限：工作日历到头了"), "level": "late"}
    whole = max((due - start).total_seconds(), 1)
    card["part"] = int(min(100, 100 * (end - start).total_seconds() / whole))
    if end > due:
        return card | {"words": _("超 %(long)s") % {"long": clocks.working_words(clock, due, end)}, "level": "late"}
    left = clocks.working_words(clock, end, due)
    soon = (due - end).total_seconds() < 86400
    return card | {"words": _("还剩 %(long)s") % {"long": left}, "level": "today" if soon else "later"}


def struck(events: list[CaseEvent]) -> set[int]:
    return {event.data["undoes"] for event in events if event.kind == EventKind.UNDONE}


def entry(event: CaseEvent, undone: set[int]) -> dict[str, Any]:
    kind = EventKind(event.kind)
    icon, tone = _ICONS.get(kind, ("info", "grey"))
    title = str(kind.label) + (_("（已撤销）") if event.seq in undone else "")
    if kind == EventKind.HANDLED:
        title = f"{title}：{Outcome(event.data['outcome']).label}"
    if kind == EventKind.RETURNED:
        title = f"{title}：{ReturnReason(event.data['reason']).label}"
    local = timezone.localtime(event.at)
    return {
        "title": title,
        "icon": icon,
        "tone": tone,
        "kind": _("已告诉报的人") if event.told else "",
        "who": event.by.display_name if event.by else _("系统"),
        "when": f"{local.month}月{local.day}日 {local:%H:%M}",
        "text": event.text,
    }


def person(follower: Follower) -> dict[str, Any]:
    """One who reported, as whoever sees the case may see them."""
    name = _("来源保密") if follower.protected else follower.name or _("没留名字")
    answered = follower.answered_at is not None
    return {
        "name": name,
        "sub": str(follower.get_channel_display()) + (f" · {_('首报')}" if follower.first else ""),
        "reached": {True: "yes", False: "no", None: ""}[follower.reached],
        "solved": follower.solved if answered else "",
        "satisfied": (("no" if follower.satisfaction == Satisfaction.POOR else "yes") if answered else ""),
        "phone": follower.phone_masked,
    }


def counts(followers: list[Follower]) -> dict[str, str]:
    """3 / 4 reached, 2 / 3 solved, 2 / 3 content."""
    reached = [one for one in followers if one.reached]
    solved = sum(one.solved == Solved.YES for one in reached)
    content = sum(one.satisfaction not in {"", Satisfaction.POOR} for one in reached)
    return {
        "reached": f"{len(reached)} / {len(followers)}",
        "solved": f"{solved} / {len(reached)}",
        "satisfied": f"{content} / {len(reached)}",
    }


def limits(case: Case) -> str:
    """The actions' limits in words, as they stand for this case."""
    left = returning.MOST_RETURNS - case.returns
    words = [
        _("已裁定，不能再退") if case.ruled else _("退单还剩 %(n)s 次") % {"n": left},
        _("延期要上一级点头，已延 %(n)s 次") % {"n": case.extensions},
        _("回访不满意会自动重办一次") if not case.reopens else _("本件不能再自动重办"),
    ]
    return " · ".join(words)
