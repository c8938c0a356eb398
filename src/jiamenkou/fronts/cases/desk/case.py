"""The page of a case: two clocks, what happened, who reported it, what can be done with it now."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission, Role
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.cases.access import access_case
from jiamenkou.foundation.cases.actions import handling, returning
from jiamenkou.foundation.cases.models import Case, CaseEvent, Follower
from jiamenkou.foundation.cases.permissions import CasesPermission
from jiamenkou.foundation.cases.recording import derive
from jiamenkou.foundation.cases.routing import catalogue, path_to
from jiamenkou.foundation.cases.states import (
    CaseState,
    EventKind,
    ExclusionReason,
    Moment,
    Outcome,
    Proof,
    ReturnReason,
    Satisfaction,
    Solved,
    WaitReason,
)
from jiamenkou.foundation.cases.telling import followers_of
from jiamenkou.foundation.people.models import Account
from jiamenkou.foundation.places.models import Place, PlaceKind
from jiamenkou.foundation.refusals import Refused
from jiamenkou.fronts.cases.desk.acting import perform
from jiamenkou.fronts.cases.desk.callers import callers
from jiamenkou.fronts.cases.desk.clockface import clock_cards
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
    EventKind.EXTENSION_ASKED: ("calendar-plus", "orange"),
    EventKind.SUSPENSION_ASKED: ("clock", "violet"),
    EventKind.EXTENSION_REFUSED: ("x", "red"),
    EventKind.SUSPENSION_REFUSED: ("x", "red"),
    EventKind.RESUMED: ("rotate-ccw", "blue"),
    EventKind.NOTED: ("pencil", "teal"),
    EventKind.FOLLOWED: ("users-round", "blue"),
    EventKind.RECOGNISED: ("user-round-check", "green"),
    EventKind.LET_GO: ("undo-2", "grey"),
    EventKind.LOOKED: ("eye", "grey"),
    EventKind.REPEATED: ("message-circle", "orange"),
    EventKind.RECLOCKED: ("calendar-days", "grey"),
    EventKind.EXCLUDED: ("ban", "grey"),
    EventKind.UNDONE: ("undo-2", "grey"),
    EventKind.HELPER_ASKED: ("users-round", "blue"),
    EventKind.HELPER_DONE: ("circle-check", "blue"),
    EventKind.EXTENSION_GRANTED: ("calendar-plus", "orange"),
}


# what puts a case, or a part of it, into the hands of a desk
_HANDED = frozenset({EventKind.ASSIGNED, EventKind.RULED, EventKind.HELPER_ASKED})
# where a form that stands on another page leads back to
_BACK = {"decisions": "/desk/cases/decisions/"}


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
    return HttpResponseRedirect(_BACK.get(request.POST.get("back", ""), case.href))


def page(request: Visit, case: Case, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    now = timezone.localtime()
    events = list(CaseEvent.objects.filter(case=case).select_related("by").order_by("-seq"))
    followers = list(followers_of(case))
    state, known = CaseState(case.state), catalogue()
    by = request.actor
    mine = by.account is not None and case.holder_id == by.account.pk
    asked, known_by = to_confirm(case, followers, by), callers(case, followers, by)
    can = _can(case, state, mine=mine, by=by)
    return render(
        request,
        "desk/cases/case.html",
        {
            "case": case,
            "category": known.label(case.category),
            "state": state,
            "clocks": clock_cards(case, events, struck(events), now, holder_words(case)),
            "entries": entries_of(events),
            "steps": len(events),
            "people": [
                person(follower)
                | {
                    "pk": follower.pk,
                    "confirm": f"{case.href}confirm/{follower.pk}/" if follower.pk in asked else "",
                    "caller": known_by.get(follower.pk),
                    "dial": dial(follower, case, by),
                }
                for follower in followers
            ],
            "answers": counts(followers),
            "hands": hands(case, events, by),
            "files": list(case.files.select_related("file").order_by("pk")),
            "limits": limits(case),
            "refused": refused,
            "act_href": f"{case.href}act/",
            "can": can,
            "wish": next((one for one in events if one.kind == case.asking), None) if case.asking else None,
            "jumps": [jump for jump in _jumps() if jump["href"].removeprefix("#") in can],
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


def _jumps() -> list[dict[str, str]]:
    """The main acts beside the title, each leading to its form; a key presses it."""
    return [
        {"label": _("退单"), "href": "#return", "icon": "undo-2", "kind": "line", "key": "r"},
        {"label": _("申请延期"), "href": "#extend", "icon": "calendar-plus", "kind": "line", "key": "e"},
        {"label": _("督办"), "href": "#supervise", "icon": "megaphone", "kind": "line", "key": "u"},
        {"label": _("办好了"), "href": "#handle", "icon": "check", "kind": "main", "key": "h"},
    ]


def _can(case: Case, state: CaseState, *, mine: bool, by: Any) -> set[str]:
    """Which forms the page shows; the actions decide again."""
    here = {"community": case.community_id, "grid": case.grid_id}
    found: set[str] = set()
    if by.may(CasesPermission.HANDLE, **here):
        found |= {"write"} if case.is_open else set()
        found |= {"sign", "return"} if state == CaseState.ASSIGNED else set()
        found |= (
            {"handle", "return", "extend", "suspend", "contact", "help"}
            if mine and state == CaseState.WORKING
            else set()
        )
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


def hands(case: Case, events: list[CaseEvent], by: Actor) -> list[dict[str, Any]]:
    """Who has a hand in it: the lead, the helpers who are not done, and whoever watches it from above."""
    found = [
        {
            "label": _("牵头"),
            "tone": "green",
            "name": holder_words(case),
            "words": _("第 %(n)s 次接手") % {"n": case.holders},
            "step": 0,
        }
    ]
    helpers = derive(case).helpers if case.open_helpers else {}
    names = dict(Place.objects.filter(pk__in=[one["place"] for one in helpers.values()]).values_list("pk", "name"))
    for step, one in helpers.items():
        own = any(held.place.pk == one["place"] and held.role == one["role"] for held in by.roles)
        name = f"{names.get(one['place'], '')} {Role(one['role']).label}"
        found.append(
            {"label": _("协办"), "tone": "blue", "name": name, "words": one["what"], "step": step if own else 0}
        )  # fmt: skip
    watched = next((one for one in events if one.kind == EventKind.SUPERVISED), None)
    if case.supervised and watched is not None:
        local = timezone.localtime(watched.at)
        name = watched.by.display_name if watched.by else _("系统")
        words = _("%(day)s起") % {"day": f"{local.month}月{local.day}日"}
        found.append({"label": _("督办"), "tone": "violet", "name": name, "words": words, "step": 0})
    return found


def desk_choices(case: Case) -> list[tuple[str, str]]:
    """Desks along the case's path, nearest first: (place:role, words)."""
    path = path_to(case.place or case.community)
    pairs = [
        (PlaceKind.GRID, Role.GRID_WORKER),
        (PlaceKind.COMMUNITY, Role.WORKER),
        (PlaceKind.COMMUNITY, Role.COMMUNITY_LEAD),
        (PlaceKind.STREET, Role.STREET_OFFICER),
    ]
    found = [(path.of_kind(kind), role) for kind, role in pairs]
    return [(f"{place.pk}:{role}", f"{place.name} {role.label}") for place, role in found if place is not None]


def struck(events: list[CaseEvent]) -> set[int]:
    return {event.data["undoes"] for event in events if event.kind == EventKind.UNDONE}


def entries_of(events: list[CaseEvent]) -> list[dict[str, Any]]:
    """The log as the page and the paper show it."""
    undone = struck(events)
    handed = [event for event in events if event.kind in _HANDED]
    places = dict(Place.objects.filter(pk__in=_named(handed, "place")).values_list("pk", "name"))
    people = dict(Account.objects.filter(pk__in=_named(handed, "account")).values_list("pk", "display_name"))
    return [entry(event, undone, _to_whom(event, places, people)) for event in events]


def _named(events: list[CaseEvent], key: str) -> set[int]:
    return {event.data[key] for event in events if event.data.get(key)}


def _to_whom(event: CaseEvent, places: dict[int, str], people: dict[int, str]) -> str:
    """第二网格 网格员，周望: the desk, and the person where one was named."""
    if event.kind not in _HANDED or event.data.get("role") not in Role.values:
        return ""
    desk = f"{places.get(event.data.get('place', 0), '')} {Role(event.data['role']).label}".strip()
    person = people.get(event.data.get("account") or 0, "")
    return f"{desk}，{person}" if person else desk


def entry(event: CaseEvent, undone: set[int], to_whom: str = "") -> dict[str, Any]:
    kind = EventKind(event.kind)
    icon, tone = _ICONS.get(kind, ("info", "grey"))
    title = str(kind.label)
    title = f"{title}：{to_whom}" if to_whom else title
    title += _("（已撤销）") if event.seq in undone else ""
    if event.data.get("proof") in Proof.values:
        title = f"{title}：{_('本人')}{Proof(event.data['proof']).label}"
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
        "protected": follower.protected,
        "proof": Proof(follower.proof).label if answered and follower.proof in Proof.values else "",
    }


def dial(follower: Follower, case: Case, by: Actor) -> str:
    """Where the number of one who reported is shown, for a reason and on record; nothing for whoever may not see it."""
    if follower.protected:
        return f"{case.href}source/" if by.may(CasesPermission.SOURCE, case.community_id) else ""
    if not by.may(Permission.RESIDENTS_REVEAL, case.community_id, case.grid_id):
        return ""
    if follower.resident_id is not None:
        return f"/desk/residents/{follower.resident_id}/?reveal=phone"
    return f"{case.href}number/{follower.pk}/" if follower.phone is not None else ""


def to_confirm(case: Case, followers: list[Follower], by: Actor) -> set[int]:
    """Whose answers ``by`` may take in person now: not whoever handled it."""
    if case.state != CaseState.HANDLED or not by.may(CasesPermission.CALLBACK, case.community_id, case.grid_id):
        return set()
    if by.account is not None and by.account.pk in derive(case).touched:
        return set()
    return {one.pk for one in followers if not one.protected and one.answered_at is None}


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
