"""代客下单: for somebody who rang or came by. Found by name or number, only among the people the worker looks after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.people.access import residents_for
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.groupbuy import words
from jiamenkou.services.groupbuy.actions.orders import Buyer, place_order
from jiamenkou.services.groupbuy.models import Cycle, Offer, PickupPoint
from jiamenkou.services.groupbuy.phone.cycles import room_of

MOST_NAMED = 6


class ProxyForm(forms.Form):
    who = forms.CharField(
        label=_("姓名或居民编号"), max_length=20, help_text=_("编号在居民档案上，R 后面的数字；同名的会请您选")
    )
    offer = forms.ChoiceField(label=_("买什么"))
    boxes = forms.IntegerField(label=_("几份"), min_value=1, max_value=99, initial=1)
    point = forms.ChoiceField(label=_("在哪取"))
    note = forms.CharField(label=_("怎么说的"), max_length=100, help_text=_("例如 本人打电话来说的"))

    def offering(self, offers: Sequence[Offer], points: Sequence[PickupPoint]) -> ProxyForm:
        """The same form with what this cycle has. ``offers`` with their products."""
        choices: Any = [
            (str(one.pk), f"{one.product.name} {one.product.spec} {words.yuan(one.price_fen)}")
            for one in offers
            if one.left
        ]
        self.fields["offer"].choices = choices  # type: ignore[attr-defined]
        self.fields["point"].choices = [(str(one.pk), one.name) for one in points]  # type: ignore[attr-defined]
        return self


def person_of(said: str, by: Actor) -> Resident:
    """The one person meant. Raises Refused at ``who``: nobody, or several of that name, who are then told apart."""
    people = residents_for(by).select_related("household").order_by("id")
    number = said.strip().removeprefix("R").removeprefix("r")
    if number.isascii() and number.isdigit() and len(number) < 19:
        found = people.filter(pk=int(number)).first()
        if found is None:
            raise Refused("没有这个编号的居民，请对一下档案上的编号。", field="who", code="unknown")
        return found
    named = list(people.present().filter(name=said.strip())[: MOST_NAMED + 1])
    if not named:
        raise Refused("没有叫这个名字的居民，请看看是不是别的字。", field="who", code="unknown")
    if len(named) > 1:
        each = "、".join(f"R{one.pk}（{room_of(one) or '没有房号'}）" for one in named[:MOST_NAMED])
        raise Refused(f"有几位同名，请填编号：{each}。", field="who", code="several")
    return named[0]


def place_for(cycle: Cycle, data: dict[str, Any], *, by: Actor) -> None:
    """As the form says. Raises Refused at its field."""
    person = person_of(data["who"], by)
    point = cycle.points.get(pk=int(data["point"]))
    try:
        place_order(
            cycle, Buyer(person.name, room_of(person), person), {int(data["offer"]): data["boxes"]}, point, by=by,
            now=timezone.now(), reason="代客下单", proxy=True, note=data["note"],
        )  # fmt: skip
    except Refused as refused:
        field = "boxes" if (refused.field or "").startswith("offer-") else refused.field
        raise type(refused)(refused.message, field=field, code=refused.code) from refused
