"""Answers to applications."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from jiamenkou.services.jobs.states import ApplicationReason, ApplicationState


class MoveForm(forms.Form):
    """One arrow of the table. What must stand beside which arrow is the action's to say."""

    to = forms.ChoiceField(choices=ApplicationState.choices)
    why = forms.ChoiceField(label=_("原因"), choices=[("", "—"), *ApplicationReason.choices], required=False)
    text = forms.CharField(label=_("说明"), max_length=200, required=False)
    interview_at = forms.DateTimeField(
        label=_("面试时间"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    interview_place = forms.CharField(label=_("面试地点"), max_length=120, required=False)
    starts_on = forms.DateField(
        label=_("哪天上岗"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class StartForm(forms.Form):
    started_on = forms.DateField(
        label=_("哪天上的岗"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class RecommendForm(forms.Form):
    word = forms.CharField(label=_("给本人和单位的一句话"), max_length=200, required=False)
