"""派单目录: every kind of matter with who takes it and by when; a row for a place goes before the row for everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.audit.exports import export_rows
from jiamenkou.foundation.cases.actions.catalogue import drop_rule, may_write, places_for, row_of, write_rule
from jiamenkou.foundation.cases.catalogue import OWNERS, UNITS, Catalogue, Limit, Rule
from jiamenkou.foundation.cases.models import CatalogueVersion
from jiamenkou.foundation.cases.permissions import CasesPermission
from jiamenkou.foundation.cases.routing import catalogue, desk_for, path_to
from jiamenkou.foundation.cases.states import Privacy
from jiamenkou.foundation.listing import PER_PAGE, chosen_filters, searched_word
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.foundation.sheets.writing import Column

ROOT = "/desk/cases/catalogue/"
MOST_DAYS = 3650
LIMITS = ("response", "handle", "holder")
SORTS: dict[str, Callable[[Rule], Any]] = {
    "label": lambda rule: (rule.group, rule.label),
    "owner": lambda rule: list(OWNERS).index(rule.owner),
    "handle": lambda rule: (rule.handle.unit, rule.handle.amount),
}
VERSIONS_SHOWN = 8


class RuleForm(forms.Form):
    """One row. ``seen`` is the version that was looked at."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    category = forms.CharField(label=__("代号"), max_length=30, help_text=__("小写字母，定了就不改，例如 lighting"))
    group = forms.CharField(label=__("大类"), max_length=20)
    label = forms.CharField(label=__("名称"), max_length=30)
    place = forms.ChoiceField(label=__("管哪里"), required=False)
    owner = forms.ChoiceField(
        label=__("谁来办"), choices=[("", __("请选一个")), *((key, label) for key, label in OWNERS.items() if key)],
        error_messages={"required": __("谁来办？请选一个岗位，没有人管的一类派不出去。")},
    )  # fmt: skip
    response = forms.IntegerField(label=__("多久回应"), min_value=1, max_value=MOST_DAYS)
    response_unit = forms.ChoiceField(label=__("回应的单位"), choices=list(UNITS.items()))
    handle = forms.IntegerField(label=__("多久办好"), min_value=1, max_value=MOST_DAYS)
    handle_unit = forms.ChoiceField(label=__("办好的单位"), choices=list(UNITS.items()))
    holder = forms.IntegerField(label=__("每一手多久"), min_value=1, max_value=MOST_DAYS)
    holder_unit = forms.ChoiceField(label=__("每一手的单位"), choices=list(UNITS.items()))
    questions = forms.CharField(
        label=__("报的时候问什么，一行一句"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    words = forms.CharField(
        label=__("哪些词一听就是这一类，用顿号隔开"), max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    privacy = forms.ChoiceField(label=__("谁能看"), choices=[])
    may_return = forms.BooleanField(label=__("可以退单"), required=False)

    def __init__(self, *args: Any, places: Iterable[tuple[str, str]], shown: Rule | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place, privacy = self.fields["place"], self.fields["privacy"]
        place.choices = list(places)  # type: ignore[attr-defined]
        place.required = "" not in dict(place.choices)  # type: ignore[attr-defined]
        hidden = Privacy.PROTECTED
        kept = shown is not None and shown.protected
        privacy.choices = [one for one in Privacy.choices if (one[0] == hidden) == kept]  # type: ignore[attr-defined]
        if shown is not None:
            self.fields["category"].disabled = True

    def rule(self, shown: Rule | None) -> Rule:
        """What was written, with what the page does not ask kept from the row that was shown."""
        told = self.cleaned_data
        limits = {name: Limit(told[name], told[f"{name}_unit"]) for name in LIMITS}
        return Rule(
            told["category"], told["group"].strip(), told["label"].strip(), told["owner"], **limits,
            questions=_parts(told["questions"], "\n"), words=_parts(told["words"], "、", "\n"),
            may_return=told["may_return"], privacy=told["privacy"], place=told["place"],
            protected=shown.protected if shown else False, icon=shown.icon if shown else "inbox",
        )  # fmt: skip


def _parts(text: str, *marks: str) -> tuple[str, ...]:
    for mark in marks[1:]:
        text = text.replace(mark, marks[0])
    return tuple(dict.fromkeys(part.strip() for part in text.split(marks[0]) if part.strip()))


def _rows(request: Visit, known: Catalogue) -> list[Rule]:
    """What the search, the filters and the sorting of the address leave."""
    word = searched_word(request)
    chosen = chosen_filters(request, {"owner": OWNERS, "group": {rule.group for rule in known.rules}})
    rows = [
        rule
        for rule in known.rules
        if word in f"{rule.group}{rule.label}{rule.category}{''.join(rule.words)}"
        and rule.owner == chosen.get("owner", rule.owner)
        and rule.group == chosen.get("group", rule.group)
    ]
    asked = request.GET.get("sort", "")
    name = asked.removeprefix("-")
    return sorted(rows, key=SORTS[name], reverse=asked.startswith("-")) if name in SORTS else rows


def _names(rules: Iterable[Rule]) -> dict[str, str]:
    codes = {rule.place for rule in rules if rule.place}
    return {"": _("所有地方")} | dict(Place.objects.filter(code__in=codes).order_by("pk").values_list("code", "name"))


@require_safe
@for_staff(CasesPermission.VIEW)
def listing(request: Visit) -> HttpResponse:
    """The rows with who may change what; the last versions at the side."""
    by, known = request.actor, catalogue()
    rows = _rows(request, known)
    page: Page[Rule] = Paginator(rows, PER_PAGE).get_page(request.GET.get("page", "1")[:9])
    names = _names(known.rules)
    mine = places_for(by) if by.may(CasesPermission.CATALOGUE) else []
    general = bool(mine) and may_write(by, "")
    codes = {place.code for place in mine} | ({""} if general else set())
    groups = list(dict.fromkeys(rule.group for rule in known.rules))
    chosen = chosen_filters(request, {"owner": OWNERS, "group": groups})
    own = mine[0] if mine else None
    return render(
        request,
        "desk/cases/catalogue.html",
        {
            "page": page,
            "rows": [_row(rule, names, codes, own) for rule in page],
            "word": searched_word(request),
            "total": len(rows),
            "groups": [{"label": _("全部"), "href": "?", "on": "group" not in chosen}]
            + [{"label": one, "href": f"?group={one}", "on": chosen.get("group") == one} for one in groups],
            "owner": OWNERS.get(chosen.get("owner", ""), "") if "owner" in chosen else "",
            "may_write": bool(mine),
            "may_export": by.may(Permission.RESIDENTS_EXPORT),
            "query": request.GET.urlencode(),
            "versions": CatalogueVersion.objects.select_related("by").order_by("-pk")[:VERSIONS_SHOWN],
            "trail": [{"label": _("办件"), "href": "/desk/cases/"}, {"label": _("派单目录"), "href": ""}],
        },
    )


def _row(rule: Rule, names: dict[str, str], mine: set[str], own: Place | None) -> dict[str, Any]:
    """Where the row is not the person's own, they may write one for their place that goes before it."""
    href, act = "", ""
    if rule.place in mine:
        href, act = f"{ROOT}{rule.category}/?place={rule.place}", _("修改")
    elif own is not None:
        href, act = f"{ROOT}{rule.category}/?place={own.code}", _("给%(place)s单写") % {"place": own.name}
    return {
        "rule": rule,
        "owner": OWNERS[rule.owner],
        "privacy": Privacy(rule.privacy).label,
        "place": names.get(rule.place, rule.place),
        "href": href,
        "act": act,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(CasesPermission.CATALOGUE)
def edit(request: Visit, category: str = "") -> HttpResponse:
    """A row: ``?place=`` says for where. One that does not exist yet begins as the row that holds there. ``do=drop``."""
    by, known, places = request.actor, catalogue(), places_for(request.actor)
    choices = ([("", _("所有地方"))] if may_write(by, "") else []) + [(one.code, one.name) for one in places]
    place = request.GET.get("place", choices[0][0] if choices else "")
    if place not in dict(choices) or (category and not known.known(category)):
        raise Http404
    here = next((one for one in places if one.code == place), None)
    shown = known.rule(category, path_to(here).codes if here else [""]) if category else None
    sent = request.POST if request.method == "POST" else None
    own = row_of(known, category, place)
    form = RuleForm(sent, initial=_start(shown, place, known), places=choices, shown=shown)
    if sent is not None:
        try:
            if sent.get("do") == "drop":
                drop_rule(category, place, seen=_number(sent.get("seen")), by=by, reason="改派单目录")
                return HttpResponseRedirect(ROOT)
            if form.is_valid():
                if not category and known.known(form.cleaned_data["category"]):
                    raise Refused(_("这个代号用过了，请换一个。"), field="category", code="taken")
                write_rule(form.rule(shown), seen=form.cleaned_data["seen"], by=by, reason="改派单目录")
                return HttpResponseRedirect(ROOT)
        except Conflict as conflict:
            # the second writer sees what the first has written
            form = RuleForm(initial=_start(shown, place, known), places=choices, shown=shown)
            return _edit(request, form, shown, own, here, conflict, 409)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    return _edit(request, form, shown, own, here, None, 422 if form.errors else 200)


def _edit(
    request: Visit, form: RuleForm, shown: Rule | None, own: Rule | None, here: Place | None, conflict: Conflict | None,
    status: int,
) -> HttpResponse:  # fmt: skip
    context = {
        "form": form,
        "shown": shown,
        "conflict": conflict,
        "pairs": [(form[name], form[f"{name}_unit"]) for name in LIMITS],
        "may_drop": own is not None and own.place != "",
        "desk": desk_for(shown, path_to(here)).words if shown and here and here.kind != "district" else "",
        "here": here,
        "trail": [
            {"label": _("办件"), "href": "/desk/cases/"}, {"label": _("派单目录"), "href": ROOT},
            {"label": shown.label if shown else _("新的一类"), "href": ""},
        ],
    }  # fmt: skip
    return render(request, "desk/cases/catalogue_row.html", context, status=status)


def _start(rule: Rule | None, place: str, known: Catalogue) -> dict[str, Any]:
    start: dict[str, Any] = {"seen": known.number, "place": place}
    if rule is None:
        rule = Rule("", "", "", "")
    for name in LIMITS:
        limit: Limit = getattr(rule, name)
        start |= {name: limit.amount, f"{name}_unit": limit.unit}
    return start | {
        "category": rule.category, "group": rule.group, "label": rule.label, "owner": rule.owner,
        "questions": "\n".join(rule.questions), "words": "、".join(rule.words), "privacy": rule.privacy,
        "may_return": rule.may_return,
    }  # fmt: skip


def _number(text: object) -> int:
    word = str(text or "")
    return int(word) if word.isascii() and word.isdigit() and len(word) < 10 else -1


COLUMNS = [
    Column("代号"), Column("大类"), Column("名称", 20), Column("管哪里", 20), Column("谁来办", 16), Column("多久回应"),
    Column("多久办好"), Column("每一手多久"), Column("可以退单"), Column("谁能看"), Column("问什么", 30), Column("词", 30),
]  # fmt: skip


@require_POST
@for_staff(Permission.RESIDENTS_EXPORT)
def export(request: Visit) -> HttpResponse:
    known = catalogue()
    names = _names(known.rules)
    rows = (
        [
            rule.category, rule.group, rule.label, names.get(rule.place, rule.place), OWNERS[rule.owner], str(rule.response),
            str(rule.handle), str(rule.holder), _("可以") if rule.may_return else _("不可以"),
            str(Privacy(rule.privacy).label), "；".join(rule.questions), "、".join(rule.words),
        ]
        for rule in _rows(request, known)
    )  # fmt: skip
    return export_rows("派单目录", COLUMNS, rows, by=request.actor, reason="导出派单目录")
