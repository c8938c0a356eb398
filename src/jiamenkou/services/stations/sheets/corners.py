"""Idle corners as a sheet."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils import timezone

from jiamenkou.foundation.sheets.writing import Column, Value
from jiamenkou.services.stations.models import Corner

COLUMNS = [
    *(Column(heading, 18) for heading in ("角落", "地方", "状态", "选定的主意")),
    Column("票数"),
    *(Column(heading, 14) for heading in ("谁认领", "登记", "开张")),
]


def rows_of(corners: QuerySet[Corner]) -> Iterator[list[Value]]:
    for one in corners.iterator(500):
        yield [
            one.name,
            one.where,
            str(one.get_state_display()),
            one.chosen.text if one.chosen else "",
            one.chosen.votes if one.chosen else None,
            one.keeper_called,
            timezone.localdate(one.registered_at),
            one.opened_on,
        ]
