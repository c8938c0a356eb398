"""Fairs: what staff plan, what residents fill in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiamenkou.services.needs.actions.fairs import MOST_HEADS

CLOCK = {"type": "datetime-local"}
_SHAPE = "%Y-%m-%dT%H:%M"


class FairForm(forms.Form):
    title = forms.CharField(label=_("叫什么"), max_length=40)
    starts_at = forms.DateTimeField(label=_("什么时候开始"), widget=forms.DateTimeInput(attrs=CLOCK, format=_SHAPE))
    ends_at = forms.DateTimeField(label=_("什么时候结束"), widget=forms.DateTimeInput(attrs=CLOCK, format=_SHAPE))
    place_words = forms.CharField(label=_("在哪"), max_length=60)
    capacity = forms.IntegerField(
        label=_("最多多少人"), min_value=1, max_value=9999, help_text=_("满了以后报名的排队，有人取消就轮到")
    )
    words = forms.CharField(
        label=_("说明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("有什么、要带什么"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", "结束时间要晚于开始时间。")
        return data


class StandForm(forms.Form):
    title = forms.CharField(label=_("摊位"), max_length=30, help_text=_("例如：磨刀、义剪、量血压"))
    who = forms.CharField(label=_("谁来摆"), max_length=30, required=False)


class JoinForm(forms.Form):
    """How many come with the one who signs up."""

    heads = forms.IntegerField(
        label=_("几个人来"), min_value=1, max_value=MOST_HEADS, initial=1,
        error_messages={"invalid": _("请填 1 到 10。")},
    )  # fmt: skip


class WhyForm(forms.Form):
    text = forms.CharField(label=_("说一句"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}))
