"""A room on the desk: registered."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.stations.actions import stations as acts
from jiamenkou.services.stations.desk.given import how
from jiamenkou.services.stations.desk.lists import trail
from jiamenkou.services.stations.forms.desk import (
    RoomForm,
)
from jiamenkou.services.stations.forms.phone import stored
from jiamenkou.services.stations.permissions import StationsPermission
from jiamenkou.services.stations.phone.asking import put_error

EDIT = StationsPermission.EDIT


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(EDIT)
def room_new(request: Visit) -> HttpResponse:
    form = RoomForm(request.POST, request.FILES) if request.method == "POST" else RoomForm()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            if request.actor.home is None:
                raise Refused("请用社区的账号登记空间。", code="home")
            photo = stored(form, "photo", by=request.actor, community=request.actor.home.pk, public=True)
            fields = {name: data[name] for name in ("name", "where", "people", "layout")}
            acts.open_room(
                request.actor.home,
                fields | {"equipment": form.equipment_given(), "shared": data["capacity"] > 1, "photo": photo},
                data["hours"],
                capacity=data["capacity"],
                most_minutes=data["most_minutes"],
                week_minutes=data["week_minutes"],
                **how(request, "登记空间"),
            )
            return HttpResponseRedirect("/desk/stations/rooms/")
        except Refused as refused:
            put_error(form, refused)
    context = {"form": form, "trail": trail("空间", "/desk/stations/rooms/", "登记空间")}
    return render(request, "stations/desk/room_form.html", context, status=422 if form.errors else 200)
