"""Three lists of a cycle in one workbook: what to buy, how to sort it, whom to hand it to."""

from __future__ import annotations

from io import BytesIO

from django.http import HttpResponse
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.audit.exports import export_file
from jiamenkou.foundation.sheets.writing import Column, Value, Watermark, WorkbookWriter
from jiamenkou.services.groupbuy.models import Cycle
from jiamenkou.services.groupbuy.queries import delivery, sums
from jiamenkou.services.groupbuy.states import OrderState


def cycle_workbook(cycle: Cycle, *, by: Actor, names: bool = True) -> HttpResponse:
    """``names``: with the delivery list; a supplier gets the totals alone. Logged and watermarked."""

    def write(mark: Watermark) -> tuple[bytes, int]:
        writer, target = WorkbookWriter(mark), BytesIO()
        rows = sums(cycle)
        bought: dict[tuple[str, str, str], list[int]] = {}
        for row in rows:
            total = bought.setdefault((row.product, row.spec, row.lot), [0, 0])
            total[0] += row.boxes
            total[1] += row.fen
        count = writer.sheet(
            "采购单",
            [Column("产品", 20), Column("规格"), Column("批次"), Column("份数", 8), Column("金额（元）", 12)],
            [(*key, boxes, fen / 100) for key, (boxes, fen) in sorted(bought.items())],
        )
        count += writer.sheet(
            "分拣单",
            [
                Column("自提点", 18),
                Column("产品", 20),
                Column("规格"),
                Column("批次"),
                Column("份数", 8),
                Column("实到", 8),
            ],
            [(row.point, row.product, row.spec, row.lot, row.boxes, row.given) for row in rows],
        )
        if names:
            count += writer.sheet("配送单", _DELIVERY, _delivered(cycle))
        writer.save(target)
        return target.getvalue(), count

    return export_file(f"团购-{cycle.title}", write, by=by, reason="导出团购清单", conditions=cycle.subject)


_DELIVERY = [
    Column("自提点", 18), Column("楼栋房号", 14), Column("姓名", 10), Column("取货码", 10, as_text=True),
    Column("产品", 24), Column("份数", 8), Column("状态", 10), Column("备注", 20), Column("取货时间", 18),
]  # fmt: skip


def _delivered(cycle: Cycle) -> list[tuple[Value, ...]]:
    rows: list[tuple[Value, ...]] = []
    for order in delivery(cycle):
        for line in order.lines.all():
            picked = timezone.localtime(order.picked_at) if order.picked_at else None
            rows.append(
                (
                    order.point.name, order.room, order.name, order.code, f"{line.offer.product.name} {line.offer.product.spec}",
                    line.quantity if line.given is None else line.given, str(OrderState(order.state).label), order.note, picked,
                )
            )  # fmt: skip
    return rows
