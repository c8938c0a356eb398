"""A cycle as its leader opens it, and what is typed at the pickup point."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiamenkou.foundation.ledger.models import Way
from jiamenkou.services.groupbuy.actions.cycles import Draft, Wanted
from jiamenkou.services.groupbuy.forms.fields import YuanField, moment_field, words_field
from jiamenkou.services.groupbuy.models import Cycle, Leader, Lot, PickupPoint, Product
from jiamenkou.services.groupbuy.states import CycleState, LateRule, LotState, ReviewState, ShortageRule


class CycleForm(forms.Form):
    """One product a cycle is what a leader opens on the phone; more are added by a copy's offers on the desk."""

    product = forms.ModelChoiceField(Product.objects.none(), label=_("卖什么"))
    lot = forms.ModelChoiceField(Lot.objects.none(), label=_("哪一批"), required=False, help_text=_("农户直供的要选"))
    title = forms.CharField(label=_("团名"), max_length=40)
    price_fen = YuanField(label=_("团购价（元）"))
    stock = forms.IntegerField(label=_("一共几份"), min_value=1, max_value=100_000)
    limit = forms.IntegerField(label=_("每人限几份"), min_value=0, max_value=99, initial=0, help_text=_("0 就是不限"))
    minimum = forms.IntegerField(label=_("几家成团"), min_value=0, max_value=10_000, initial=0)
    opens_at = moment_field(_("开团"))
    closes_at = moment_field(_("截单"))
    arrives_at = moment_field(_("到货"))
    pickup_until = moment_field(_("取到几时"))
    points = forms.ModelMultipleChoiceField(
        PickupPoint.objects.none(), label=_("自提点"), widget=forms.CheckboxSelectMultiple
    )
    way = forms.ChoiceField(label=_("怎么付"), choices=Way.choices, initial=Way.RECORDED, widget=forms.RadioSelect)
    shortage_rule = forms.ChoiceField(label=_("到货不够怎么分"), choices=ShortageRule.choices)
    late_rule = forms.ChoiceField(label=_("过时才付怎么办"), choices=LateRule.choices)
    note = words_field(_("说给邻居"), 200)

    def __init__(self, leader: Leader, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        here = {"supplier__community": leader.community_id, "supplier__state": ReviewState.APPROVED}
        self._choose("product", Product.objects.filter(active=True, **here).order_by("name", "id"))
        lots = Lot.objects.filter(state=LotState.GOOD, product__active=True)
        self._choose("lot", lots.filter(product__supplier__community=leader.community_id).order_by("-id"))
        points = PickupPoint.objects.filter(community=leader.community_id, active=True)
        self._choose("points", points.order_by("name", "id"))
        if not self.is_bound:
            now = timezone.localtime().replace(minute=0, second=0, microsecond=0)
            self.initial.update(
                {
                    "opens_at": now,
                    "closes_at": now.replace(hour=20) + timedelta(days=1),
                    "arrives_at": now.replace(hour=15) + timedelta(days=3),
                    "pickup_until": now.replace(hour=20) + timedelta(days=4),
                    "points": list(points.values_list("pk", flat=True).order_by("name", "id")),
                }
            )

    def _choose(self, name: str, rows: Any) -> None:
        chooser = self.fields[name]
        assert isinstance(chooser, forms.ModelChoiceField)
        chooser.queryset = rows

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        product, lot = data.get("product"), data.get("lot")
        if lot is not None and product is not None and lot.product_id != product.pk:
            self.add_error("lot", _("这一批不是这个产品的。"))
        names = ("opens_at", "closes_at", "arrives_at", "pickup_until")
        moments = [data.get(name) for name in names]
        for before, after, name in zip(moments, moments[1:], names[1:], strict=False):
            if before and after and after <= before:
                self.add_error(name, _("要比上一个时间晚。"))
        return data

    def draft(self) -> Draft:
        data = self.cleaned_data
        kept = ("minimum", "way", "shortage_rule", "late_rule", "note")
        return Draft(
            data["title"],
            data["opens_at"],
            data["closes_at"],
            data["arrives_at"],
            data["pickup_until"],
            [Wanted(data["product"], data["price_fen"], data["stock"], data["limit"], data["lot"])],
            list(data["points"]),
            {name: data[name] for name in kept},
        )


class ComplaintForm(forms.Form):
    quantity = forms.IntegerField(label=_("几份有问题"), min_value=1, max_value=99, initial=1)
    words = words_field(_("哪里不对"), 300, required=True)


class PasteForm(forms.Form):
    text = forms.CharField(
        label=_("把群里的接龙粘在这里"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 10})
    )


class DatesForm(forms.Form):
    """Both hours while the goods are on their way; once they are there, only until when they may be fetched."""

    arrives_at = moment_field(_("到货"))
    pickup_until = moment_field(_("取到几时"))

    def __init__(self, cycle: Cycle, data: Any = None) -> None:
        super().__init__(data, initial={"arrives_at": cycle.arrives_at, "pickup_until": cycle.pickup_until})
        if cycle.state == CycleState.ARRIVED:
            del self.fields["arrives_at"]


class WhyForm(forms.Form):
    why = words_field(_("为什么"), 200, required=True)
