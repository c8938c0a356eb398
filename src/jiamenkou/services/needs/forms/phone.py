"""What a resident says on the phone."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from jiamenkou.services.needs.models import Category


class SayForm(forms.Form):
    """A category, chosen already on the page before, and a sentence if there is more to say."""

    category = forms.ModelChoiceField(
        label=_("哪一类"),
        queryset=Category.objects.filter(is_active=True),
        widget=forms.HiddenInput,
        error_messages={"required": _("请先点一类。"), "invalid_choice": _("这一类已经停用，请换一类。")},
    )
    words = forms.CharField(
        label=_("还想说一句"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": _("例如：周末才有空；家里老人腿脚不便")}),
    )
    voice = forms.FileField(
        label=_("不想打字，说一段"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "audio/*", "capture": "user", "class": "seen-not", "data-said": True}),
    )


class AnswerForm(forms.Form):
    text = forms.CharField(label=_("为什么没用上"), max_length=200, required=False)
