"""What surrounds the pages: doors, tabs, the desk's menu. Made by walking what the rooms contribute."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.asking import Ask, told, told_together
from jiamenkou.foundation.events.contributions import Due, MenuItem, TimelineEntry, Told, rooms
from jiamenkou.foundation.people.access import residents_for
from jiamenkou.foundation.people.models import Resident
from jiamenkou.fronts.counting import counted, remember
from jiamenkou.fronts.standing import has_rows, standing

# groups of the sidebar in their order; a room names one of them
GROUPS = ["", "人与家", "供需", "社区优选", "帮扶", "办件", "看板"]


def doors(request: HttpRequest) -> list[dict[str, Any]]:
    """Tiles of the rooms that are there; a room that is not shows no door."""
    counts = standing(request, doors=True).doors
    found = sorted((door for room in rooms() for door in room.doors), key=lambda door: door.order)
    return [
        {
            "label": door.label,
            "sub": door.sub if isinstance(door.sub, str) else door.sub(counts.get(door.href, 0)),
            "href": door.href,
            "icon": door.icon,
            "tone": door.tone,
        }
        for door in found
    ]


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    path = request.path
    return [
        {"label": _("首页"), "href": "/", "icon": "house", "active": path == "/"},
        {
            "label": _("我的事"),
            "href": "/me/things/",
            "icon": "clipboard-list",
            "active": path.startswith("/me/things"),
            "count": waiting_for_me(request),
        },
        {
            "label": _("消息"),
            "href": "/me/messages/",
            "icon": "message-circle",
            "active": path.startswith("/me/messages"),
            "count": unread(request),
        },
        {"label": _("我的"), "href": "/me/", "icon": "user-round", "active": path == "/me/"},
    ]


def resident_ids(request: HttpRequest) -> list[int]:
    return [link.resident_id for link in request.actor.residents]  # type: ignore[attr-defined]


def unread(request: HttpRequest) -> int:
    return standing(request).unread if resident_ids(request) else 0


def timeline(request: HttpRequest) -> list[TimelineEntry]:
    """Everything of mine in progress, over all rooms, what waits for me first."""
    if not hasattr(request, "_timeline"):
        timeline_with(request)
    return request._timeline  # type: ignore[attr-defined,no-any-return]


def timeline_with(request: HttpRequest, *others: tuple[Any, Sequence[Ask], Any]) -> list[list[Any]]:
    """:func:`timeline` is known afterwards; what others ask for this page is asked with it and told."""
    ids = resident_ids(request)
    mine = [one for room in rooms() for one in room.timeline if has_rows(one.where, request)] if ids else []
    entries, *rest = _entries(ids, mine, *others)
    request._timeline = sorted(entries, key=lambda e: (not e.waits_for_me, e.done, -e.at.timestamp()))  # type: ignore[attr-defined]
    return rest


def entries_of(residents: Sequence[int], parts: Sequence[Told]) -> list[TimelineEntry]:
    """What these parts of 我的事 say of the people. One query, and those of parts that ask by themselves."""
    return _entries(residents, parts)[0]


def _entries(
    residents: Sequence[int], parts: Sequence[Told], *others: tuple[Any, Sequence[Ask], Any]
) -> list[list[Any]]:
    asks = [one.entries for one in parts if isinstance(one.entries, Ask)]
    alone = [one.entries for one in parts if not isinstance(one.entries, Ask)]
    found, *rest = told_together((residents, asks, None), *others)
    return [[*found, *(entry for entries in alone for entry in entries(residents))], *rest]


def waiting_for_me(request: HttpRequest) -> int:
    """The badge of 我的事 equals the number of cards that wait for me."""
    return sum(entry.waits_for_me for entry in timeline(request))


def due(actor: Actor, own: Sequence[Ask] = ()) -> list[Due]:
    """Everything of 今天, over all rooms and the desk's ``own``, what is late first. One query."""
    rows: list[Due] = told(actor, [*own, *(ask for room in rooms() for ask in room.due)])
    return sorted(rows, key=lambda row: (row.due is None, row.due.timestamp() if row.due else 0.0, row.title))


def people_seen(actor: Actor) -> QuerySet[Resident]:
    """The residents the actor sees, to be counted."""
    return residents_for(actor).present()


def remember_people_seen(actor: Actor, count: int) -> None:
    """The list of residents has counted them already."""
    remember(actor, people_seen, count)


def menu_items(actor: Actor) -> list[MenuItem]:
    """The entries of the sidebar that this actor has."""
    group, see = "人与家", Permission.RESIDENTS_VIEW
    items = [
        MenuItem("", 0, _("今天"), "/desk/", "sun", Permission.DESK),
        MenuItem(group, 10, _("居民"), "/desk/residents/", "users-round", see, people_seen),
        MenuItem(group, 20, _("家庭"), "/desk/households/", "house", see),
        MenuItem(group, 90, _("人员"), "/desk/staff/", "id-card", Permission.ROLES_GRANT),
        MenuItem(group, 95, _("导出记录"), "/desk/exports/", "file-down", Permission.AUDIT_VIEW),
    ]
    items += [item for room in rooms() for item in room.menu]
    return [item for item in items if item.permission in actor.permissions]


def menu_counts(actor: Actor) -> list[Callable[[Actor], Any]]:
    """What the sidebar counts: a page with figures of its own counts them in the same query."""
    return [item.count for item in menu_items(actor) if item.count is not None]


def menu(request: HttpRequest) -> list[dict[str, Any]]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    items, sources = menu_items(actor), menu_counts(actor)
    counts = dict(zip(sources, counted(actor, sources), strict=True))
    groups = []
    best = max((item.href for item in items if request.path.startswith(item.href)), key=len, default="")
    for label in GROUPS:
        shown = sorted((i for i in items if i.group == label), key=lambda i: i.order)
        if shown:
            entries = [
                {
                    "label": item.label,
                    "href": item.href,
                    "icon": item.icon,
                    "count": counts[item.count] if item.count else None,
                    "active": item.href == best,
                    "hot": False,
                }
                for item in shown
            ]
            groups.append({"label": label, "items": entries})
    return groups


def staff(request: HttpRequest) -> dict[str, str] | None:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.account is None or not actor.roles:
        return None
    held = actor.roles[0]
    return {
        "name": actor.account.display_name or actor.account.username,
        "role": f"{held.role.label} · {held.place.name}",
        "href": "/desk/me/",
        # whoever works above the communities does not work in the one that is being looked at
        "place": "" if actor.home is not None else held.place.name,
        "calls": "/desk/messages/" if actor.may(Permission.RESIDENTS_VIEW) else "",
    }
