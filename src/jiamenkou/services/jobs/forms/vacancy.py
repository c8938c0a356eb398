"""A vacancy as staff or its employer write it down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from jiamenkou.foundation.people.models import Organisation
from jiamenkou.services.jobs.forms.fields import MinuteField, WeekdaysField, WordsField, YuanField
from jiamenkou.services.jobs.models import Vacancy
from jiamenkou.services.jobs.occupations import Choice, choices, occupation_name
from jiamenkou.services.jobs.showing import Showing
from jiamenkou.services.jobs.states import PayUnit, Settle, VacancyKind

EDUCATIONS = [("", "不限"), (1, "小学"), (2, "初中"), (3, "高中"), (4, "大专"), (5, "本科"), (6, "研究生")]
OCCUPATIONS = "/desk/jobs/occupations/"
# what the actions take; everything else a client sends is ignored
FIELDS = [
    "title",
    "kind",
    "occupation_code",
    "occupation_name",
    "headcount",
    "pay_min_fen",
    "pay_max_fen",
    "pay_unit",
    "negotiable",
    "settle",
    "weekdays",
    "start_minute",
    "end_minute",
    "hours",
    "rest",
    "address",
    "landmark",
    "requirements",
    "benefits",
    "certificates",
    "education",
    "contact",
    "phone",
    "description",
    "answer_days",
    "closes_on",
]


class VacancyForm(forms.Form):
    employer = forms.CharField(label=_("单位"), max_length=120)
    title = forms.CharField(label=_("岗位名称"), max_length=60)
    kind = forms.ChoiceField(label=_("形式"), choices=VacancyKind.choices)
    occupation_code = forms.CharField(label=_("职业代码"), max_length=16, required=False, widget=forms.HiddenInput)
    occupation_name = forms.CharField(label=_("职业"), max_length=60, required=False, widget=forms.HiddenInput)
    headcount = forms.IntegerField(label=_("招几人"), min_value=1, max_value=999, initial=1)
    pay_min_fen = YuanField(label=_("工资从（元）"), required=False)
    pay_max_fen = YuanField(label=_("工资到（元）"), required=False)
    pay_unit = forms.ChoiceField(label=_("每"), choices=[("", "—"), *PayUnit.choices], required=False)
    negotiable = forms.BooleanField(label=_("工资面议"), required=False)
    settle = forms.ChoiceField(label=_("结算"), choices=[("", "—"), *Settle.choices], required=False)
    weekdays = WeekdaysField(label=_("哪几天上班"), required=False)
    start_minute = MinuteField(label=_("上班"), required=False)
    end_minute = MinuteField(label=_("下班"), required=False)
    hours = forms.CharField(label=_("上班时间（原话）"), max_length=120, required=False)
    rest = forms.CharField(label=_("休息"), max_length=60, required=False)
    address = forms.CharField(label=_("地点"), max_length=200, required=False)
    landmark = forms.CharField(label=_("怎么走"), max_length=120, required=False)
    requirements = WordsField(label=_("要求"), each=120, required=False)
    certificates = WordsField(label=_("必须有的证"), each=40, required=False)
    education = forms.TypedChoiceField(
        label=_("最低学历"), choices=EDUCATIONS, coerce=int, empty_value=None, required=False
    )
    benefits = WordsField(label=_("待遇"), required=False)
    contact = forms.CharField(label=_("联系人"), max_length=40, required=False)
    phone = forms.CharField(label=_("联系电话（公开）"), max_length=30, required=False)
    answer_days = forms.IntegerField(label=_("几天内回话"), min_value=1, max_value=14, initial=3)
    closes_on = forms.DateField(
        label=_("截止"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    description = forms.CharField(
        label=_("说明"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # a changed title asks for its occupations anew
        self.fields["title"].widget.attrs |= {
            "hx-get": f"{OCCUPATIONS}?prefix={self.prefix or ''}",
            "hx-trigger": "change, input changed delay:500ms",
            "hx-target": f"#{self.add_prefix('occupations')}",
            "hx-sync": "this:replace",
        }

    def occupations(self) -> Sequence[Choice]:
        """What to tap for the title that stands in the form."""
        code = self["occupation_code"].value() or ""
        # an answered form without a code means none of them; a fresh one has not been asked yet
        chosen = code if code or self.is_bound else None
        return choices(self["title"].value() or "", chosen, self["occupation_name"].value() or "")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        official = occupation_name(data.get("occupation_code", ""))
        if official or not data.get("occupation_code"):
            data["occupation_name"] = official
        low, high = data.get("pay_min_fen"), data.get("pay_max_fen")
        if low is not None and high is not None and high < low:
            self.add_error("pay_max_fen", "工资上限不能低于下限。")
        if (low is not None or high is not None) and not data.get("pay_unit"):
            self.add_error("pay_unit", "请选是每小时、每天还是每月。")
        start, end = data.get("start_minute"), data.get("end_minute")
        if (start is None) != (end is None):
            self.add_error("end_minute" if end is None else "start_minute", "上下班时间要一起填。")
        elif start is not None and end is not None and end <= start:
            data["end_minute"] = end + 1440
        return data

    def values(self) -> dict[str, Any]:
        """What the actions take."""
        return {name: self.cleaned_data[name] for name in FIELDS}

    @classmethod
    def of(cls, vacancy: Vacancy, **options: Any) -> Self:
        """The form of a stored vacancy."""
        initial = {name: getattr(vacancy, name) for name in FIELDS}
        return cls(initial=initial | {"employer": vacancy.employer.name, "version": vacancy.version}, **options)


class StaffVacancyForm(VacancyForm):
    """As staff write it: they also say who is shown the post, as far as their place goes."""

    shown = forms.ChoiceField(label=_("给谁看"), required=False)

    def __init__(self, *args: Any, showing: Showing, **options: Any) -> None:
        super().__init__(*args, **options)
        self.showing = showing
        field = self.fields["shown"]
        field.choices = showing.choices  # type: ignore[attr-defined]
        field.initial = showing.usual.value
        field.error_messages["invalid_choice"] = _("您这里不能给这么大的范围看，请选下面的一项。")

    def clean_shown(self) -> str:
        """What is not said is as usual."""
        return self.cleaned_data["shown"] or self.showing.usual.value

    def values(self) -> dict[str, Any]:
        return super().values() | self.showing.fields(self.cleaned_data["shown"])


def employer_named(name: str) -> Organisation | None:
    """A registered organisation by name, however it is punctuated."""
    return Organisation.objects.named(name).order_by("id").first()


class ReasonForm(forms.Form):
    """An act that wants a sentence."""

    why = forms.CharField(label=_("原因"), max_length=200)
