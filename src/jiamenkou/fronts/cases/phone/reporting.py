"""办事帮助: the door, reporting in two taps, and what everybody may read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from jiamenkou.foundation.access.guards import for_everyone, for_residents
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.access.where import acting_for, community_of
from jiamenkou.foundation.cases.access import shown_publicly
from jiamenkou.foundation.cases.actions.opening import open_case
from jiamenkou.foundation.cases.routing import catalogue
from jiamenkou.foundation.cases.states import CaseState, Channel, FiledBy, Outcome, Privacy
from jiamenkou.foundation.events.contributions import rooms
from jiamenkou.foundation.files.models import FileKind, StoredFile
from jiamenkou.foundation.offline import was_sent_later
from jiamenkou.foundation.refusals import Refused
from jiamenkou.fronts.cases.phone.aside import aside, lay_aside, take_up
from jiamenkou.fronts.cases.phone.promising import MOST_WORDS, place_of, shown_for

PUBLIC_DAYS = 180


class ReportForm(forms.Form):
    words = forms.CharField(
        label=_("什么事？"), max_length=MOST_WORDS, required=False,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": _("例如：三单元二楼的灯坏了，晚上看不见台阶")}),
    )  # fmt: skip
    photo = forms.FileField(
        label=_("拍一张"),
        required=False,
        widget=forms.FileInput(
            attrs={"accept": "image/*", "capture": "environment", "class": "seen-not", "data-shrink": True}
        ),
    )
    voice = forms.FileField(
        label=_("说一段"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "audio/*", "capture": "user", "class": "seen-not", "data-said": True}),
    )
    category = forms.ChoiceField(label=_("哪一类（可以不选，我们按您说的猜）"), required=False)
    door = forms.CharField(label=_("在哪里"), max_length=80, required=False)
    hidden = forms.BooleanField(
        label=_("不写我的名字"),
        required=False,
        help_text=_("办好了照样告诉您"),
        widget=forms.CheckboxInput(attrs={"class": "switch"}),
    )

    def __init__(self, *args: Any, kept: Sequence[StoredFile] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept
        kinds = [(rule.category, rule.label) for rule in catalogue().categories()]
        self.fields["category"].choices = [("", _("按我说的猜")), *kinds]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if not (told.get("words", "").strip() or told.get("photo") or told.get("voice") or self.kept):
            self.add_error("words", _("拍一张、说一段，或者写一句，都行。"))
        return told


@require_safe
@for_everyone
def door(request: Visit) -> HttpResponse:
    here = community_of(request)
    more = sorted((one for room in rooms() for one in room.helps), key=lambda one: one.order)
    context = {"community_name": here.name, "more": [(one, one.sub) for one in more]}
    return render(request, "phone/cases/door.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def report(request: Visit) -> HttpResponse:
    """Tap 1 takes the photo or the voice, tap 2 sends. ``?kind=care`` is the lead about a neighbour.

    What is sent names the promise it was shown (``promised``); where that is another one by now, or there is no script to
    show it, nothing is filed: the page comes back with the promise and what was sent, and asks once. Without signal no
    promise could be shown: what was written then is filed as it is, and its page says what is promised.
    """
    lead = request.GET.get("kind") == "care"
    kept, asks = aside(request), False
    if request.method != "POST":
        form = ReportForm(initial={"category": "care"} if lead else {})
        shown = shown_for(request, "", "care" if lead else "")
    else:
        form = ReportForm(request.POST, request.FILES, kept=kept)
        shown = shown_for(request, request.POST.get("words", "")[:MOST_WORDS], request.POST.get("category", ""))
        if form.is_valid():
            try:
                kept = lay_aside(request, form.cleaned_data, kept, _community(request))
                if request.POST.get("promised") == shown.category or was_sent_later(request):
                    return HttpResponseRedirect(f"/help/{_send(request, form.cleaned_data, shown.category, kept)}/")
                asks = True
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    context = {
        "form": form,
        "lead": lead,
        "promise": shown,
        "asks": asks,
        "kept": kept,
        "seen": next((file for file in kept if file.kind == FileKind.IMAGE), None),
        "said": any(file.kind == FileKind.VOICE for file in kept),
    }
    return render(request, "phone/cases/report.html", context, status=422 if form.errors else 200)


def _community(request: Visit) -> int | None:
    person, place = acting_for(request), place_of(request)
    return person.community_id if person is not None else place.pk if place is not None else None


def _send(request: Visit, told: dict[str, Any], category: str, files: list[StoredFile]) -> int:
    place, person = place_of(request), acting_for(request)
    if place is None:
        raise Refused("这里还没有社区，请打社区电话。", field="words", code="nowhere")
    words = told["words"].strip()
    title = words.split("，")[0].split("。")[0][:30] or str(catalogue().label(category))
    relation = next(
        (link.relation for link in request.actor.residents if person and link.resident_id == person.pk), ""
    )
    case = open_case(
        category=category, place=place, title=title, words=words, door=told["door"],
        reporter=person or request.actor.account, channel=Channel.PHONE_PAGE,
        filed_by=FiledBy.SELF if relation in {"self", ""} else FiledBy.FAMILY,
        privacy=Privacy.PROTECTED if told["hidden"] and person is not None else None,
        files=files, by=request.actor, reason="居民上报",
    )  # fmt: skip
    take_up(files)
    return int(case.pk)


PUBLIC_SHOWN = 20
_ENDS = {Outcome.SOLVED: ("green", "check"), Outcome.PARTLY: ("blue", "check"), Outcome.CANNOT: ("orange", "info")}


@require_safe
@for_everyone
def public(request: Visit) -> HttpResponse:
    """问题公开: what was found in the public places of the community, and what came of it. ``?kind= &page=``."""
    here, known = community_of(request), catalogue()
    rows = shown_publicly(here.id, timezone.localdate() - timedelta(days=PUBLIC_DAYS)) if here.id else []
    done = sum(row["state"] in {"closed", "handled"} for row in rows)
    names = {row["category"]: known.label(row["category"]).split(" / ")[-1] for row in rows}
    kind = request.GET.get("kind", "")
    kind = kind if kind in names else ""
    chosen = [row for row in rows if not kind or row["category"] == kind]
    page = Paginator(chosen, PUBLIC_SHOWN).get_page(request.GET.get("page", "1")[:9])
    context = {
        "cases": [_public_row(row, names, here.name) for row in page],
        "page": page,
        "kind": kind,
        "kinds": [
            {"label": _("全部"), "href": "?", "on": not kind},
            *({"label": name, "href": f"?kind={key}", "on": key == kind} for key, name in sorted(names.items())),
        ],
        "found": len(rows),
        "done": done,
        "name": here.name,
    }
    return render(request, "phone/cases/public.html", context)


def _public_row(row: dict[str, Any], names: dict[str, str], here: str) -> dict[str, Any]:
    state = CaseState(row["state"])
    tone, icon = _ENDS[Outcome(row["outcome"])] if row["outcome"] else (state.tone, "")
    return {
        "title": row["public_title"] or names[row["category"]],
        "place": row["place__name"] or here,
        "state": Outcome(row["outcome"]).label if row["outcome"] else state.label,
        "tone": tone,
        "icon": icon,
        "day": row["submitted_at"],
    }
