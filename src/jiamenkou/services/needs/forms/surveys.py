"""Surveys: what staff ask, what residents (or a worker for them) fill in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiamenkou.services.needs.forms.desk import day_input, grouped_categories
from jiamenkou.services.needs.models import Survey


class SurveyForm(forms.Form):
    title = forms.CharField(label=_("标题"), max_length=40)
    closes_on = forms.DateField(label=_("收到哪天"), widget=day_input())
    words = forms.CharField(
        label=_("说明"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("为什么问、问完做什么"),
    )  # fmt: skip
    question = forms.CharField(
        label=_("再问一句话"), max_length=60, required=False, help_text=_("例如：什么时候方便来上课？")
    )
    categories = forms.TypedMultipleChoiceField(
        label=_("让人勾哪些"), coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("至少选一类。")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        flat = [pair for _group, pairs in grouped_categories() for pair in pairs]
        self.fields["categories"].choices = flat  # type: ignore[attr-defined]

    def clean_closes_on(self) -> Any:
        day = self.cleaned_data["closes_on"]
        if day < timezone.localdate():
            raise forms.ValidationError("截止日期已经过了，请选今天或以后。")
        return day


class AnswerSurveyForm(forms.Form):
    ticked = forms.TypedMultipleChoiceField(
        label=_("您需要哪些，勾几样都行"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(
        label=_("还想说一句"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, survey: Survey, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = survey.categories.filter(is_active=True).order_by("order", "id")
        self.fields["ticked"].choices = [(one.pk, one.label) for one in offered]  # type: ignore[attr-defined]
        if survey.question:
            self.fields["words"].label = survey.question
