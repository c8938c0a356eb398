"""Input of this room, validated before any query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.walkthrough.models import Errand, Officer, ServicePoint
from jiamenkou.services.walkthrough.states import FindingKind, Severity, WalkOutcome


def refuse(form: forms.Form, refused: Refused) -> None:
    """The words at their field, or above all of them."""
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)


PHOTO = {"accept": "image/*", "capture": "environment"}


class LinesField(forms.CharField):
    """One value a line (or separated by 、), at most forty characters each, in their order, without repeats."""

    def __init__(self, *, most: int = 30, **options: Any) -> None:
        self.most = most
        options.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(**options)

    def to_python(self, value: Any) -> Any:
        text = (super().to_python(value) or "").replace("、", "\n")
        lines = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
        if len(lines) > self.most:
            raise forms.ValidationError(_("最多 %(n)s 项。") % {"n": self.most})
        if any(len(line) > 40 for line in lines):
            raise forms.ValidationError(_("每项最多 40 个字。"))
        return lines

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value


class SignUpForm(forms.Form):
    words = forms.CharField(
        label=_("为什么想来？"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    agreed = forms.BooleanField(label=_("我看过并同意上面的约定"), required=False)


class StepForm(forms.Form):
    """``papers``: the published list, to be ticked; what goes beyond it is written."""

    waiting_minutes = forms.IntegerField(
        label=_("等了几分钟"), min_value=0, max_value=1440, required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    asked = forms.MultipleChoiceField(label=_("窗口要了哪些材料"), required=False, widget=forms.CheckboxSelectMultiple)
    more = LinesField(
        label=_("清单以外还要了"), required=False, help_text=_("一行一样"), widget=forms.Textarea(attrs={"rows": 2})
    )
    words = forms.CharField(label=_("记一句"), max_length=300, required=False)
    photo = forms.FileField(label=_("拍一张"), required=False, widget=forms.FileInput(attrs=PHOTO))

    def __init__(self, *args: Any, papers: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked: Any = self.fields["asked"]
        asked.choices = [(paper, paper) for paper in papers]
        if not papers:
            del self.fields["asked"]

    @property
    def all_asked(self) -> list[str]:
        """Ticked and written, once each."""
        told = self.cleaned_data
        return list(dict.fromkeys([*told.get("asked", []), *(told.get("more") or [])]))


class EndForm(forms.Form):
    outcome = forms.ChoiceField(label=_("办成了没有？"), choices=WalkOutcome.choices, widget=forms.RadioSelect)
    words = forms.CharField(label=_("总的一句"), max_length=300, required=False)


class FindingForm(forms.Form):
    photo = forms.FileField(label=_("拍一张"), required=False, widget=forms.FileInput(attrs=PHOTO))
    kind = forms.ChoiceField(label=_("哪一种"), choices=FindingKind.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("什么问题"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    severity = forms.TypedChoiceField(
        label=_("多要紧"), choices=Severity.choices, coerce=int, initial=Severity.MIDDLE, required=False
    )

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        told["severity"] = told.get("severity") or Severity.MIDDLE
        if not (told.get("words", "").strip() or told.get("photo")) and "photo" not in self.errors:
            self.add_error("words", _("拍一张，或者写一句。"))
        return told


class CheckForm(forms.Form):
    photo = forms.FileField(label=_("拍一张现在的样子"), required=False, widget=forms.FileInput(attrs=PHOTO))
    words = forms.CharField(
        label=_("说一句（没好的话要写哪里没好）"), max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class PointForm(forms.Form):
    name = forms.CharField(label=_("窗口"), max_length=60)
    address = forms.CharField(label=_("在哪里"), max_length=120)
    charge = forms.CharField(label=_("归谁管"), max_length=80)
    hours = forms.CharField(label=_("开放时间"), max_length=80, required=False)


class ErrandForm(forms.Form):
    name = forms.CharField(label=_("事项"), max_length=60)
    points = forms.ModelMultipleChoiceField(
        label=_("在哪些窗口办"), queryset=ServicePoint.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    steps = LinesField(label=_("步骤，一行一步"), most=20)
    papers = LinesField(label=_("公布的材料，一行一样"), required=False)
    promised_minutes = forms.IntegerField(label=_("承诺几分钟办好"), min_value=1, max_value=100_000, required=False)
    fee = forms.IntegerField(label=_("收费（元，整数）"), min_value=0, max_value=100_000, required=False)

    def __init__(self, *args: Any, points: QuerySet[ServicePoint], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["points"].queryset = points  # type: ignore[attr-defined]


class RoundForm(forms.Form):
    title = forms.CharField(label=_("主题"), max_length=60)
    aims = forms.CharField(label=_("想弄清什么"), max_length=300, required=False)
    first_on = forms.DateField(label=_("从"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last_on = forms.DateField(label=_("到"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    errands = forms.ModelMultipleChoiceField(
        label=_("走哪些事项"), queryset=Errand.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    officers = forms.ModelMultipleChoiceField(
        label=_("哪些体验员"), queryset=Officer.objects.none(), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, errands: QuerySet[Errand], officers: QuerySet[Officer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["errands"].queryset = errands  # type: ignore[attr-defined]
        chosen: Any = self.fields["officers"]
        chosen.queryset = officers
        chosen.label_from_instance = lambda officer: officer.account.display_name


class PublishForm(forms.Form):
    public_words = forms.CharField(label=_("公开的话（不写名字）"), max_length=120, required=False)
    public_fix = forms.CharField(label=_("怎么改的"), max_length=120, required=False)
    photos = forms.BooleanField(label=_("照片也公开（先看清没有人脸和证件）"), required=False)
    shown = forms.BooleanField(label=_("放到公开清单"), required=False)
