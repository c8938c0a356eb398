"""Fields of their own, and what every form does with a refusal."""

from __future__ import annotations

import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiamenkou.foundation.refusals import Refused


class YuanField(forms.CharField):
    """Yuan with at most two decimals in, fen out."""

    def __init__(self, *, least: int = 1, most: int = 10_000_000, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        self.least, self.most = least, most
        super().__init__(**options)

    def to_python(self, value: Any) -> Any:
        text = unicodedata.normalize("NFKC", super().to_python(value) or "").replace(",", "").strip()
        if not text:
            return None
        try:
            amount = Decimal(text.removesuffix("元").removeprefix("¥"))
        except InvalidOperation as error:
            raise forms.ValidationError(_("请填数字，例如 39.8。")) from error
        if not amount.is_finite() or amount * 100 != int(amount * 100):
            raise forms.ValidationError(_("最多两位小数。"))
        fen = int(amount * 100)
        if not self.least <= fen <= self.most:
            raise forms.ValidationError(_("金额不在允许的范围内。"))
        return fen

    def prepare_value(self, value: Any) -> Any:
        return f"{value // 100}.{value % 100:02d}".rstrip("0").rstrip(".") if isinstance(value, int) else value


def day_field(label: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def moment_field(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])


def words_field(label: Any, most: int = 200, *, required: bool = False, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=required, widget=forms.Textarea(attrs={"rows": rows})
    )


def show_refusal(form: forms.Form, refused: Refused) -> None:
    """Put a refusal beside the field it belongs to, else above the form."""
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)
