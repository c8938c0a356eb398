"""Suppliers, products, lots and leaders, as they are written down."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiamenkou.services.groupbuy.forms.fields import YuanField, day_field, words_field
from jiamenkou.services.groupbuy.models import Lot, Product
from jiamenkou.services.groupbuy.states import PaperKind, ReviewState


class PaperForm(forms.Form):
    kind = forms.ChoiceField(label=_("证照"), choices=PaperKind.choices)
    number = forms.CharField(label=_("编号"), max_length=60)
    valid_until = day_field(_("有效期至"))
    scan = forms.FileField(
        label=_("照片或 PDF"), required=False, widget=forms.FileInput(attrs={"accept": "image/*,.pdf"})
    )

    def fields_of_paper(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {name: data[name] for name in ("kind", "number", "valid_until")}


class PayCodeForm(forms.Form):
    pay_code = forms.FileField(
        label=_("收款码截图"), widget=forms.FileInput(attrs={"accept": "image/*"}),
        error_messages={"required": _("请选收款码的截图。")},
    )  # fmt: skip


class SupplierForm(PaperForm):
    name = forms.CharField(label=_("单位名称"), max_length=60, help_text=_("跟营业执照上一样"))
    about = words_field(_("供什么"), 300, required=True)
    contact = forms.CharField(label=_("联系人"), max_length=20)
    phone = forms.CharField(label=_("对外公开的电话"), max_length=20)
    field_order = ["name", "about", "contact", "phone", "kind", "number", "valid_until", "scan"]


class ProductForm(forms.Form):
    name = forms.CharField(label=_("品名"), max_length=40)
    spec = forms.CharField(label=_("规格"), max_length=30, help_text=_("例如 5kg 袋"))
    unit = forms.CharField(label=_("单位"), max_length=6, help_text=_("例如 袋"))
    price_fen = YuanField(label=_("团购价（元）"))
    market_fen = YuanField(label=_("市场价（元）"), required=False)
    origin = forms.CharField(label=_("产地"), max_length=60, required=False)
    keeping = forms.CharField(label=_("怎么存放"), max_length=60, required=False)
    about = words_field(_("介绍"), 500)
    by_lot = forms.BooleanField(
        label=_("农户直供，按批次卖"), required=False, help_text=_("每一批要有检测报告，居民扫码能看到"),
        widget=forms.CheckboxInput(attrs={"class": "switch"}),
    )  # fmt: skip
    active = forms.BooleanField(
        label=_("在供"), required=False, initial=True, widget=forms.CheckboxInput(attrs={"class": "switch"})
    )
    photo = forms.FileField(label=_("照片"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"}))

    @classmethod
    def of(cls, product: Product) -> ProductForm:
        return cls(initial={name: getattr(product, name) for name in cls.base_fields if name != "photo"})

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "photo"}


class LotForm(forms.Form):
    number = forms.CharField(label=_("批次号"), max_length=30)
    field = forms.CharField(label=_("田块"), max_length=60)
    mu = forms.DecimalField(label=_("面积（亩）"), max_digits=8, decimal_places=2, min_value=0, required=False)
    sown_on = day_field(_("播种"))
    treatments = words_field(_("农事记录"), 1000, rows=5)
    harvested_on = day_field(_("收获"))
    tested_by = forms.CharField(label=_("检测机构"), max_length=60, required=False)
    report_no = forms.CharField(label=_("检测报告编号"), max_length=40, required=False)
    tested_on = day_field(_("检测日期"))
    finding = words_field(_("检测结论"), 200)
    scan = forms.FileField(
        label=_("检测报告"), required=False, widget=forms.FileInput(attrs={"accept": "image/*,.pdf"})
    )
    certificate = forms.CharField(label=_("认证"), max_length=30, required=False, help_text=_("例如 绿色食品"))
    certificate_no = forms.CharField(label=_("认证编号"), max_length=40, required=False)
    certificate_until = day_field(_("认证有效期至"))

    @classmethod
    def of(cls, lot: Lot) -> LotForm:
        initial = {name: getattr(lot, name) for name in cls.base_fields if name not in {"scan", "treatments"}}
        return cls(initial=initial | {"treatments": "\n".join(f"{one['on']} {one['what']}" for one in lot.treatments)})

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("certificate_no") and not data.get("certificate_until"):
            self.add_error("certificate_until", _("填了认证编号，请填有效期。"))
        if data.get("sown_on") and data.get("harvested_on") and data["harvested_on"] < data["sown_on"]:
            self.add_error("harvested_on", _("收获不能早于播种。"))
        return data

    def clean_treatments(self) -> list[dict[str, str]]:
        """One a line, the day first: 2026-06-12 人工除草."""
        found = []
        for line in self.cleaned_data["treatments"].splitlines():
            day, _space, what = line.strip().partition(" ")
            if line.strip():
                found.append({"on": day[:10], "what": (what or day)[:80]} if what else {"on": "", "what": day[:80]})
        return found[:40]

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "scan"}


class LeaderForm(forms.Form):
    name = forms.CharField(label=_("邻居怎么称呼您"), max_length=20, help_text=_("例如 王姐"))
    where = forms.CharField(label=_("您在哪栋"), max_length=30, required=False)
    phone = forms.CharField(label=_("对邻居公开的电话"), max_length=20, required=False)
    about = words_field(_("为什么想做主理人"), 300)


class ReviewForm(forms.Form):
    state = forms.ChoiceField(
        label=_("结果"),
        choices=[(one.value, one.label) for one in ReviewState if one != ReviewState.APPLIED],
        widget=forms.RadioSelect,
    )
    words = words_field(_("说给对方"), 200)


class SupplierReviewForm(ReviewForm):
    merchant = forms.RegexField(
        r"^\d{8,12}$", label=_("微信特约商户号"), required=False, help_text=_("没有就只能线下付款")
    )


class LeaderReviewForm(ReviewForm):
    trained_on = day_field(_("培训日期"))
    rate_bp = YuanField(label=_("佣金（%）"), least=0, most=3000, required=False)
