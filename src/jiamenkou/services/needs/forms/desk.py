"""What staff write down: a need, its move, a project, what there is already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiamenkou.services.needs.models import Category
from jiamenkou.services.needs.states import Channel, Group, ProjectKind

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Category]
else:
    _ModelForm = forms.ModelForm


def day_input() -> forms.DateInput:
    """The browser's own picker: it takes and shows a day in this form only."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def grouped_categories() -> list[tuple[Any, Any]]:
    """Categories in use, under the names of their groups."""
    found: dict[str, list[tuple[int, str]]] = {}
    for category in Category.objects.filter(is_active=True):
        found.setdefault(category.group, []).append((category.pk, category.label))
    return [(str(group.label), found[group]) for group in Group if group in found]


class NeedForm(forms.Form):
    """A resident's need, said at the door, on the phone or at the counter."""

    category = forms.TypedChoiceField(label=_("需要什么"), coerce=int)
    channel = forms.ChoiceField(
        label=_("在哪说的"), choices=[(one.value, one.label) for one in (Channel.DOOR, Channel.DESK)]
    )
    words = forms.CharField(
        label=_("原话"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("能照着说的写最好：什么时候、给谁、要多少"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", "—"), *grouped_categories()]  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    text = forms.CharField(
        label=_("说一句，居民会看到"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class ProjectForm(forms.Form):
    title = forms.CharField(label=_("叫什么"), max_length=40)
    kind = forms.ChoiceField(label=_("开什么"), choices=ProjectKind.choices)
    opens_on = forms.DateField(label=_("哪天开"), widget=day_input())
    place_words = forms.CharField(label=_("在哪"), max_length=60, required=False)
    capacity = forms.IntegerField(label=_("能接多少人"), min_value=1, max_value=9999, required=False)
    words = forms.CharField(
        label=_("说明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("提过这件事的人会看到"),
    )  # fmt: skip

    def clean_opens_on(self) -> Any:
        day = self.cleaned_data["opens_on"]
        if day < timezone.localdate():
            raise forms.ValidationError("开的日子已经过了，请选今天或以后。")
        return day


class SupplyForm(forms.Form):
    """What there is that no part of the house knows of."""

    category = forms.TypedChoiceField(label=_("能管哪一类"), coerce=int)
    words = forms.CharField(label=_("有什么"), max_length=60, help_text=_("例如：周三义剪，每周 20 位"))
    people = forms.IntegerField(label=_("一次能接多少人"), min_value=1, max_value=9999)
    until = forms.DateField(label=_("到哪天"), required=False, widget=day_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", "—"), *grouped_categories()]  # type: ignore[attr-defined]


class CategoryForm(_ModelForm):
    class Meta:
        model = Category
        fields = ("code", "label", "group", "supply", "order", "is_active")
        help_texts = {
            "code": _("字母、数字，建好后不要改"),
            "supply": _("就业岗位写 work；没有就空着"),
        }
