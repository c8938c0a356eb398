"""Checking an employer's licence."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from jiamenkou.foundation.people.models import LicenceState, Organisation


class LicenceForm(forms.Form):
    state = forms.ChoiceField(label=_("核验结果"), choices=LicenceState.choices)
    until = forms.DateField(
        label=_("证照有效期至"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(label=_("看了什么、哪里不对"), max_length=200, required=False)

    @classmethod
    def of(cls, organisation: Organisation) -> LicenceForm:
        return cls(
            initial={
                "state": organisation.licence_state,
                "until": organisation.licence_until,
                "note": organisation.licence_note,
            }
        )
