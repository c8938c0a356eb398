"""上班时间: every office with the hours its clocks go by, its own or those of the one above; changed here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from typing import Any

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiamenkou.engines.workdays import OfficeHours
from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.audit.exports import export_rows
from jiamenkou.foundation.cases.actions.hours import as_above, set_hours
from jiamenkou.foundation.cases.models import OfficeHoursOf
from jiamenkou.foundation.cases.permissions import CasesPermission
from jiamenkou.foundation.listing import searched_word
from jiamenkou.foundation.places.models import Place, PlaceKind
from jiamenkou.foundation.refusals import Refused
from jiamenkou.foundation.sheets.writing import Column

HOME = "/desk/cases/hours/"
OFFICES = (PlaceKind.DISTRICT, PlaceKind.STREET, PlaceKind.COMMUNITY)


def clock(minutes: int) -> str:
    """``8:30``; midnight at the end of a day is ``24:00``."""
    return f"{minutes // 60}:{minutes % 60:02d}"


def words(hours: OfficeHours) -> str:
    """``8:30–12:00，13:30–17:30``."""
    return "，".join(f"{clock(start)}–{clock(end)}" for start, end in hours.spans)


def offices(request: Visit, permission: str) -> list[Place]:
    """The offices at or below the actor's roles with this permission, and those above them, in the tree's order."""
    found: dict[int, Place] = {}
    for held in request.actor.roles:
        if permission not in held.grants:
            continue
        above = [held.place.ancestor_path(depth) for depth in range(1, held.place.depth)]
        for place in [
            *Place.objects.filter(path__in=above, kind__in=OFFICES),
            *Place.objects.within(held.place).filter(kind__in=OFFICES, closed_on__isnull=True),
        ]:
            found[place.pk] = place
    return sorted(found.values(), key=lambda place: place.path)


def changeable(request: Visit) -> set[int]:
    """The offices whose hours the actor may set: at or below a role that may."""
    found: set[int] = set()
    for held in request.actor.roles:
        if CasesPermission.CATALOGUE in held.grants:
            below = Place.objects.within(held.place).filter(kind__in=OFFICES, closed_on__isnull=True)
            found |= set(below.order_by("pk").values_list("pk", flat=True))
    return found


def rows_of(places: Iterable[Place]) -> list[dict[str, Any]]:
    """Each office with its hours and whose they are. One query."""
    shown = list(places)
    paths = {place.ancestor_path(depth) for place in shown for depth in range(1, place.depth + 1)}
    own = {row.place.path: row for row in OfficeHoursOf.objects.filter(place__path__in=paths).select_related("place")}
    rows = []
    for place in shown:
        up = [place.ancestor_path(depth) for depth in range(place.depth, 0, -1)]
        row = next((own[path] for path in up if path in own), None)
        hours = OfficeHours(tuple((a, b) for a, b in row.spans)) if row is not None else OfficeHours()
        whose = _("自己定的") if row is not None and row.place_id == place.pk else _("跟%(place)s")
        if row is None:
            whose = _("系统默认")
        elif row.place_id != place.pk:
            whose = whose % {"place": row.place.name}
        rows.append(
            {"place": place, "hours": hours, "words": words(hours), "day": clock(hours.minutes), "whose": whose,
             "own": row is not None and row.place_id == place.pk}
        )  # fmt: skip
    return rows


def _found(request: Visit) -> tuple[list[dict[str, Any]], str]:
    word = searched_word(request)
    places = [place for place in offices(request, CasesPermission.VIEW) if word in place.name]
    rows = rows_of(places)
    if request.GET.get("only") == "own":
        rows = [row for row in rows if row["own"]]
    sort = request.GET.get("sort", "")
    if sort.removeprefix("-") in {"name", "day"}:
        key = "place" if sort.endswith("name") else "hours"
        rows.sort(
            key=lambda row: row[key].name if key == "place" else row[key].minutes, reverse=sort.startswith("-")
        )  # fmt: skip
    return rows, word


@require_safe
@for_staff(CasesPermission.VIEW)
def page(request: Visit) -> HttpResponse:
    rows, word = _found(request)
    may = changeable(request)
    only = request.GET.get("only") == "own"
    return render(
        request,
        "desk/cases/hours.html",
        {
            "rows": [row | {"may": row["place"].pk in may, "href": f"{HOME}{row['place'].pk}/"} for row in rows],
            "word": word,
            "views": [{"label": _("全部"), "href": "?", "on": not only}, {"label": _("自己定的"), "href": "?only=own", "on": only}],
            "kept": [("only", "own")] if only else [],
            "query": request.GET.urlencode(),
            "trail": [{"label": _("办件"), "href": ""}, {"label": _("上班时间"), "href": ""}],
        },
    )  # fmt: skip


def _time(label: Any, required: bool = False) -> forms.TimeField:
    missing = {"required": gettext_lazy("请写几点。"), "invalid": gettext_lazy("几点请写成 8:30。")}
    return forms.TimeField(
        label=label, required=required, error_messages=missing, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )  # fmt: skip


class HoursForm(forms.Form):
    morning_from = _time(gettext_lazy("上午从"), True)
    morning_to = _time(gettext_lazy("上午到"), True)
    afternoon_from = _time(gettext_lazy("下午从"))
    afternoon_to = _time(gettext_lazy("下午到"))

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if bool(told.get("afternoon_from")) != bool(told.get("afternoon_to")) and not self.errors:
            self.add_error("afternoon_to", _("下午写两个时间，或者都不写。"))
        return told

    @property
    def spans(self) -> list[tuple[int, int]]:
        told = self.cleaned_data
        pairs = [(told["morning_from"], told["morning_to"]), (told["afternoon_from"], told["afternoon_to"])]
        return [(_minutes(start), _minutes(end)) for start, end in pairs if start and end]


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(CasesPermission.CATALOGUE)
def change(request: Visit, pk: int) -> HttpResponse:
    """One office. Outside the actor's own it is not there."""
    place = Place.objects.filter(pk=pk).first() if pk in changeable(request) else None
    if place is None:
        raise Http404
    [row] = rows_of([place])
    if request.method == "POST" and request.POST.get("do") == "above":
        as_above(place, by=request.actor, reason="上班时间跟上一级")
        return HttpResponseRedirect(HOME)
    form = HoursForm(request.POST) if request.method == "POST" else HoursForm(initial=_initial(row["hours"]))
    if request.method == "POST" and form.is_valid():
        try:
            set_hours(place, form.spans, by=request.actor, reason="改上班时间")
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            return HttpResponseRedirect(HOME)
    return render(
        request,
        "desk/cases/hours_of.html",
        {
            "form": form,
            "row": row,
            "place": place,
            "trail": [
                {"label": _("办件"), "href": ""},
                {"label": _("上班时间"), "href": HOME},
                {"label": place.name, "href": ""},
            ],
        },
        status=422 if form.errors else 200,
    )


def _initial(hours: OfficeHours) -> dict[str, time]:
    names = [("morning_from", "morning_to"), ("afternoon_from", "afternoon_to")]
    return {
        name: time(min(minutes // 60, 23), minutes % 60)
        for pair, span in zip(names, hours.spans, strict=False)
        for name, minutes in zip(pair, span, strict=True)
    }


@require_POST
@for_staff(CasesPermission.VIEW)
def export(request: Visit) -> HttpResponse:
    """The table as it stands."""
    rows, _word = _found(request)
    columns = [Column("在哪里", 20), Column("上班时间", 26), Column("一天"), Column("谁定的", 20)]
    cells = [[row["place"].name, row["words"], row["day"], row["whose"]] for row in rows]
    return export_rows("上班时间", columns, cells, by=request.actor, reason="导出上班时间")
