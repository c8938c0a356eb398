"""What the desk's pages about people ask for."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiamenkou.foundation.people.models import (
    ArchiveKind,
    ConsentPurpose,
    DisabilityLevel,
    EmploymentStatus,
    Evidence,
    Relation,
    Resident,
    Sex,
)

DAY = forms.DateInput(attrs={"type": "date"})


class WordsField(forms.CharField):
    """Several values in one box, separated by 、，,； or new lines."""

    def __init__(self, *, each: int, **options: Any) -> None:
        self.each = each
        super().__init__(max_length=400, required=False, **options)

    def to_python(self, value: Any) -> Any:
        parts = re.split(r"[、，,；;\n\r]", super().to_python(value) or "")
        words = list(dict.fromkeys(part.strip() for part in parts if part.strip()))
        if any(len(word) > self.each for word in words):
            raise forms.ValidationError(_("每项最多 %(each)d 个字。") % {"each": self.each})
        return words

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list) else value


class ResidentForm(forms.Form):
    """Plain fields. Numbers, place, death and merging have acts of their own."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    sex = forms.ChoiceField(label=_("性别"), choices=[("", "—"), *Sex.choices], required=False)
    birth_date = forms.DateField(label=_("出生日期"), required=False, widget=DAY)
    employment = forms.ChoiceField(label=_("就业状态"), choices=[("", "—"), *EmploymentStatus.choices], required=False)
    address = forms.CharField(label=_("居住地址"), max_length=200, required=False)
    hukou = forms.CharField(label=_("户籍地"), max_length=200, required=False)
    categories = WordsField(each=40, label=_("人员类别"), help_text=_("用顿号隔开"))
    disability_kinds = WordsField(each=20, label=_("残疾类别"))
    disability_level = forms.ChoiceField(
        label=_("残疾等级"), choices=[("", "—"), *DisabilityLevel.choices], required=False
    )
    last_contact_on = forms.DateField(label=_("最近联系"), required=False, widget=DAY)
    note = forms.CharField(label=_("备注"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_birth_date(self) -> Any:
        born = self.cleaned_data["birth_date"]
        if (born and not 1880 <= born.year <= 9999) or (born and born > timezone.localdate()):
            raise forms.ValidationError(_("这一天不对，请再看一眼。"))
        return born

    @classmethod
    def of(cls, resident: Resident) -> ResidentForm:
        return cls(initial={name: getattr(resident, name) for name in cls.base_fields})


class NewResidentForm(ResidentForm):
    """The second step: what the first one asked stays, and the grid is chosen."""

    grid = forms.TypedChoiceField(label=_("网格"), coerce=int, empty_value=None)
    identity = forms.CharField(label=_("证件号"), max_length=40, required=False)
    phones = forms.CharField(label=_("电话"), max_length=120, required=False, help_text=_("几个号码用顿号隔开"))

    def __init__(self, grids: list[tuple[int, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["grid"].choices = grids  # type: ignore[attr-defined]
        self.fields["grid"].required = bool(grids)  # a community may have none yet


class LookForm(forms.Form):
    """The first step of a registration: is this person here already?"""

    name = forms.CharField(label=_("姓名"), max_length=60)
    birth_date = forms.DateField(label=_("出生日期"), required=False, widget=DAY)
    identity = forms.CharField(
        label=_("证件号"), max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    phones = forms.CharField(
        label=_("电话"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )

    def clean(self) -> dict[str, Any] | None:
        given = super().clean()
        if given and not any(given.get(name) for name in ("birth_date", "identity", "phones")):
            raise forms.ValidationError(_("出生日期、证件号、电话，至少填一项才认得出是不是同一位。"))
        return given


class NumbersForm(forms.Form):
    """New numbers; an empty box leaves what is stored."""

    identity = forms.CharField(
        label=_("新的证件号"), max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    phones = forms.CharField(
        label=_("新的电话"),
        max_length=120,
        required=False,
        help_text=_("几个号码用顿号隔开，第一个手机号是主要号码。会替换原来的全部号码。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )
    reason = forms.CharField(label=_("为什么改"), min_length=2, max_length=200)


class DeathForm(forms.Form):
    deceased_on = forms.DateField(label=_("去世日期"), widget=DAY)
    reason = forms.CharField(
        label=_("依据"), min_length=2, max_length=200, help_text=_("例如：家属告知，已见火化证明")
    )

    def clean_deceased_on(self) -> Any:
        day = self.cleaned_data["deceased_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("还没到这一天。"))
        return day


class MoveForm(forms.Form):
    """Where to. Only places the actor works for; others ask for a transfer."""

    grid = forms.TypedChoiceField(label=_("搬到"), coerce=int)
    address = forms.CharField(label=_("新的居住地址"), max_length=200, required=False)
    reason = forms.CharField(label=_("说明"), min_length=2, max_length=200)

    def __init__(self, grids: list[tuple[int, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["grid"].choices = grids  # type: ignore[attr-defined]


class AccountForm(forms.Form):
    """Tie a phone account to this person, papers seen."""

    phone = forms.CharField(
        label=_("账号的手机号"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )
    relation = forms.ChoiceField(label=_("和这位居民的关系"), choices=Relation.choices)
    reason = forms.CharField(label=_("看过什么证明"), min_length=2, max_length=200)


class ArchiveForm(forms.Form):
    kind = forms.ChoiceField(label=_("种类"), choices=ArchiveKind.choices)
    text = forms.CharField(label=_("内容"), max_length=60)
    evidence = forms.ChoiceField(label=_("怎么知道的"), choices=Evidence.choices)
    valid_until = forms.DateField(label=_("有效期至"), required=False, widget=DAY)


class ConsentForm(forms.Form):
    purpose = forms.ChoiceField(label=_("同意什么"), choices=ConsentPurpose.choices)
    how = forms.CharField(label=_("怎么问的"), min_length=2, max_length=60, help_text=_("例如：当面口头，已念全文"))


class ExportForm(forms.Form):
    reason = forms.CharField(label=_("做什么用"), min_length=2, max_length=200)


class TransferForm(forms.Form):
    note = forms.CharField(label=_("说明"), max_length=200, required=False)
