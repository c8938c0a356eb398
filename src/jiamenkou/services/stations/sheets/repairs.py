"""What is mended at the stations as a sheet: how somebody is called there and the building, nothing more of them."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils import timezone

from jiamenkou.foundation.sheets.writing import Column, Value
from jiamenkou.services.stations.models import Repair

COLUMNS = [
    *(Column(heading, 18) for heading in ("驿站", "什么东西", "哪里坏了", "怎么修的")),
    *(Column(heading, 14) for heading in ("谁的", "楼栋", "状态", "登记", "修好", "最近变化")),
]


def rows_of(repairs: QuerySet[Repair]) -> Iterator[list[Value]]:
    for one in repairs.iterator(500):
        yield [
            one.station.name,
            one.what,
            one.fault,
            one.done,
            one.called,
            one.building,
            str(one.get_state_display()),
            timezone.localdate(one.registered_at),
            timezone.localdate(one.mended_at) if one.mended_at else None,
            timezone.localdate(one.moved_at),
        ]
