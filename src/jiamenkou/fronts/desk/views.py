"""今天: what is late, due, waiting; every figure opens its list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.events.contributions import Due, Indicator, rooms
from jiamenkou.fronts import shells
from jiamenkou.fronts.counting import beside, counted
from jiamenkou.fronts.desk import standin, transfers
from jiamenkou.fronts.words import clock_words, greeting

GROUPS = {"late": "逾期", "today": "今天", "soon": "这几天"}
TONES = {"late": "red", "today": "orange", "soon": ""}


@for_staff(Permission.DESK)
def today(request: Visit) -> HttpResponse:
    """One list of all kinds, grouped; the next act is one click from sign-in."""
    now = timezone.localtime()
    figures = [one for room in rooms() for one in room.indicators if request.actor.may(one.permission)]
    counts = beside(request.actor, [*(figure.value for figure in figures), *shells.menu_counts(request.actor)])
    rows = [_row(due, now) for due in shells.due(request.actor, [*transfers.DUE, counts])]
    only = request.GET.get("only", "")
    groups = [
        {"key": key, "label": _(label), "tone": TONES[key], "rows": [row for row in rows if row["when"] == key]}
        for key, label in GROUPS.items()
        if only in {"", key}
    ]
    return render(
        request,
        "desk/today.html",
        {
            "greeting": greeting(now, request.actor.account.display_name if request.actor.account else ""),
            "day": now,
            "groups": [group for group in groups if group["rows"]],
            "counters": _counters(rows),
            "figures": _figures(request.actor, figures),
            "duty": [f"{held.role.label} · {held.place.name}" for held in request.actor.roles if held.lender is None],
            "standing_in": standin.duties(request.actor, now),
            "only": only,
            "trail": [{"label": _("今天"), "href": ""}],
        },
    )


def _row(due: Due, now: datetime) -> dict[str, Any]:
    when = "soon"
    if due.due is not None:
        when = "late" if due.due < now else "today" if due.due.astimezone(now.tzinfo).date() == now.date() else "soon"
    elif due.group:
        when = "soon"
    else:
        when = "today"
    level = {"late": "late", "today": "today", "soon": "later"}[when]
    words = clock_words(due.due, now) if due.due is not None else ""
    return {"due": due, "when": when, "level": level, "words": words}


def _counters(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    def some(key: str) -> list[dict[str, Any]]:
        return [row for row in rows if row["when"] == key]

    late, due_today, soon = some("late"), some("today"), some("soon")
    kinds = Counter(row["due"].kind for row in due_today)
    return [
        {
            "label": _("逾期"),
            "value": len(late),
            "href": "?only=late",
            "icon": "alarm-clock",
            "tone": "red",
            "why": _("最久%(words)s") % {"words": late[0]["words"]} if late else _("没有"),
            "key": "1",
        },
        {
            "label": _("今天到期"),
            "value": len(due_today),
            "href": "?only=today",
            "icon": "hourglass",
            "tone": "orange",
            "why": " · ".join(f"{kind} {count}" for kind, count in kinds.most_common(3)) or _("没有"),
            "key": "2",
        },
        {
            "label": _("这几天"),
            "value": len(soon),
            "href": "?only=soon",
            "icon": "calendar-days",
            "tone": "blue",
            "why": _("三天以内"),
            "key": "3",
        },
    ]


def _figures(actor: Actor, figures: Sequence[Indicator]) -> list[dict[str, Any]]:
    """The figures of the rooms, each with its list."""
    values = counted(actor, [figure.value for figure in figures])
    return [
        {"label": figure.label, "value": value, "unit": figure.unit, "href": figure.href, "about": figure.about}
        for figure, value in zip(figures, values, strict=True)
    ]
