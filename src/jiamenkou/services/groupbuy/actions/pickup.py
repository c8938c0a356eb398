"""Handing over: by QR, six digits or the last four of a phone; several orders of one person together; once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.foundation.vault.service import blind_index
from jiamenkou.services.groupbuy import book
from jiamenkou.services.groupbuy.actions.orders import move
from jiamenkou.services.groupbuy.codes import opened
from jiamenkou.services.groupbuy.models import Cycle, Order, PickupPoint
from jiamenkou.services.groupbuy.states import OrderState, PickedHow


def commission(fen: int, cycle: Cycle) -> int:
    """Rounded down: what is left is the supplier's."""
    return fen * cycle.commission_bp // 10_000


def find(cycle: Cycle, point: PickupPoint, said: str) -> tuple[list[Order], PickedHow]:
    """The ready orders that a QR's text, six digits or four digits name here.

    Raises Refused in words that the leader can read out: another point, another cycle, taken already, unknown.
    """
    text = "".join(said.split())
    if text.startswith("J1."):
        return _of_slip(cycle, point, text), PickedHow.QR
    if len(text) == 6 and text.isascii() and text.isdigit():
        return _of_person(cycle, point, Order.objects.filter(cycle=cycle, code=text).first()), PickedHow.DIGITS
    if len(text) == 4 and text.isascii() and text.isdigit():
        index = blind_index("phone4", text)
        named = Order.objects.filter(cycle=cycle, point=point, last_four=index, state=OrderState.READY)
        found = list(named.with_lines().order_by("id"))
        if not found:
            raise Refused("没有这个尾号等着取货的，请对一下 6 位取货码。", field="said", code="unknown")
        return found, PickedHow.PHONE
    raise Refused("请扫码，或者输 6 位取货码、手机后 4 位。", field="said", code="format")


def hand_over(
    cycle: Cycle,
    point: PickupPoint,
    ids: Sequence[int],
    *,
    how: PickedHow,
    by: Actor,
    at: datetime,
    reason: str,
) -> list[Order]:
    """Mark orders as picked up and write who has earned what. One that was taken before raises Conflict."""
    orders = list(cycle.orders.filter(pk__in=list(ids), point=point).select_related("cycle").order_by("id"))
    if not orders or len(orders) != len(set(ids)):
        raise Refused("不是这个自提点的货。", field="said", code="other_point")
    for order in orders:
        move(
            order, (OrderState.READY,), OrderState.PICKED, by, at, "取货",
            picked_at=at, picked_how=how, picked_by=by.account,
        )  # fmt: skip
        fen = order.total_fen - order.refunded_fen
        book.write(cycle, book.earned(order.pk, fen, commission(fen, cycle)), by=by, reason="取货")
    return orders


def sync(
    cycle: Cycle, point: PickupPoint, handed: Sequence[tuple[int, datetime]], *, by: Actor, now: datetime, reason: str
) -> dict[int, str]:
    """What was handed over without signal. Order → ``done``, ``again`` (was known) or ``refused``; never twice."""
    answers: dict[int, str] = {}
    for pk, at in handed:
        try:
            hand_over(cycle, point, [pk], how=PickedHow.OFFLINE, by=by, at=min(at, now), reason=reason)
        except Conflict:
            picked = cycle.orders.filter(pk=pk, state=OrderState.PICKED).exists()
            answers[pk] = "again" if picked else "refused"
        except Refused:
            answers[pk] = "refused"
        else:
            answers[pk] = "done"
    return answers


def _of_slip(cycle: Cycle, point: PickupPoint, text: str) -> list[Order]:
    slip = opened(text)
    if slip is None:
        raise Refused("这不是家门口的取货码。", field="said", code="forged")
    if slip.cycle != cycle.pk:
        raise Refused("这是另一期团购的码。", field="said", code="other_cycle")
    if slip.point != point.pk:
        raise _elsewhere(PickupPoint.objects.filter(pk=slip.point).first())
    first = Order.objects.filter(cycle=cycle, pk__in=slip.orders).order_by("id").first()
    return _of_person(cycle, point, first)


def _of_person(cycle: Cycle, point: PickupPoint, order: Order | None) -> list[Order]:
    """The order, and whatever else the same person has waiting here."""
    if order is None:
        raise Refused("没有这个取货码，请再看一遍。", field="said", code="unknown")
    while order.merged_into is not None:
        order = order.merged_into
    if order.point_id != point.pk:
        raise _elsewhere(order.point)
    if order.state == OrderState.PICKED:
        raise Conflict("这一单已经取走了。", field="said", code="picked")
    if order.state != OrderState.READY:
        raise Refused(f"这一单现在是“{OrderState(order.state).label}”，不能取。", field="said", code="state")
    waiting = Order.objects.filter(cycle=cycle, point=point, state=OrderState.READY)
    waiting = waiting.filter(resident=order.resident_id) if order.resident_id else waiting.filter(pk=order.pk)
    return list(waiting.with_lines().order_by("id"))


def _elsewhere(point: PickupPoint | None) -> Refused:
    name = point.name if point else "另一个自提点"
    return Refused(f"这一单在“{name}”取，不在这里。", field="said", code="other_point")
