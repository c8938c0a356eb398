"""What this room brings to the fronts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.asking import TODAY, Ask
from jiamenkou.foundation.events.contributions import Door, Hit, MenuItem, Reader, Room, TimelineEntry
from jiamenkou.services.stations import notices
from jiamenkou.services.stations.access import rows_for
from jiamenkou.services.stations.desk.urls import urlpatterns as desk_urls
from jiamenkou.services.stations.due import DUE, INDICATORS
from jiamenkou.services.stations.models import Loan, Repair, Station, Thing
from jiamenkou.services.stations.permissions import GRANTS, StationsPermission
from jiamenkou.services.stations.phone.entries import TIMELINE, timeline
from jiamenkou.services.stations.phone.urls import urlpatterns as phone_urls
from jiamenkou.services.stations.states import RepairState

GROUP = "供需"
VIEW = StationsPermission.VIEW


def _open_here(community: int | None) -> QuerySet[Station] | None:
    return Station.objects.open().filter(community=community) if community else None


def _said(count: int) -> str:
    return f"{count} 处，借、修、理发" if count else "借东西、修东西"


_DESK = {"loan": "things/", "repair": "repairs/", "booking": "calendar/", "help": "hours/"}


def _file_entries(resident: int) -> list[TimelineEntry]:
    """The resident's matters on their file, each leading to the desk's own list."""
    return [
        replace(entry, href=f"/desk/stations/{_DESK.get(entry.href.split('/')[3], '')}")
        for entry in timeline([resident])
    ]


def _late(by: Actor) -> QuerySet[Loan]:
    return rows_for(by, Loan.objects.late(TODAY))


def _live(by: Actor) -> QuerySet[Repair]:
    return rows_for(by, Repair.objects.live())


def _search(by: Actor, word: str) -> list[Hit]:
    if not by.may(VIEW):
        return []
    named = rows_for(by, Station.objects.open()).filter(Q(name__icontains=word) | Q(where__icontains=word))
    return [
        Hit(one.name, one.where, f"/desk/stations/{one.pk}/", "store") for one in named.order_by("name", "id")[:10]
    ]


def _station(code: str) -> str | None:
    pk = Station.objects.filter(code=code).values_list("pk", flat=True).first()
    return f"/stations/{pk}/" if pk is not None else None


def _thing(code: str) -> str | None:
    found = Thing.objects.filter(code=code).values_list("pk", "kind").first()
    return f"/stations/things/{found[0]}/" if found is not None else None


def _kept(reader: Reader) -> QuerySet[Station]:
    """The host's own stations."""
    return Station.objects.open().kept_by(reader.account).order_by("name", "id")


def _ready(reader: Reader) -> QuerySet[Repair]:
    """What is ready to be fetched."""
    ready = Repair.objects.filter(resident_id=reader.person, state=RepairState.READY)
    return ready.select_related("station").order_by("id")[:1]


def _home(request: HttpRequest, kept: list[Station], mended: list[Repair]) -> list[str]:
    ready = next(iter(mended), None)
    if not kept and ready is None:
        return []
    context = {
        "kept": [{"name": one.name, "href": f"/stations/host/{one.pk}/"} for one in kept],
        "ready": {"what": ready.what, "station": ready.station.name, "href": f"/stations/mine/repair/{ready.pk}/", "icon": ready.icon} if ready else None,
    }  # fmt: skip
    return [render_to_string("stations/phone/_home.html", context, request)]


def _load_demo(say: Any) -> None:
    from jiamenkou.services.stations.demo.load import load

    load(say)


def room() -> Room:
    notices.register_all()
    return Room(
        name="stations",
        label="邻里驿站",
        phone_prefix="stations/",
        permissions=StationsPermission,
        grants=GRANTS,
        phone_urls=phone_urls,
        desk_urls=desk_urls,
        timeline=TIMELINE,
        matters=(("stations_host", "account_id"),),
        resident_tabs=[_file_entries],
        due=DUE,
        indicators=INDICATORS,
        demo=_load_demo,
        demo_order=40,
        desk_search=[_search],
        own_cards=[Ask((_kept, _ready), _home)],
        qr_targets={"station": _station, "thing": _thing},
        doors=[Door(50, "邻里驿站", "/stations/", "store", "violet", _said, _open_here)],
        menu=[
            MenuItem(GROUP, 60, "驿站", "/desk/stations/", "store", VIEW, _late),
            MenuItem(GROUP, 61, "修东西", "/desk/stations/repairs/", "wrench", VIEW, _live),
            MenuItem(GROUP, 62, "预约日历", "/desk/stations/calendar/", "calendar-days", VIEW),
            MenuItem(GROUP, 63, "空间", "/desk/stations/rooms/", "door-open", VIEW),
            MenuItem(GROUP, 64, "闲置角落", "/desk/stations/corners/", "sprout", VIEW),
            MenuItem(GROUP, 65, "邻里时长", "/desk/stations/hours/", "heart-handshake", VIEW),
            MenuItem("看板", 40, "驿站数字", "/desk/stations/figures/", "chart-column", Permission.FIGURES_VIEW),
        ],
    )
