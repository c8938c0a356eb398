"""Tickets from above: pasted in with their own numbers, answered in the platform's own columns."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.audit.exports import export_rows
from jiamenkou.foundation.cases.access import cases_for
from jiamenkou.foundation.cases.actions.hotline import Taken, answer_of, take_in
from jiamenkou.foundation.cases.callers import known_numbers
from jiamenkou.foundation.cases.permissions import CasesPermission
from jiamenkou.foundation.cases.tickets import Line, Ticket, cells_of, read
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Refused
from jiamenkou.foundation.sheets.cells import Cell
from jiamenkou.foundation.sheets.cells import Fault as SheetFault
from jiamenkou.foundation.sheets.cells import Refused as Unreadable
from jiamenkou.foundation.sheets.reading import read as read_sheet
from jiamenkou.foundation.sheets.tables import text_of
from jiamenkou.foundation.sheets.uploads import kept
from jiamenkou.foundation.sheets.writing import Column
from jiamenkou.fronts.cases.desk.opening import places_of

MOST_LINES = 300


class PasteForm(forms.Form):
    place = forms.ChoiceField(label="派到哪里")
    lines = forms.CharField(
        label="从表格里复制，连表头一起贴",
        max_length=400_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    sheet = forms.FileField(
        label="或者上传表格",
        required=False,
        help_text="Excel 或 CSV，读第一张表；表头上面有标题也行",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )

    def __init__(self, *args: Any, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [(str(place.pk), place.name) for place in places]  # type: ignore[attr-defined]

    def clean_lines(self) -> str:
        lines = str(self.cleaned_data["lines"])
        if lines.count("\n") > MOST_LINES:
            raise forms.ValidationError(f"一次最多 {MOST_LINES} 行，请分几次贴。")
        return lines

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if not self.errors and bool(told.get("lines", "").strip()) == bool(told.get("sheet")):
            self.add_error("lines", "贴进来，或者上传一个表格，选一样。")
        return told


def _lines_of(upload: UploadedFile[Any]) -> list[Line]:
    """The lines of the first sheet as text. Raises the sheets' ``Refused`` for a file that is none or too long."""
    with kept(upload) as path:
        rows = list(islice(read_sheet(path, heading="工单编号", moments=True).rows, MOST_LINES + 2))
    if len(rows) > MOST_LINES + 1:
        raise Unreadable(f"一次最多 {MOST_LINES} 行，请分成几个文件。")
    return [Line(row.number, [_text(cell) for cell in row.cells]) for row in rows]


def _text(cell: Cell) -> str:
    """Numbers of tickets typed as numbers keep no ``.0``; a cell without a value is empty."""
    if cell is None or isinstance(cell, SheetFault):
        return ""
    return f"{cell:%Y-%m-%d %H:%M}" if isinstance(cell, datetime) else text_of("", cell)


def _take(request: Visit, tickets: list[Ticket], place: Place) -> list[dict[str, Any]]:
    """All of them or none: whoever sends the table again must not wonder which lines were filed. Raises Refused."""
    taken = []
    with transaction.atomic():
        for ticket in tickets:
            try:
                how, case = take_in(ticket, place, by=request.actor, reason="登记上级工单")
            except Refused as refused:
                raise Refused(
                    _("第 %(row)s 行：%(problem)s一行都没有登记，改好再来一次。")
                    % {"row": ticket.row, "problem": refused.message}
                ) from refused
            taken.append({"case": case, "again": how == Taken.AGAIN, "row": ticket.row, "phone": ticket.phone})
    return _with_callers(taken)


def _with_callers(taken: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """``caller``: the number stands at somebody of the community, to be asked about on the page of the case."""
    for community in {one["case"].community_id for one in taken}:
        here = [one for one in taken if one["case"].community_id == community and not one["again"]]
        known = known_numbers((one["phone"] for one in here), community)
        for one in here:
            one["caller"] = one["phone"] in known
    return taken


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(CasesPermission.DISPATCH)
def page(request: Visit) -> HttpResponse:
    """Nothing is filed while a line is wrong: the faults are named with their lines, the text stays."""
    places = places_of(request)
    form = (
        PasteForm(request.POST, request.FILES, places=places) if request.method == "POST" else PasteForm(places=places)
    )
    taken: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        place = next(one for one in places if str(one.pk) == form.cleaned_data["place"])
        upload = form.cleaned_data["sheet"]
        field = "sheet" if upload else "lines"
        try:
            tickets, faults = read(_lines_of(upload) if upload else cells_of(form.cleaned_data["lines"]))
        except Unreadable as unreadable:
            tickets, faults = [], []
            form.add_error(field, unreadable.message)
        for fault in faults:
            form.add_error(field, f"第 {fault.row} 行：{fault.problem}")
        try:
            taken = _take(request, tickets, place) if not faults else []
        except Refused as refused:
            form.add_error(field, refused.message)
        if taken:
            # what was filed need not stand on the page any more: it holds callers' numbers
            form = PasteForm(places=places, initial={"place": form.cleaned_data["place"]})
    return render(
        request,
        "desk/cases/hotline.html",
        {
            "form": form,
            "taken": taken,
            "may_export": request.actor.may(Permission.RESIDENTS_EXPORT),
            "trail": [{"label": _("办件"), "href": ""}, {"label": _("上级工单"), "href": ""}],
        },
        status=422 if form.errors else 200,
    )


@require_POST
@for_staff(Permission.RESIDENTS_EXPORT)
def answers(request: Visit) -> HttpResponse:
    """The replies to what was handled, in the columns the tickets came in with."""
    rows = cases_for(request.actor).filter(state__in=["handled", "closed"]).exclude(upper_number="")
    filled = [answer_of(case) for case in rows.order_by("-submitted_at", "-pk")[:2000]]
    heads = list(dict.fromkeys(head for row in filled for head in row)) or ["工单编号"]
    cells = [[row.get(head, "") for head in heads] for row in filled]
    return export_rows(
        "上级工单答复", [Column(head) for head in heads], cells, by=request.actor, reason="答复上级工单"
    )
