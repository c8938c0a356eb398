"""Forms of 我的."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from jiamenkou.foundation.people.models import ArchiveKind, ConsentPurpose

SAID_ONESELF = [
    (ArchiveKind.SKILL, _("我会做的")),
    (ArchiveKind.INTEREST, _("我喜欢的")),
    (ArchiveKind.TRAINING_NEED, _("我想学的")),
]


class ArchiveForm(forms.Form):
    text = forms.CharField(
        label=_("加一项"), max_length=60, widget=forms.TextInput(attrs={"placeholder": _("例如：会钩针、想学护理")})
    )
    kind = forms.ChoiceField(
        label=_("这是"), choices=SAID_ONESELF, widget=forms.RadioSelect, initial=ArchiveKind.SKILL
    )


class ConsentForm(forms.Form):
    purpose = forms.ChoiceField(choices=ConsentPurpose.choices)
    do = forms.ChoiceField(choices=[("give", "give"), ("withdraw", "withdraw")])
