"""What an order's form says: which offers, how many, where. Numbers are read as numbers or not at all."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from django.db import connection

from jiamenkou.foundation.refusals import Refused
from jiamenkou.foundation.rows import columns, made
from jiamenkou.services.groupbuy.models import Cycle, PickupPoint

PREFIX = "offer-"


def wanted(sent: Mapping[str, str]) -> dict[int, int]:
    """offer → boxes, for every field ``offer-<id>`` that is not empty or 0 among others. Raises Refused at the field."""
    found: dict[int, int] = {}
    fields = {name: value for name, value in sent.items() if name.startswith(PREFIX)}
    for name, value in fields.items():
        number = name.removeprefix(PREFIX)
        text = unicodedata.normalize("NFKC", value).strip()
        if not text or (text == "0" and len(fields) > 1):
            continue
        if not (number.isascii() and number.isdigit() and len(number) < 19):
            raise Refused("请刷新这一页再下单。", code="unknown")
        if not (text.isascii() and text.isdigit() and len(text) <= 4):
            raise Refused("请填 1 到 99 之间的整数。", field=name, code="quantity")
        found[int(number)] = int(text)
    return found


def point_of(cycle: Cycle, sent: Mapping[str, str]) -> PickupPoint:
    """The chosen pickup point, which must be one of the cycle's."""
    chosen = sent.get("point", "")
    if chosen.isascii() and chosen.isdigit() and len(chosen) < 19:
        with connection.cursor() as cursor:
            cursor.execute(
                f"""select {columns(PickupPoint, "p")} from groupbuy_pickuppoint p
                      join groupbuy_cycle_points c on c.pickuppoint_id = p.id
                     where c.cycle_id = %s and p.id = %s""",  # noqa: S608 - our own columns
                [cycle.pk, int(chosen)],
            )
            found = cursor.fetchone()
        if found is not None:
            return made(PickupPoint, found)
    raise Refused("请选在哪里取货。", field="point", code="point")


def seen_total(sent: Mapping[str, str]) -> int | None:
    """The sum that the buyer saw, in fen; None where the form did not say."""
    text = sent.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None
