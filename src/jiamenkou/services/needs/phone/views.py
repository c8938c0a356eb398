"""Saying a need in two taps, and what became of it."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiamenkou.foundation.access.guards import for_everyone, for_residents
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.access.where import acting_for, community_of
from jiamenkou.foundation.events.contributions import TimelineEntry
from jiamenkou.foundation.files.models import StoredFile
from jiamenkou.foundation.files.storing import store_voice
from jiamenkou.foundation.messages.inbox import settle
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.needs.access import KEEPER, access_own_need, coming_fairs, open_surveys, own_needs
from jiamenkou.services.needs.actions.needs import file_need, move_need
from jiamenkou.services.needs.forms.phone import AnswerForm, SayForm
from jiamenkou.services.needs.models import Category, Need
from jiamenkou.services.needs.phone.answers import NO, YES
from jiamenkou.services.needs.phone.entries import ICONS, entry_of
from jiamenkou.services.needs.states import Channel, FiledBy, Group, NeedState, Party, open_moves

# the step that is under way, from 1; past the last one all are done
STEPS = ["说了", "张罗", "开好", "用上"]
STEP_OF = {NeedState.OPEN: 1, NeedState.PLANNED: 2, NeedState.ANSWERED: 4, NeedState.MET: 5}
DO = {"yes": NeedState.MET, "no": NeedState.OPEN, "withdraw": NeedState.WITHDRAWN, "again": NeedState.OPEN}


@require_safe
@for_everyone
def listing(request: Visit) -> HttpResponse:
    """What one can say, by group; and what I have said."""
    active = sorted(
        Category.objects.filter(is_active=True), key=lambda one: (list(Group).index(Group(one.group)), one.order)
    )
    groups = [
        {
            "label": Group(group).label,
            "icon": ICONS[Group(group)],
            "categories": [{"label": one.label, "href": f"/needs/say/?category={one.pk}"} for one in rows],
        }
        for group, rows in groupby(active, key=lambda one: one.group)
    ]
    mine = own_needs(request.actor).live().with_list_data().order_by("-moved_at", "-id")[:20]
    people = len(request.actor.residents)
    other = next((one for one in active if one.code == "other"), None)
    context = {
        "groups": groups,
        "say": f"/needs/say/?category={other.pk}" if other else "",
        "mine": [_said(entry_of(need, named=people > 1)) for need in mine],
        "surveys": _asked(request),
        "fairs": _fairs(request),
    }
    return render(request, "needs/phone/list.html", context)


def _said(entry: TimelineEntry) -> dict[str, Any]:
    """One line: how it stands, and what comes next."""
    words = " · ".join(word for word in (entry.state, entry.next) if word)
    return {"title": entry.title, "sub": words, "href": entry.href, "icon": entry.icon, "tone": entry.tone}


def _asked(request: Visit) -> list[dict[str, str]]:
    """Surveys that are open where one lives."""
    here, today = community_of(request), timezone.localdate()
    return [
        {
            "title": one.title,
            "sub": f"问卷，收到 {one.closes_on:%-m月%-d日}",
            "href": f"/needs/surveys/{one.pk}/",
        }
        for one in open_surveys(here.id, today).order_by("closes_on", "id")[:3]
    ]


def _fairs(request: Visit) -> list[dict[str, str]]:
    """Fairs ahead, with the places that are left."""
    coming = coming_fairs(community_of(request).id).filter(ends_at__gt=timezone.now()).order_by("starts_at", "id")[:3]
    return [
        {
            "title": one.title,
            "sub": f"{timezone.localtime(one.starts_at):%-m月%-d日 %H:%M}，"
            + (f"还剩 {one.places_left} 个名额" if one.places_left > 0 else "名额满了，可以排队"),
            "href": f"/needs/fairs/{one.pk}/",
        }
        for one in coming
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def say(request: Visit) -> HttpResponse:
    person = acting_for(request)
    if person is None:
        return HttpResponseRedirect("/me/link/?next=/needs/")
    asked = request.POST.get("category") or request.GET.get("category", "")
    category = (
        Category.objects.filter(is_active=True, pk=int(asked)).first()
        if asked.isdecimal() and len(asked) < 10
        else None
    )
    if request.method != "POST":
        if category is None:
            return HttpResponseRedirect("/needs/")
        return _say_page(request, SayForm(initial={"category": category.pk}), category, person)
    form = SayForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            need = file_need(
                person,
                form.cleaned_data["category"],
                by=request.actor,
                channel=Channel.PHONE,
                filed_by=filed_by(request, person),
                words=form.cleaned_data["words"],
                voice=_voice(request, person, form.cleaned_data["voice"]),
                reason="居民说需要",
            )
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            return HttpResponseRedirect(f"/needs/{need.pk}/?new=1")
    return _say_page(request, form, category, person, 422)


def _voice(request: Visit, person: Resident, said: Any) -> StoredFile | None:
    if not said:
        return None
    return store_voice(said.read(), by=request.actor, keeper=KEEPER, community=person.community_id)


def _say_page(
    request: Visit, form: SayForm, category: Category | None, person: Resident, status: int = 200
) -> HttpResponse:
    context = {"form": form, "category": category, "person": person, "several": len(request.actor.residents) > 1}
    return render(request, "needs/phone/say.html", context, status=status)


def filed_by(request: Visit, person: Resident) -> FiledBy:
    """Self where the account is this person's own, else family."""
    own = next((link for link in request.actor.residents if link.resident_id == person.pk), None)
    return FiledBy.SELF if own is not None and own.relation == "self" else FiledBy.FAMILY


@for_residents
@require_safe
def need(request: Visit, pk: int) -> HttpResponse:
    return _need_page(request, access_own_need(request.actor, pk))


def _need_page(request: Visit, found: Need, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    state = NeedState(found.state)
    ends = {arrow.end for arrow in open_moves(state, Party.RESIDENT)}
    asked = state == NeedState.ANSWERED
    context: dict[str, Any] = {
        "need": found,
        "state": state,
        "entry": entry_of(found),
        "steps": STEPS,
        "now": STEP_OF.get(state),
        "asked": asked,
        "can_withdraw": NeedState.WITHDRAWN in ends and not asked,
        "can_ask_again": state == NeedState.CANNOT,
        "several": len(request.actor.residents) > 1,
        "form": AnswerForm(),
        "refused": refused,
        "new": request.GET.get("new") == "1",
    }
    return render(request, "needs/phone/need.html", context, status=status)


@require_POST
@for_residents
def answer(request: Visit, pk: int) -> HttpResponse:
    """用上了, 没用上, 不需要了, 还想要: one tap each."""
    found = access_own_need(request.actor, pk)
    do, form = request.POST.get("do", ""), AnswerForm(request.POST)
    to, start = DO.get(do), found.state
    text = form.cleaned_data["text"] if form.is_valid() else ""
    try:
        if to is None:
            raise Refused("没有这个操作。")
        if do == "no":
            text = f"{NO}：{text}" if text else NO
        move_need(found, to, party=Party.RESIDENT, by=request.actor, reason="本人答复", text=text)
    except Refused as refused:
        return _need_page(request, found, refused, status=409)
    if start == NeedState.ANSWERED and found.resident_id is not None:
        said = YES if to == NeedState.MET else NO
        settle(found.resident_id, f"/needs/{pk}/", said, by=request.actor, now=timezone.now(), reason="本人答复")
    return HttpResponseRedirect(f"/needs/{pk}/")
