"""One thing on the desk: what is known, what may be done. Every page is the same part with other facts and forms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.groupbuy.desk.lists import trail
from jiamenkou.services.groupbuy.forms.fields import show_refusal
from jiamenkou.services.groupbuy.permissions import GroupbuyPermission

VIEW, EDIT, MONEY = GroupbuyPermission.VIEW, GroupbuyPermission.EDIT, GroupbuyPermission.MONEY
page = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(slots=True)
class Deed:
    """A form with its button. ``act`` gets the valid form; a form without fields is a plain button."""

    do: str
    label: str
    act: Callable[[Any], None]
    form: forms.Form = field(default_factory=forms.Form)
    icon: str = "check"
    kind: str = "main"


@dataclass(slots=True)
class Thing:
    """What a detail page shows. ``tables``: (heading, heads, rows); a row is (href, cells)."""

    title: str
    back: str
    where: str
    state: Any = ""
    tone: str = "grey"
    facts: Sequence[tuple[str, Any]] = ()
    tables: Sequence[tuple[str, Sequence[str], Sequence[tuple[str, Sequence[Any]]]]] = ()
    photos: Sequence[str] = ()
    pictured: str = "照片"
    links: Sequence[tuple[str, str, str]] = ()
    notes: Sequence[tuple[str, str]] = ()


def answer(request: Visit, thing: Thing, deeds: Sequence[Deed], here: str) -> HttpResponse:
    """GET shows; POST does what ``do`` names. What is refused comes back with its words, at its field."""
    refused = ""
    status = 200
    if request.method == "POST":
        deed = next((one for one in deeds if one.do == request.POST.get("do")), None)
        if deed is None:
            refused, status = "没有这个操作，请刷新看看。", 409
        elif not deed.form.fields or deed.form.is_valid():
            try:
                deed.act(deed.form)
                return HttpResponseRedirect(here)
            except Refused as problem:
                status = 422 if problem.field in deed.form.fields else 409
                if deed.form.fields:
                    show_refusal(deed.form, problem)
                else:
                    refused = problem.message
        else:
            status = 422
    shown = [(name, value) for name, value in thing.facts if value not in ("", None)]
    return render(
        request,
        "groupbuy/desk/thing.html",
        {"thing": thing, "facts": shown, "deeds": deeds, "refused": refused, "trail": trail(thing.where, thing.title)},
        status=status,
    )


def form_of(kind: type[forms.Form], request: Visit, do: str, **initial: Any) -> forms.Form:
    mine = request.method == "POST" and request.POST.get("do") == do
    return kind(request.POST, prefix=do) if mine else kind(prefix=do, initial=initial)
