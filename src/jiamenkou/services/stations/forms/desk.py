"""What staff send from the desk."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiamenkou.services.stations.forms.phone import photo_field
from jiamenkou.services.stations.states import FacilityKind, StationKind, ThingState

DAYS = "一二三四五六日"
_SPAN = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~到至]\s*(\d{1,2})[:：](\d{2})")
Hours = list[tuple[Iterable[int], int, int]]


def read_hours(text: str) -> Hours:
    """``周一至周五 9:00-12:00 14:00-18:00；周六 9:00-12:00`` → spans. Raises ValidationError naming the part."""
    found: Hours = []
    for part in re.split(r"[；;\n]", text):
        if not part.strip():
            continue
        head = _SPAN.split(part)[0]
        weekdays = _weekdays(head)
        spans = [(int(a) * 60 + int(b), int(c) * 60 + int(d)) for a, b, c, d in _SPAN.findall(part)]
        if not spans or not weekdays:
            raise forms.ValidationError(f"“{part.strip()[:20]}”看不懂，请写成：周一至周五 9:00-18:00")
        for start, end in spans:
            if not 0 <= start < end <= 1440:
                raise forms.ValidationError("关门时间要比开门时间晚，最晚 24:00。")
            found.append((weekdays, start, end))
    if not found:
        raise forms.ValidationError("请写开放时间。")
    return found


def _weekdays(head: str) -> list[int]:
    bare = re.sub(r"周|星期|[、,，\s]", "", head).replace("天", "日")
    if bare in {"", "每"} or head.strip() in {"每天", "天天"}:
        return list(range(7))
    span = re.fullmatch(rf"([{DAYS}])[至到\-–]([{DAYS}])", bare)
    if span:
        return list(range(DAYS.index(span[1]), DAYS.index(span[2]) + 1))
    return [DAYS.index(sign) for sign in bare] if all(sign in DAYS for sign in bare) else []


class HoursField(forms.CharField):
    """Opening hours as people write them."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("开放时间"))
        options.setdefault("help_text", _("例如：周一至周五 9:00-12:00 14:00-18:00；周六 9:00-12:00"))
        super().__init__(**options, max_length=200)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return read_hours(text) if text else []


def say_hours(hours: Iterable[Any]) -> str:
    """The weekly hours as :class:`HoursField` reads them again."""
    days: dict[int, list[tuple[int, int]]] = {}
    for one in hours:
        days.setdefault(one.weekday, []).append((one.start_minute, one.end_minute))
    said: dict[str, list[int]] = {}
    for weekday in sorted(days):
        words = " ".join(f"{a // 60}:{a % 60:02d}-{b // 60}:{b % 60:02d}" for a, b in sorted(days[weekday]))
        said.setdefault(words, []).append(weekday)
    return "；".join(f"{_say_days(weekdays)} {words}" for words, weekdays in said.items())


def _say_days(weekdays: list[int]) -> str:
    """每天, 周一至周五, 周二、四: sorted weekdays as one says them."""
    if len(weekdays) == 7:
        return "每天"
    if len(weekdays) > 2 and weekdays[-1] - weekdays[0] == len(weekdays) - 1:
        return f"周{DAYS[weekdays[0]]}至周{DAYS[weekdays[-1]]}"
    return f"周{'、'.join(DAYS[day] for day in weekdays)}"


class StationForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=40)
    kind = forms.ChoiceField(label=_("类别"), choices=StationKind.choices)
    where = forms.CharField(label=_("在哪里"), max_length=80)
    hours = HoursField()
    dial = forms.CharField(label=_("驿站电话（公开）"), max_length=30, required=False)
    about = forms.CharField(label=_("说明"), max_length=200, required=False)
    latitude = forms.FloatField(label=_("纬度"), required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(label=_("经度"), required=False, min_value=-180, max_value=180)
    loan_days = forms.IntegerField(label=_("借几天"), min_value=1, max_value=180, initial=7)
    repairs = forms.BooleanField(label=_("收东西来修"), required=False, initial=True)
    couplets = forms.BooleanField(label=_("写春联"), required=False)
    mended_before = forms.IntegerField(label=_("以前修好的件数"), min_value=0, max_value=1_000_000, initial=0)
    mended_since = forms.IntegerField(label=_("从哪年开始"), min_value=1950, max_value=2100, required=False)
    mended_what = forms.CharField(label=_("修的是什么"), max_length=20, initial="件东西", help_text=_("例如：把雨伞"))

    def fields_given(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "hours"}


class HostForm(forms.Form):
    username = forms.CharField(label=_("账号的用户名或手机号"), max_length=60)
    called = forms.CharField(label=_("邻居怎么称呼"), max_length=20)
    skill = forms.CharField(label=_("会做什么"), max_length=40, required=False)


class ThingForm(forms.Form):
    kind = forms.CharField(label=_("什么东西"), max_length=20)
    number = forms.CharField(label=_("编号"), max_length=20, required=False, help_text=_("不填就接着编"))
    condition = forms.CharField(label=_("成色"), max_length=60, required=False)
    from_whom = forms.CharField(label=_("来历"), max_length=60, required=False)
    loan_days = forms.IntegerField(label=_("借几天"), min_value=1, max_value=180, required=False)
    by_need = forms.BooleanField(label=_("急需的先借"), required=False)
    photo = photo_field()


class ServiceForm(forms.Form):
    title = forms.CharField(label=_("做什么"), max_length=20, initial="约理发")
    who = forms.CharField(label=_("谁来做"), max_length=20)
    minutes = forms.IntegerField(label=_("一次几分钟"), min_value=5, max_value=240, initial=30)
    yuan = forms.IntegerField(label=_("收费（元）"), min_value=0, max_value=9999, initial=0)
    service_hours = HoursField()
    at_home = forms.BooleanField(label=_("上门"), required=False)
    home_age = forms.IntegerField(label=_("几岁起上门"), min_value=60, max_value=110, initial=80)


class FacilityForm(forms.Form):
    facility = forms.ChoiceField(label=_("设施"), choices=FacilityKind.choices)
    note = forms.CharField(label=_("说一句"), max_length=60, required=False)
    working = forms.BooleanField(label=_("能用"), required=False, initial=True)


class ClosingForm(forms.Form):
    day = forms.DateField(label=_("哪天"), widget=forms.DateInput(attrs={"type": "date"}))
    why = forms.CharField(label=_("为什么"), max_length=60)


class RoomForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=40)
    where = forms.CharField(label=_("在哪里"), max_length=80)
    hours = HoursField()
    people = forms.IntegerField(label=_("坐几个人"), min_value=1, max_value=1000, initial=10)
    capacity = forms.IntegerField(label=_("几家可以一起用"), min_value=1, max_value=20, initial=1)
    layout = forms.CharField(label=_("怎么布置"), max_length=200, required=False)
    equipment = forms.CharField(label=_("有什么（顿号隔开）"), max_length=200, required=False)
    most_minutes = forms.IntegerField(label=_("一次最多几分钟"), min_value=60, max_value=720, initial=180)
    week_minutes = forms.IntegerField(label=_("一人一周最多几分钟"), min_value=60, max_value=5000, initial=360)
    photo = photo_field(_("布置图或照片"))

    def equipment_given(self) -> list[str]:
        return [part.strip()[:20] for part in re.split(r"[、,，]", self.cleaned_data["equipment"]) if part.strip()][
            :20
        ]


THING_STATES = [(state.value, state.label) for state in ThingState if state in {"free", "broken", "retired"}]
