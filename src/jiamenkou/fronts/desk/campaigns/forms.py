"""What a campaign asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiamenkou.foundation.messages.campaigns.audience import OLDEST, room_filters
from jiamenkou.foundation.messages.models import CallResult, Campaign, Way
from jiamenkou.foundation.people.models import EmploymentStatus
from jiamenkou.foundation.places.models import Place
from jiamenkou.fronts.desk.forms import DAY, WordsField
from jiamenkou.fronts.desk.residents import CATEGORIES

MOST_ANSWERS = 3
WHO = ("grid", "employment", "category", "skill", "age_from", "age_to", "also")


class CampaignForm(forms.Form):
    """Text and people. What narrows nothing is left empty."""

    title = forms.CharField(label=gettext_lazy("标题"), max_length=40)
    body = forms.CharField(
        label=gettext_lazy("正文"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("写清什么事、谁可以、到哪天、到哪里办。不要写人的手机号和证件号。"),
    )
    answers = WordsField(each=12, label=gettext_lazy("让居民点一下回复"))
    ways = forms.MultipleChoiceField(
        label=gettext_lazy("还走哪些渠道"),
        choices=Way.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("手机上的“消息”里总会有。先试微信，没到再发短信。"),
    )
    grid = forms.TypedChoiceField(label=gettext_lazy("网格"), required=False, coerce=int, empty_value=None)
    employment = forms.ChoiceField(
        label=gettext_lazy("就业状态"), choices=[("", "—"), *EmploymentStatus.choices], required=False
    )
    category = forms.ChoiceField(
        label=gettext_lazy("人员类别"), choices=[("", "—"), *((word, word) for word in CATEGORIES)], required=False
    )
    skill = forms.CharField(label=gettext_lazy("技能含"), max_length=40, required=False)
    age_from = forms.IntegerField(label=gettext_lazy("年龄从"), min_value=0, max_value=OLDEST, required=False)
    age_to = forms.IntegerField(label=gettext_lazy("到"), min_value=0, max_value=OLDEST, required=False)
    also = forms.MultipleChoiceField(label=gettext_lazy("还要"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, grids: Sequence[Place], **options: Any) -> None:
        super().__init__(*args, **options)
        self.grids = {grid.pk: grid.name for grid in grids}
        self._choose("grid", [("", "—"), *self.grids.items()])
        self._choose("also", [(key, one.label) for key, one in room_filters().items()])

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @classmethod
    def of(cls, campaign: Campaign, grids: Sequence[Place]) -> CampaignForm:
        text = {"title": campaign.title, "body": campaign.body, "answers": campaign.answers, "ways": campaign.ways}
        return cls(initial=text | campaign.who, grids=grids)

    def clean_answers(self) -> list[str]:
        words: list[str] = self.cleaned_data["answers"]
        if len(words) > MOST_ANSWERS:
            raise forms.ValidationError(_("最多 %(most)d 个回复。") % {"most": MOST_ANSWERS})
        return words

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        low, high = given.get("age_from"), given.get("age_to")
        if low is not None and high is not None and low > high:
            self.add_error("age_to", _("要不小于前面的岁数。"))
        return given

    def values(self) -> dict[str, Any]:
        """Fields of a campaign."""
        given = self.cleaned_data
        who = {name: given[name] for name in WHO if given.get(name) not in (None, "", [])}
        return {
            **{name: given[name] for name in ("title", "body", "answers", "ways")},
            "who": who,
            "who_words": self._words(who)[:200],
        }

    def _words(self, who: dict[str, Any]) -> str:
        known = room_filters()
        low, high = who.get("age_from"), who.get("age_to")
        age = f"{low} 岁以上" if high is None else f"{high} 岁以下" if low is None else f"{low}–{high} 岁"
        said = [
            self.grids.get(who.get("grid", 0), ""),
            str(EmploymentStatus(who["employment"]).label) if "employment" in who else "",
            who.get("category", ""),
            f"技能含{who['skill']}" if "skill" in who else "",
            age if {"age_from", "age_to"} & who.keys() else "",
            *(known[key].label for key in who.get("also", []) if key in known),
        ]
        return "、".join(part for part in said if part) or "全社区"


class CallForm(forms.Form):
    """What came of a call."""

    result = forms.ChoiceField(choices=CallResult.choices)
    note = forms.CharField(label=gettext_lazy("说明"), max_length=100, required=False)
    again_on = forms.DateField(label=gettext_lazy("改到哪天再打"), required=False, widget=DAY)
    calls = forms.IntegerField(min_value=0, max_value=1000, widget=forms.HiddenInput)


class LimitForm(forms.Form):
    """Yuan a month; stored as fen."""

    limit = forms.IntegerField(label=gettext_lazy("每月短信额度（元）"), min_value=0, max_value=100_000)
