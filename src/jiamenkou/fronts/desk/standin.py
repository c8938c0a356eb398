"""代班: who stands in for whom until when; lending one's role to a colleague; ending it early."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.lending import colleagues, end_stand_in, lend_role, lendable, stand_ins
from jiamenkou.foundation.access.models import StaffRole
from jiamenkou.foundation.access.roles import Permission, Role
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.refusals import Refused
from jiamenkou.fronts.desk.forms import DAY
from jiamenkou.fronts.words import WEEKDAYS

HERE = "/desk/stand-ins/"


class LendForm(forms.Form):
    """To whom, from when to when, why."""

    to = forms.TypedChoiceField(label=gettext_lazy("请谁代"), coerce=int)
    first = forms.DateField(label=gettext_lazy("从"), widget=DAY)
    last = forms.DateField(label=gettext_lazy("到（含这一天）"), widget=DAY)
    reason = forms.CharField(label=gettext_lazy("为什么"), max_length=200, min_length=2)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = people


def day_words(until: datetime, now: datetime) -> str:
    """The last day somebody stands in: 今天, 周五, or 12月5日."""
    last = timezone.localtime(until - timedelta(seconds=1)).date()
    ahead = (last - timezone.localdate(now)).days
    if ahead <= 0:
        return _("今天")
    return f"周{WEEKDAYS[last.weekday()]}" if ahead < 7 else f"{last.month}月{last.day}日"


def duties(by: Actor, now: datetime) -> list[str]:
    """For the head of 今天: ``您代王敏值班到周五``, once a colleague."""
    standing: dict[int, str] = {}
    for held in by.roles:
        if held.lender is not None and held.until is not None:
            name = held.lender.display_name or held.lender.username
            words = {"name": name, "day": day_words(held.until, now)}
            standing[held.lender.pk] = _("您代%(name)s值班到%(day)s") % words
    return list(standing.values())


def _name(account: Any) -> str:
    return str(account.display_name or account.username) if account is not None else ""


@for_staff(Permission.DESK)
@require_GET
def listing(request: Visit) -> HttpResponse:
    now, by = timezone.now(), request.actor
    running = [_row(one, by, now) for one in stand_ins(by)]
    context = {
        "rows": running,
        "roles": [
            {
                "role": row,
                "label": f"{Role(row.role).label} · {row.place.name}",
                "who": _("我") if by.account is not None and row.account_id == by.account.pk else _name(row.account),
                "href": f"{HERE}{row.pk}/",
            }
            for row in lendable(by)
        ],
        "trail": [{"label": _("我"), "href": "/desk/me/"}, {"label": _("代班"), "href": ""}],
    }
    return render(request, "desk/standin/list.html", context)


def _row(one: StaffRole, by: Actor, now: datetime) -> dict[str, Any]:
    assert one.until is not None and one.stands_in_for is not None
    since = timezone.localtime(one.since)
    begun = one.since <= now
    return {
        "one": one,
        "who": _name(one.account),
        "instead_of": _name(one.stands_in_for.account),
        "label": f"{Role(one.role).label} · {one.place.name}",
        "since": f"{since.month}月{since.day}日",
        "until": day_words(one.until, now),
        "begun": begun,
        "by": _name(one.granted_by),
        "end": f"{HERE}{one.pk}/end/",
        "words": _("结束") if begun else _("取消"),
    }


@for_staff(Permission.DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def lend(request: Visit, role: int) -> HttpResponse:
    """One of the roles that the actor may lend."""
    by = request.actor
    row = next((one for one in lendable(by) if one.pk == role), None)
    if row is None:
        raise Http404
    people = {one.account.pk: one for one in colleagues(row, by)}
    choices = [(pk, f"{one.name}（{one.role.label}）") for pk, one in people.items()]
    today = timezone.localdate()
    if request.method == "POST":
        form = LendForm(request.POST, people=choices)
        if form.is_valid():
            given = form.cleaned_data
            try:
                lent = lend_role(
                    row,
                    people[given["to"]].account,
                    first=given["first"],
                    last=given["last"],
                    today=today,
                    by=by,
                    reason=given["reason"],
                )
            except Refused as refused:
                form.add_error(refused.field, refused.message)
            else:
                messages.success(request, _("安排好了，请%(name)s重新登录一次。") % {"name": _name(lent.account)})
                return HttpResponseRedirect(HERE)
    else:
        form = LendForm(
            initial={"first": today.isoformat(), "last": (today + timedelta(days=4)).isoformat()}, people=choices
        )
    label = f"{Role(row.role).label} · {row.place.name}"
    context = {
        "form": form,
        "role": row,
        "label": label,
        "who": _name(row.account),
        "nobody": not people,
        "back": HERE,
        "trail": [
            {"label": _("我"), "href": "/desk/me/"},
            {"label": _("代班"), "href": HERE},
            {"label": label, "href": ""},
        ],
    }
    return render(request, "desk/standin/lend.html", context, status=422 if form.errors else 200)


@for_staff(Permission.DESK)
@require_POST
def end(request: Visit, pk: int) -> HttpResponse:
    lent = next((one for one in stand_ins(request.actor) if one.pk == pk), None)
    if lent is None:
        raise Http404
    end_stand_in(lent, by=request.actor, reason="提前结束代班")
    messages.success(request, _("已经结束，岗位回到%(name)s。") % {"name": _name(lent.stands_in_for.account)})  # type: ignore[union-attr]
    return HttpResponseRedirect(HERE)
