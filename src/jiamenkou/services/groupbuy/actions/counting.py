"""How many households have joined: a figure for everybody, so it is counted over rows that not everybody sees."""

from __future__ import annotations

from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.services.groupbuy.models import Cycle, Order


def recount(cycle: Cycle) -> int:
    """Households, not orders: two who live together are one. A neighbour from a pasted list counts by name and room."""
    with scope(EVERYTHING):
        bought = Order.objects.filter(cycle=cycle).bought()
        rows = bought.order_by().values_list("resident__household", "resident", "name", "room")
        joined = len(
            {
                ("h", household) if household else ("r", resident) if resident else ("n", name, room)
                for household, resident, name, room in rows
            }
        )
    Cycle.objects.filter(pk=cycle.pk).update(joined=joined)
    cycle.joined = joined
    return joined
