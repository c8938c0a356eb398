"""What a list of cases can be cut down to: saved views, conditions, and the lists behind the figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.cases.access import cases_for
from jiamenkou.foundation.cases.models import CaseQuerySet, Follower
from jiamenkou.foundation.cases.permissions import CasesPermission
from jiamenkou.foundation.cases.routing import catalogue
from jiamenkou.foundation.cases.states import CaseState, Channel, Satisfaction, Solved
from jiamenkou.foundation.listing import chosen_filters, searched_word
from jiamenkou.foundation.places.models import Place, PlaceKind

VIEWS = {
    "open": "在办",
    "sign": "待我签收",
    "mine": "我的",
    "today": "今天到期",
    "late": "逾期",
    "call": "待回访",
    "supervised": "督办",
    "dispatch": "待派单",
    "asking": "等批",
    "nodue": "没有期限",
    "all": "全部",
}
# behind the figures of 三率: what a figure counts, or whom it misses. Not offered as views of their own
BEHIND = {
    "received": "收到的",
    "answered_late": "没按时响应",
    "handled_late": "没按时办好",
    "unsolved": "没解决",
    "unhappy": "不满意",
    "unrated": "没人评价",
    "returned": "退过单",
    "reopened": "重办过",
    "cannot": "办不了",
    "excluded": "剔除了",
}
SPANS = {"30": 30, "90": 90, "365": 365}
# the grid of what belongs to none
NOWHERE = "0"
HANDS = (Role.GRID_WORKER, Role.WORKER, Role.COMMUNITY_LEAD, Role.STREET_OFFICER, Role.DISTRICT_OFFICER)


@dataclass(frozen=True, slots=True)
class Cut:
    """The rows of an address; the word, conditions and view it names. ``chips``: (name, value, parameter)."""

    rows: CaseQuerySet
    word: str
    chosen: dict[str, str]
    view: str
    chips: list[tuple[str, str, str]]


def communities_of(request: Visit) -> dict[str, str]:
    """Communities whose cases the actor sees, by id as it stands in an address. One query."""
    ids = request.actor.scope(CasesPermission.VIEW).communities
    return {str(place.pk): place.name for place in Place.objects.filter(pk__in=ids).order_by("path")}


def grids_of(request: Visit) -> dict[str, str]:
    """Grids whose cases the actor sees, and what belongs to none. Two queries."""
    scope = request.actor.scope(CasesPermission.VIEW)
    ids = {place.pk: place for place in Place.objects.filter(pk__in=scope.communities).order_by("path")}
    below = Q(pk__in=scope.grids)
    for place in ids.values():
        below |= Q(path__startswith=place.path, kind=PlaceKind.GRID)
    many = len(ids) > 1
    found = {}
    # closed ones too: what was reported there may still be open
    for grid in Place.objects.filter(below).order_by("path"):
        above = next((place.name for place in ids.values() if grid.path.startswith(place.path)), "")
        found[str(grid.pk)] = f"{above} {grid.name}" if many and above else grid.name
    return found | ({NOWHERE: "不分网格"} if scope.communities else {})


def since_of(request: Visit, now: datetime) -> datetime:
    """The begin of the period behind the figures."""
    return now - timedelta(days=SPANS.get(request.GET.get("days", ""), 30))


def cut(request: Visit, now: datetime | None = None, only: str = "") -> Cut:
    """The rows of ``?view= &q= &category= &state= &community= &grid= &hand= &channel=``; what is not known counts for nothing.

    ``only``: the view, whatever the address says.
    """
    moment = now or timezone.now()
    rows = cases_for(request.actor)
    word = searched_word(request)
    known = {rule.category: rule.name for rule in catalogue().categories()}
    asked = request.GET
    names = {
        "category": known,
        "state": {one.value: str(one.label) for one in CaseState},
        "community": communities_of(request) if asked.get("community") else {},
        "grid": grids_of(request) if asked.get("grid") else {},
        "hand": {role.value: str(role.label) for role in HANDS},
        "channel": {one.value: str(one.label) for one in Channel},
    }
    chosen = chosen_filters(request, names)
    if word:
        rows = rows.filter(Q(title__icontains=word) | Q(number__istartswith=word) | Q(upper_number=word))
    for name, column in _COLUMNS.items():
        if name in chosen:
            none = name == "grid" and chosen[name] == NOWHERE
            rows = rows.filter(grid__isnull=True) if none else rows.filter(**{column: chosen[name]})
    view = only or asked.get("view", "")
    if view not in VIEWS and view not in BEHIND:
        view = "all" if word or "state" in chosen else "open"
    chips = [(_LABELS[name], names[name][value], name) for name, value in chosen.items()]
    if view in BEHIND:
        chips.insert(0, (BEHIND[view], f"近 {SPANS.get(asked.get('days', ''), 30)} 天", "view"))
        return Cut(behind(rows, view, since_of(request, moment), moment), word, chosen, view, chips)
    return Cut(viewed(request, rows, view, moment), word, chosen, view, chips)


_COLUMNS = {
    "category": "category", "state": "state", "community": "community_id", "grid": "grid_id", "hand": "holder_role",
    "channel": "channel",
}  # fmt: skip
_LABELS = {
    "category": "分类", "state": "状态", "community": "社区", "grid": "网格", "hand": "在哪一岗", "channel": "来源",
}  # fmt: skip


def viewed(request: Visit, rows: CaseQuerySet, view: str, now: datetime) -> CaseQuerySet:
    """One saved view of what the actor sees."""
    match view:
        case "sign":
            desks = Q()
            for held in request.actor.roles:
                desks |= Q(holder_place=held.place, holder_role=held.role)
            return rows.to_sign().filter(desks) if desks else rows.none()
        case "mine":
            return rows.open().held_by(request.actor.account)
        case "today":
            return due_today(rows, now)
        case "late":
            return rows.late(now)
        case "call":
            return rows.to_call_back()
        case "supervised":
            return rows.open().filter(supervised=True)
        case "dispatch":
            return rows.to_dispatch()
        case "asking":
            return rows.open().exclude(asking="")
        case "nodue":
            return rows.without_due()
        case "all":
            return rows
        case _:
            return rows.open()


def due_today(rows: CaseQuerySet, now: datetime) -> CaseQuerySet:
    """Open, not late yet, and due before the day ends."""
    return rows.open().filter(due_at__gte=now, due_at__lt=day_end(now), paused_at__isnull=True)


def day_end(now: datetime) -> datetime:
    local = timezone.localtime(now)
    return local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def behind(rows: CaseQuerySet, figure: str, since: datetime, now: datetime) -> CaseQuerySet:
    """The cases that a figure of ``rates`` counts, or misses, in the period; the same words as there."""
    whole = rows.filter(merged_into__isnull=True)
    if figure == "received":
        return whole.filter(submitted_at__gte=since, submitted_at__lt=now)
    if figure == "excluded":
        return whole.filter(submitted_at__gte=since, submitted_at__lt=now).exclude(excluded="").exclude(_NOT_COUNTED)
    counted = whole.filter(excluded="").exclude(_NOT_COUNTED)
    closed = counted.filter(closed_at__gte=since, closed_at__lt=now)
    match figure:
        case "answered_late":
            late = Q(responded_at__isnull=True) | Q(responded_at__gt=F("response_due"))
            return counted.filter(late, response_due__gte=since, response_due__lt=now)
        case "handled_late":
            late = Q(first_handled_at__isnull=True) | Q(first_handled_at__gt=F("due_at"))
            return counted.filter(late, due_at__gte=since, due_at__lt=now)
        case "unsolved":
            return closed.filter(_said(Q(reached=True) & ~Q(solved=Solved.YES)))
        case "unhappy":
            return closed.filter(_said(Q(reached=True, satisfaction=Satisfaction.POOR)))
        case "unrated":
            return closed.exclude(_said(Q(reached=True) & ~Q(satisfaction="")))
        case "returned":
            return counted.filter(submitted_at__gte=since, submitted_at__lt=now, returns__gt=0)
        case "reopened":
            return closed.filter(reopens__gt=0)
        case _:
            return closed.filter(outcome="cannot")


_NOT_COUNTED = Q(state__in=[CaseState.DECLINED, CaseState.WITHDRAWN])


def _said(what: Q) -> Exists:
    """Somebody who reported it, or what was merged into it, said so."""
    own = Q(case=OuterRef("pk")) | Q(case__merged_into=OuterRef("pk"))
    return Exists(Follower.objects.filter(own).filter(what))
