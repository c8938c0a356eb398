"""Stations and rooms as sheets: the lists of the desk, with what was lent, mended and given."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils import timezone

from jiamenkou.foundation.sheets.writing import Column, Value
from jiamenkou.services.stations.figures import figures_of
from jiamenkou.services.stations.models import Host, Loan, Repair, Room, Station

STATION_COLUMNS = [
    *(Column(heading, 18) for heading in ("社区", "名称", "类别", "在哪里", "站长")),
    *(Column(heading, 12) for heading in ("借在外面", "修的还在站里", "修好", "开站", "停用")),
]
ROOM_COLUMNS = [
    *(Column(heading, 18) for heading in ("社区", "名称", "在哪里", "坐几人", "有什么")),
    *(Column(heading, 14) for heading in ("几家同时", "每次最多（分钟）")),
]


def station_rows(stations: QuerySet[Station]) -> Iterator[list[Value]]:
    """A community has a handful: all are read at once."""
    every = list(stations)
    figures, hosts = figures_of(every), dict[int, list[str]]()
    for host in Host.objects.filter(station__in=every).current().order_by("-is_main", "id"):
        hosts.setdefault(host.station_id, []).append(host.called)
    out = list(Loan.objects.filter(station__in=every).out().order_by("id").values_list("station_id", flat=True))
    live = list(Repair.objects.filter(station__in=every).live().order_by("id").values_list("station_id", flat=True))
    for one in every:
        yield [
            one.community.name,
            one.name,
            str(one.get_kind_display()),
            one.where,
            "、".join(hosts.get(one.pk, [])),
            out.count(one.pk),
            live.count(one.pk),
            figures[one.pk].mended,
            timezone.localdate(one.created_at),
            one.closed_on,
        ]


def room_rows(rooms: QuerySet[Room]) -> Iterator[list[Value]]:
    for one in rooms.iterator(500):
        yield [
            one.community.name,
            one.name,
            one.where,
            one.people,
            "、".join(one.equipment),
            one.resource.capacity if one.shared else 1,
            one.resource.most_minutes,
        ]
