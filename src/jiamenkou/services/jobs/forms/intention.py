"""An intention as it is asked at the door, on the phone or by the resident."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiamenkou.services.jobs.forms.fields import MinuteField, WeekdaysField, YuanField
from jiamenkou.services.jobs.forms.vacancy import EDUCATIONS
from jiamenkou.services.jobs.models import Intention
from jiamenkou.services.jobs.models.intention import ALL_WEEK
from jiamenkou.services.jobs.states import CallOutcome, PayUnit, VacancyKind

WALKS = [
    ("", "远近都行"),
    (10, "10 分钟内"),
    (15, "15 分钟内"),
    (20, "20 分钟内"),
    (30, "30 分钟内"),
    (45, "45 分钟内"),
]
CANNOT = [("lifting", "搬重物"), ("standing", "久站"), ("night", "上夜班"), ("heights", "登高"), ("cold", "冷库")]
FIELDS = [
    "wanted",
    "kinds",
    "max_walk_minutes",
    "weekdays",
    "not_before",
    "not_after",
    "school_run",
    "min_pay_fen",
    "min_pay_unit",
    "cannot",
    "education",
    "note",
]


class IntentionForm(forms.Form):
    wanted = forms.CharField(
        label=_("想做什么"), max_length=120, help_text=_("例如：护理员、保洁；写不出就空着"), required=False
    )
    kinds = forms.MultipleChoiceField(
        label=_("什么形式"), choices=VacancyKind.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    max_walk_minutes = forms.TypedChoiceField(
        label=_("走多远"), choices=WALKS, coerce=int, empty_value=None, required=False
    )
    school_run = forms.BooleanField(label=_("要接送孩子"), required=False)
    weekdays = WeekdaysField(label=_("哪几天能上班"), required=False)
    not_before = MinuteField(label=_("最早几点"), required=False)
    not_after = MinuteField(label=_("最晚几点"), required=False)
    min_pay_fen = YuanField(label=_("工资至少（元）"), required=False)
    min_pay_unit = forms.ChoiceField(label=_("每"), choices=[("", "—"), *PayUnit.choices[:3]], required=False)
    cannot = forms.MultipleChoiceField(
        label=_("做不了的"), choices=CANNOT, required=False, widget=forms.CheckboxSelectMultiple
    )
    education = forms.TypedChoiceField(
        label=_("学历"), choices=EDUCATIONS, coerce=int, empty_value=None, required=False
    )
    note = forms.CharField(label=_("补充"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("min_pay_fen") is not None and not data.get("min_pay_unit"):
            self.add_error("min_pay_unit", "请选是每小时、每天还是每月。")
        start, end = data.get("not_before"), data.get("not_after")
        if start is not None and end is not None and end <= start:
            self.add_error("not_after", "最晚要晚于最早。")
        data["weekdays"] = data.get("weekdays") or ALL_WEEK
        return data

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}

    @classmethod
    def of(cls, intention: Intention) -> IntentionForm:
        return cls(initial={name: getattr(intention, name) for name in FIELDS})


class CallForm(forms.Form):
    outcome = forms.ChoiceField(choices=CallOutcome.choices)
    note = forms.CharField(label=_("记一句"), max_length=200, required=False)
    call_again_on = forms.DateField(
        label=_("改到哪天"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
