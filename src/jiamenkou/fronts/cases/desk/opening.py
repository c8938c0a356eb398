"""A worker writes down what somebody said: on the phone, at the counter, at a door."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.roles import granted
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.cases.actions.opening import Stranger, Upper, open_case
from jiamenkou.foundation.cases.permissions import CasesPermission
from jiamenkou.foundation.cases.routing import catalogue
from jiamenkou.foundation.cases.states import Channel, Privacy
from jiamenkou.foundation.files.storing import store_photo
from jiamenkou.foundation.people.access import residents_for
from jiamenkou.foundation.places.models import Place, PlaceKind
from jiamenkou.foundation.refusals import Refused
from jiamenkou.fronts.cases.desk.signing import SigningForm, blank, code_of, problem_of, signed

CHANNELS = [Channel.CALL, Channel.DESK, Channel.VISIT, Channel.HOTLINE, Channel.PLATFORM, Channel.OTHER]


class CaseForm(forms.Form):
    title = forms.CharField(label="什么事", max_length=80)
    words = forms.CharField(label="原话", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    category = forms.ChoiceField(label="分类", required=False)
    place = forms.ChoiceField(label="在哪里")
    door = forms.CharField(label="门牌或位置", max_length=80, required=False)
    channel = forms.ChoiceField(label="怎么来的", choices=[(one.value, one.label) for one in CHANNELS])
    resident = forms.CharField(
        label="居民编号", max_length=12, required=False, help_text="名册里的编号，如 R12；不在册就写称呼和电话"
    )
    name = forms.CharField(label="怎么称呼", max_length=40, required=False)
    phone = forms.CharField(label="电话", max_length=20, required=False)
    upper_number = forms.CharField(label="上级单号", max_length=60, required=False)
    privacy = forms.ChoiceField(label="谁能看", required=False, choices=[("", "按分类"), *Privacy.choices])
    urgent_why = forms.CharField(label="要优先的话，为什么", max_length=40, required=False)
    photo = forms.FileField(
        label="照片", required=False, widget=forms.FileInput(attrs={"accept": "image/*", "data-shrink": True})
    )

    def __init__(self, *args: Any, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [  # type: ignore[attr-defined]
            ("", "按原话猜"), *((rule.category, rule.name) for rule in catalogue().categories())
        ]  # fmt: skip
        self.fields["place"].choices = [(str(place.pk), place.name) for place in places]  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"].replace(" ", "").replace("-", "")
        if phone and not (phone.isascii() and phone.isdigit() and 7 <= len(phone) <= 12):
            raise forms.ValidationError("电话看着不对，请再核对一下。")
        return str(phone)


def places_of(request: Visit) -> list[Place]:
    """The communities and grids where the actor handles cases."""
    communities: set[int] = set()
    grids: set[int] = set()
    for held in request.actor.roles:
        if CasesPermission.HANDLE in granted(held.role):
            communities |= held.communities
            grids |= held.grids
    found: list[Place] = []
    for community in Place.objects.filter(pk__in=communities).order_by("path"):
        inside = Place.objects.within(community).filter(kind__in=[PlaceKind.COMMUNITY, PlaceKind.GRID])
        found += inside.filter(closed_on__isnull=True).order_by("path")
    return found or list(Place.objects.filter(pk__in=grids).order_by("path"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(CasesPermission.HANDLE)
def new(request: Visit) -> HttpResponse:
    """What was typed comes back with what is wrong beside it; nothing is kept of what was refused."""
    signing_refused = ""
    places = places_of(request)
    signing = blank(request)
    if request.method != "POST":
        form = CaseForm(places=places)
    else:
        form = CaseForm(request.POST, request.FILES, places=places)
        told = SigningForm(request.POST, request.FILES)
        signing_refused = problem_of(told)
        if form.is_valid() and not signing_refused:
            try:
                with transaction.atomic():
                    return HttpResponseRedirect(_open(request, form, told, places).href)
            except Refused as refused:
                if refused.field in told.fields:
                    signing_refused = refused.message
                else:
                    form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    trail = [
        {"label": _("办件"), "href": ""},
        {"label": _("诉求办件"), "href": "/desk/cases/"},
        {"label": _("登记"), "href": ""},
    ]
    context = {
        "form": form,
        "signing": signing,
        "code": code_of(signing),
        "signing_refused": signing_refused,
        "trail": trail,
    }
    status = 422 if form.errors or signing_refused else 200
    return render(request, "desk/cases/new.html", context, status=status)


def _open(request: Visit, form: CaseForm, signing: SigningForm, places: list[Place]) -> Any:
    told = form.cleaned_data
    place = next(place for place in places if str(place.pk) == told["place"])
    files = []
    if told["photo"]:
        files = [store_photo(told["photo"].read(), by=request.actor, keeper="cases", community=_community(place))]
    category = told["category"] or catalogue().guess(f"{told['title']}{told['words']}") or "other"
    upper = Upper("12345", told["upper_number"]) if told["upper_number"] else None
    return open_case(
        category=category, place=place, title=told["title"], words=told["words"], door=told["door"],
        reporter=_reporter(request, told), signed=signed(request, signing, _community(place)), channel=Channel(told["channel"]), upper=upper, files=files,
        privacy=Privacy(told["privacy"]) if told["privacy"] else None, urgent_why=told["urgent_why"],
        by=request.actor, reason="登记诉求", now=timezone.now(),
    )  # fmt: skip


def _community(place: Place) -> int:
    if place.kind == PlaceKind.COMMUNITY:
        return int(place.pk)
    parent = place.parent
    return int(parent.pk) if parent is not None else int(place.pk)


def _reporter(request: Visit, told: dict[str, Any]) -> Any:
    number = told["resident"].upper().removeprefix("R").strip()
    if number:
        found = residents_for(request.actor).filter(pk=int(number)).first() if number.isdigit() else None
        if found is None:
            raise Refused("名册里没有这个编号。", field="resident", code="unknown")
        return found
    return Stranger(told["name"], told["phone"]) if told["name"] or told["phone"] else None
