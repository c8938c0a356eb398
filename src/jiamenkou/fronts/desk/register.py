"""登记一位: look first, then create. Nobody of another community is ever shown, only that the number is taken."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.limits import TooMany
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.people.access import residents_for
from jiamenkou.foundation.people.actions.moving import held_elsewhere, request_transfer
from jiamenkou.foundation.people.actions.register import Numbers, candidates, read_numbers, register_resident
from jiamenkou.foundation.people.finding import by_number
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.refusals import Refused
from jiamenkou.fronts.desk.acts import because, sent
from jiamenkou.fronts.desk.forms import LookForm, NewResidentForm
from jiamenkou.fronts.desk.residents import LIST, grids_of, row_of, trail

KEPT = ("name", "birth_date", "identity", "phones")


@for_staff(Permission.RESIDENTS_EDIT)
@require_http_methods(["GET", "POST"])
def look(request: Visit) -> HttpResponse:
    """First step: name and something that tells people of one name apart. Nothing is written."""
    form = LookForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            numbers = _numbers(form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            return _found(request, form, numbers)
    context = {"form": form, "trail": trail((_("登记一位"), ""))}
    return render(request, "desk/residents/look.html", context, status=422 if form.errors else 200)


def _numbers(given: dict[str, Any]) -> Numbers:
    return read_numbers(given["identity"], given["phones"], timezone.localdate())


def _similar(request: Visit, given: dict[str, Any], numbers: Numbers) -> list[Resident]:
    found = candidates(given["name"], numbers, birth_date=given.get("birth_date"), address=given.get("address", ""))
    seen = residents_for(request.actor).filter(pk__in=[person.pk for person in found])
    return list(seen.select_related("grid", "household").prefetch_related("archive").order_by("id"))


def _found(request: Visit, form: LookForm, numbers: Numbers) -> HttpResponse:
    """Second step: who it may be, or the form; a number that is taken out of sight offers a transfer."""
    given = form.cleaned_data
    people = _similar(request, given, numbers)
    today = timezone.localdate()
    sure = [person for person in people if numbers.identity and _same_number(person, numbers)]
    taken = bool(numbers.identity) and not sure and held_elsewhere(numbers.identity)
    if not people and not taken:
        return _form(request, _fresh(request, given, numbers))
    context = {
        "given": [(name, form.data.get(name, "")) for name in KEPT],
        "name": given["name"],
        "rows": [row_of(person, today) for person in people],
        "sure": bool(sure),
        "taken": taken,
        "may_ask": request.actor.home is not None
        and request.actor.may(Permission.RESIDENTS_EDIT, request.actor.home.pk),
        "trail": trail((_("登记一位"), "/desk/residents/new/"), (_("是不是这位"), "")),
    }
    return render(request, "desk/residents/candidates.html", context)


def _same_number(person: Resident, numbers: Numbers) -> bool:
    """Whether the candidate was found by the number of identity itself."""
    same = by_number(Resident.objects.filter(pk=person.pk), numbers.identity, timezone.localdate())
    return same.exists()


def _fresh(request: Visit, given: dict[str, Any], numbers: Numbers, data: Any = None) -> NewResidentForm:
    grids = [(grid.pk, grid.name) for grid in grids_of(request.actor, Permission.RESIDENTS_EDIT)]
    if data is not None:
        return NewResidentForm(grids, data)
    initial = {**given, "birth_date": given.get("birth_date") or numbers.birth_date, "sex": numbers.sex}
    return NewResidentForm(grids, initial=initial)


def _form(request: Visit, form: NewResidentForm, *, although_similar: bool = False, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "although_similar": although_similar,
        "trail": trail((_("登记一位"), "/desk/residents/new/"), (_("新的居民"), "")),
    }
    return render(request, "desk/residents/new.html", context, status=status)


@because("登记新居民")
@for_staff(Permission.RESIDENTS_EDIT)
@require_POST
def create(request: Visit) -> HttpResponse:
    """Third step. ``fresh`` comes from 都不是 and only shows the form."""
    if "fresh" in request.POST:
        look_again = LookForm(request.POST)
        if not look_again.is_valid():
            return HttpResponseRedirect("/desk/residents/new/")
        try:
            numbers = _numbers(look_again.cleaned_data)
        except Refused:
            return HttpResponseRedirect("/desk/residents/new/")
        return _form(request, _fresh(request, look_again.cleaned_data, numbers), although_similar=True)
    although = request.POST.get("although_similar") == "1"
    form = _fresh(request, {}, Numbers(), request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                resident = _register(request, dict(form.cleaned_data), although)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
            although = although or refused.code == "similar"
        else:
            messages.success(request, _("登记好了。"))
            return HttpResponseRedirect(f"{LIST}{resident.pk}/")
    return _form(request, form, although_similar=although, status=422)


def _register(request: Visit, given: dict[str, Any], although_similar: bool) -> Resident:
    numbers = _numbers(given)
    for name in ("identity", "phones"):
        given.pop(name)
    chosen = given.pop("grid")
    grids = grids_of(request.actor, Permission.RESIDENTS_EDIT)
    grid = next((grid for grid in grids if grid.pk == chosen), None)
    community = grid.parent if grid else request.actor.home
    if community is None:
        raise Refused(_("请选网格。"), field="grid", code="required")
    if numbers.birth_date and given["birth_date"] and numbers.birth_date != given["birth_date"]:
        raise Refused(_("出生日期和证件号里的不一样。"), field="birth_date", code="birth")
    fields = {name: value for name, value in given.items() if value not in (None, "")}
    fields |= {"community": community, "grid": grid}
    return register_resident(fields, numbers, by=request.actor, reason="登记新居民", although_similar=although_similar)


@because("申请转入")
@for_staff(Permission.RESIDENTS_EDIT)
@require_POST
def ask(request: Visit) -> HttpResponse:
    """Ask the community that holds the number. The answer is the same whoever that is."""
    home = request.actor.home
    try:
        numbers = read_numbers(request.POST.get("identity", "")[:40], "", timezone.localdate())
        if home is None or not numbers.identity:
            raise Refused(_("请先填证件号。"), code="required")
        note = request.POST.get("note", "")[:200]
        request_transfer(numbers.identity, home, note=note, by=request.actor, reason="申请转入")
    except (Refused, TooMany) as refused:
        said = refused if isinstance(refused, Refused) else Refused(_("今天申请得太多了，请明天再来。"))
        context = {"refused": said, "back": "/desk/residents/new/", "trail": trail((_("申请转入"), ""))}
        return render(request, "desk/refused.html", context, status=409)
    messages.success(request, _("已经向对方社区申请，答复以后会出现在您的名单里。"))
    return HttpResponseRedirect(LIST)
