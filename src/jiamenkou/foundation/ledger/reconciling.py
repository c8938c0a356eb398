"""Each day the provider's bill is compared with our book, line by line; every difference waits for a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock

from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.ledger.models import (
    BillKind,
    BillLine,
    BillVerdict,
    ErrandState,
    IntentState,
    PaymentIntent,
    Refund,
    Way,
)
from jiamenkou.foundation.ledger.providers import BillRow
from jiamenkou.foundation.refusals import Refused


@dataclass(frozen=True, slots=True)
class Ours:
    amount: int
    merchant: str
    settled: bool
    community: int


def compare(day: date, rows: Iterable[BillRow], *, by: Actor, reason: str) -> dict[str, int]:
    """Store the comparison of a day; once more replaces what nobody has handled. Returns verdict → lines."""
    wanted = list(rows)
    ours = _ours(day, wanted)
    lines = [_line(day, row, ours.pop((_kind(row), row.number), None)) for row in wanted]
    lines += [
        BillLine(
            day=day, way=Way.WECHAT, kind=kind, number=number, merchant=one.merchant, ours=one.amount,
            verdict=BillVerdict.NOT_THERE, community_id=one.community,
        )
        for (kind, number), one in sorted(ours.items())
        if one.settled
    ]  # fmt: skip
    BillLine.objects.filter(way=Way.WECHAT, day=day, handled_at__isnull=True).delete()
    BillLine.objects.bulk_create(lines, ignore_conflicts=True)
    counted: dict[str, int] = {}
    for line in lines:
        counted[line.verdict] = counted.get(line.verdict, 0) + 1
    return counted


def handle_line(line: BillLine, finding: str, *, by: Actor, now: datetime, reason: str) -> None:
    """A person looked at a difference and says what it was."""
    if not finding.strip():
        raise Refused("请写一句查到了什么。", field="finding")
    if line.verdict == BillVerdict.MATCH:
        raise Refused("这一笔是一致的，不用处理。")
    line.handled_by, line.handled_at, line.finding = by.account, now, finding.strip()[:200]
    line.save()


def _kind(row: BillRow) -> str:
    return BillKind.REFUND if row.is_refund else BillKind.PAYMENT


def _ours(day: date, rows: list[BillRow]) -> dict[tuple[str, str], Ours]:
    """What we hold for that day, and whatever the bill names from other days."""
    start = timezone.make_aware(datetime.combine(day, clock.min))
    end = start + timedelta(days=1)
    numbers = [row.number for row in rows]
    payments = PaymentIntent.objects.filter(way=Way.WECHAT, paid_at__gte=start, paid_at__lt=end)
    payments |= PaymentIntent.objects.filter(way=Way.WECHAT, number__in=numbers)
    refunds = Refund.objects.filter(intent__way=Way.WECHAT, done_at__gte=start, done_at__lt=end)
    refunds |= Refund.objects.filter(intent__way=Way.WECHAT, number__in=numbers)
    found = {
        (str(BillKind.PAYMENT), one.number): Ours(
            one.amount, one.merchant, one.state == IntentState.PAID, one.community_id
        )
        for one in payments.order_by("id")
    }
    found |= {
        (str(BillKind.REFUND), one.number): Ours(
            one.amount, one.intent.merchant, one.state == ErrandState.DONE, one.intent.community_id
        )
        for one in refunds.select_related("intent").order_by("id")
    }
    return found


def _line(day: date, row: BillRow, ours: Ours | None) -> BillLine:
    verdict = BillVerdict.MATCH
    if ours is None:
        verdict = BillVerdict.NOT_HERE
    elif ours.amount != row.amount or ours.merchant != row.merchant:
        verdict = BillVerdict.AMOUNT
    elif ours.settled != (row.state == "SUCCESS"):
        verdict = BillVerdict.STATE
    return BillLine(
        day=day,
        way=Way.WECHAT,
        kind=_kind(row),
        number=row.number[:32],
        merchant=row.merchant[:32],
        theirs=row.amount,
        ours=ours.amount if ours else None,
        verdict=verdict,
        community_id=ours.community if ours else None,
    )
