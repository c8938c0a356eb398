"""What a resident writes on the phone, beside the wish."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

# what is wrong with a vacancy, said with one tap
WRONGS = [
    ("要交钱", _("要交押金、培训费或别的钱")),
    ("工资不实", _("工资跟写的不一样")),
    ("地址电话不对", _("地址或电话不对")),
    ("已经不招了", _("早就不招了")),
    ("别的", _("别的")),
]


class SayForm(forms.Form):
    """没合适的？说一句."""

    text = forms.CharField(
        label=_("想找什么样的活？"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": _("例如：上午四个小时，离家近，不用站着")}),
    )


class ReportForm(forms.Form):
    kind = forms.ChoiceField(label=_("哪里不对？"), choices=WRONGS, widget=forms.RadioSelect)
    more = forms.CharField(
        label=_("再说细一点"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def words(self) -> str:
        return "：".join(part for part in (self.cleaned_data["kind"], self.cleaned_data["more"].strip()) if part)
