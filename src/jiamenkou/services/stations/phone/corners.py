"""Idle corners and rooms, as neighbours see them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiamenkou.foundation.access.guards import for_everyone, for_residents
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.access.where import acting_for, community_of
from jiamenkou.foundation.bookings.calendars import calendar_of
from jiamenkou.foundation.bookings.people import party_of
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.stations import words
from jiamenkou.services.stations.access import public_corner, public_room
from jiamenkou.services.stations.actions import corners as acts
from jiamenkou.services.stations.actions.culture import book_room
from jiamenkou.services.stations.forms.phone import CornerForm, SlotForm, stored
from jiamenkou.services.stations.models import Corner, Proposal, Room
from jiamenkou.services.stations.phone.asking import put_error, to_link
from jiamenkou.services.stations.phone.pages import slot_of
from jiamenkou.services.stations.states import CornerState

STEPS = ["登记", "出主意", "投票", "认领", "开张"]
AT = {"registered": 2, "proposed": 3, "voted": 4, "claimed": 5, "opened": 6}


@for_everyone
@require_safe
def listing(request: Visit) -> HttpResponse:
    here = community_of(request)
    rows = Corner.objects.filter(community=here.id).exclude(state=CornerState.DROPPED).order_by("-id")[:50]
    items = [
        {"title": one.name, "sub": f"{one.get_state_display()} · {one.where}", "href": f"/stations/corners/{one.pk}/"}
        for one in rows
    ]
    return render(request, "stations/phone/corners.html", {"rows": items})


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def register(request: Visit) -> HttpResponse:
    person = acting_for(request)
    if person is None:
        return to_link(request)
    form = CornerForm(request.POST, request.FILES) if request.method == "POST" else CornerForm()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            photo = stored(form, "photo", by=request.actor, community=person.community_id, public=True)
            made = acts.register(
                person.community, data["name"], data["where"], about=data["about"], before=photo,
                by=request.actor, now=timezone.now(), reason="登记闲置角落",
            )  # fmt: skip
            return HttpResponseRedirect(f"/stations/corners/{made.pk}/")
        except Refused as refused:
            put_error(form, refused)
    return render(request, "stations/phone/corner_new.html", {"form": form}, status=422 if form.errors else 200)


@for_everyone
@require_safe
def corner(request: Visit, pk: int) -> HttpResponse:
    return _page(request, public_corner(pk))


def _page(request: HttpRequest, found: Corner, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    person = acting_for(request)
    mine = acts.ballot_of(found, person.pk if person else None)
    proposals = list(found.proposals.order_by("-votes", "at", "id"))
    return render(
        request,
        "stations/phone/corner.html",
        {
            "corner": found,
            "steps": STEPS,
            "now": AT.get(found.state, 0),
            "proposals": [
                {"pk": p.pk, "text": p.text, "called": p.called, "votes": p.votes, "mine": p.pk == mine}
                for p in proposals
            ],
            "voted": mine is not None,
            "person": person,
            "refused": refused,
            "before": found.before.href if found.before else "",
            "after": found.after.href if found.after else "",
        },
        status=status,
    )


@require_POST
@for_residents
def act(request: Visit, pk: int) -> HttpResponse:
    """propose, vote, claim."""
    found, person = public_corner(pk), acting_for(request)
    if person is None:
        return to_link(request)
    how: dict[str, Any] = {"by": request.actor, "now": timezone.now()}
    try:
        match request.POST.get("do"):
            case "propose":
                acts.propose(found, person, request.POST.get("text", ""), reason="出主意", **how)
            case "vote":
                number = request.POST.get("proposal", "")
                proposal = Proposal.objects.filter(
                    corner=found, pk=int(number) if number.isdigit() and len(number) < 18 else 0
                ).first()
                if proposal is None:
                    raise Refused("请选一个主意。", code="required")
                acts.vote(proposal, person, reason="投票", **how)
            case "claim":
                acts.claim(found, person, request.POST.get("word", ""), reason="认领", **how)
            case _:
                raise Refused("没有这个操作。", code="unknown")
    except Refused as refused:
        found.refresh_from_db()
        return _page(request, found, refused, 409)
    return HttpResponseRedirect(f"/stations/corners/{pk}/")


@for_everyone
@require_safe
def rooms(request: Visit) -> HttpResponse:
    here = community_of(request)
    found = Room.objects.filter(community=here.id, closed_on__isnull=True).order_by("name", "id")
    rows = [
        {"title": one.name, "sub": f"{one.where} · 坐 {one.people} 人", "href": f"/stations/rooms/{one.pk}/"}
        for one in found
    ]
    return render(request, "stations/phone/rooms.html", {"rows": rows})


@require_http_methods(["GET", "HEAD"])
@for_everyone
def room(request: Visit, pk: int) -> HttpResponse:
    return _room_page(request, public_room(pk), SlotForm(initial={"start": request.GET.get("start", "")}))


def _room_page(
    request: HttpRequest, found: Room, form: SlotForm, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    now, today = timezone.now(), timezone.localdate()
    calendar = calendar_of(found.resource, today, 7)
    page, resource = f"/stations/rooms/{found.pk}/", found.resource
    days = []
    for step in range(7):
        on = today + timedelta(days=step)
        slots = [slot_of(slot, page) for slot in calendar.slots(on, now)]
        why = calendar.whys.get(on, "")
        days.append(
            {
                "label": words.day(on, today),
                "note": f"{on.month}月{on.day}日",
                "slots": slots,
                "why": f"休息{'：' + why if why else ''}",
            }
        )
    chosen = str((form.data.get("start") if form.is_bound else form["start"].value()) or "")
    rules = [
        f"一次最多 {resource.most_minutes // 60} 小时" if resource.most_minutes else "",
        f"每人每周最多 {resource.week_minutes // 60} 小时" if resource.week_minutes else "",
        f"同时最多约 {resource.per_person} 个" if resource.per_person else "",
    ]
    lengths = [
        resource.slot_minutes * n
        for n in range(1, 9)
        if not resource.most_minutes or resource.slot_minutes * n <= resource.most_minutes
    ]
    return render(
        request,
        "stations/phone/room.html",
        {
            "room": found,
            "photo": found.photo.href if found.photo else "",
            "rows": [(name, value) for name, value in [("在哪里", found.where), ("怎么布置", found.layout), ("有什么", "、".join(found.equipment)), ("坐几人", f"{found.people} 人"), ("一起用", f"{resource.capacity} 家可以同时用" if found.shared else "一次一家")] if value],
            "rules": "，".join(rule for rule in rules if rule),
            "days": days,
            "chosen": chosen,
            "chosen_words": words.when(form2.moment) if (form2 := SlotForm({"start": chosen})).is_valid() else "",
            "lengths": [{"value": n, "label": words.minutes(n)} for n in lengths],
            "person": acting_for(request),
            "refused": refused,
        },
        status=status,
    )  # fmt: skip


@require_POST
@for_residents
def book(request: Visit, pk: int) -> HttpResponse:
    found, person = public_room(pk), acting_for(request)
    if person is None:
        return to_link(request)
    form = SlotForm(request.POST)
    if not form.is_valid():
        return _room_page(request, found, form, Refused("请选时间和时长。", field="start"), 422)
    try:
        booking = book_room(
            found, party_of(person), form.moment, form.cleaned_data["minutes"] or found.resource.slot_minutes,
            note=form.cleaned_data["note"], by=request.actor, now=timezone.now(), reason="约空间",
        )  # fmt: skip
    except Refused as refused:
        return _room_page(request, found, form, refused, 409)
    return HttpResponseRedirect(f"/stations/mine/booking/{booking.pk}/")
