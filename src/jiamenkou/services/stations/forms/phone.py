"""What residents and hosts send from a phone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.files.models import StoredFile
from jiamenkou.foundation.files.storing import store_photo
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.stations.models import MOST_MINUTES

KEEPER = "stations"
PHOTO = _("照片")
MOST_PHOTO = 10 * 1024 * 1024


def photo_field(label: Any = PHOTO) -> forms.FileField:
    return forms.FileField(label=label, required=False, widget=forms.FileInput(attrs={"accept": "image/*"}))


def stored(form: forms.Form, name: str, *, by: Actor, community: int, public: bool = False) -> StoredFile | None:
    """The photo of a valid form, drawn again. Raises Refused at the field."""
    file = form.cleaned_data.get(name)
    if not file:
        return None
    if file.size > MOST_PHOTO:
        raise Refused("照片太大，最多 10 MB。", field=name, code="too_large")
    return store_photo(file.read(), by=by, keeper=KEEPER, community=community, field=name, public=public)


class RepairForm(forms.Form):
    what = forms.CharField(
        label=_("什么东西坏了"), max_length=30, widget=forms.TextInput(attrs={"placeholder": _("雨伞")})
    )
    fault = forms.CharField(
        label=_("哪里坏了"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("断了一根伞骨")}),
    )
    photo = photo_field()


class SlotForm(forms.Form):
    """The time of a slot as it stood in the page's address."""

    start = forms.DateTimeField(
        label=_("时间"), error_messages={"required": _("请选一个时间。"), "invalid": _("请选一个时间。")}
    )
    minutes = forms.IntegerField(required=False, min_value=5, max_value=1440)
    at_home = forms.BooleanField(label=_("上门理"), required=False)
    address = forms.CharField(label=_("上门地址"), required=False, max_length=120)
    note = forms.CharField(label=_("说一句"), required=False, max_length=200)

    @property
    def moment(self) -> datetime:
        found: datetime = self.cleaned_data["start"]
        return found if timezone.is_aware(found) else timezone.make_aware(found)


class CoupletForm(forms.Form):
    count = forms.IntegerField(label=_("要几副"), min_value=1, max_value=5, initial=1)
    wish = forms.CharField(
        label=_("想写什么"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("家和人旺，随先生写也行")}),
    )


class CornerForm(forms.Form):
    name = forms.CharField(label=_("哪个角落"), max_length=40)
    where = forms.CharField(label=_("在哪里"), max_length=80)
    about = forms.CharField(label=_("现在什么样"), max_length=120, required=False)
    photo = photo_field(_("现在的照片"))


class HelpForm(forms.Form):
    """A volunteer says what was done; the person helped is named by the phone number they gave, or at the station."""

    what = forms.CharField(label=_("做了什么"), max_length=40)
    minutes = forms.IntegerField(label=_("几分钟"), min_value=1, max_value=MOST_MINUTES)
    on = forms.DateField(label=_("哪天"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    name = forms.CharField(label=_("帮了谁（全名）"), max_length=20)
    building = forms.CharField(label=_("住哪栋楼"), max_length=40)


class GiveForm(forms.Form):
    minutes = forms.IntegerField(label=_("几分钟"), min_value=1, max_value=6000)
    name = forms.CharField(label=_("送给谁（全名）"), max_length=20)
    building = forms.CharField(label=_("住哪栋楼"), max_length=40)
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)


class SpendForm(forms.Form):
    minutes = forms.IntegerField(label=_("几分钟"), min_value=1, max_value=6000)
    on_what = forms.CharField(label=_("请人帮什么忙"), max_length=100)
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)


class WhoForm(forms.Form):
    """Somebody at the station: whole name and building; then the one that was found, or nobody of them."""

    name = forms.CharField(
        label=_("姓名（全名）"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    building = forms.CharField(
        label=_("住哪栋楼"),
        max_length=40,
        widget=forms.TextInput(attrs={"placeholder": _("3 栋"), "autocomplete": "off"}),
    )


class ActivityForm(forms.Form):
    title = forms.CharField(label=_("办什么"), max_length=60)
    kind = forms.ChoiceField(label=_("类别"), choices=[])
    start = forms.DateTimeField(
        label=_("什么时候"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    minutes = forms.IntegerField(label=_("多长（分钟）"), min_value=30, max_value=720, initial=120)
    places = forms.IntegerField(label=_("几个名额"), min_value=1, max_value=500, initial=12)
    who = forms.CharField(label=_("谁带"), max_length=20, required=False)
    for_whom = forms.CharField(label=_("谁来"), max_length=40, required=False)
    counts_hours = forms.BooleanField(label=_("来的人记志愿时长"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        from jiamenkou.services.stations.states import ActivityKind

        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = ActivityKind.choices  # type: ignore[attr-defined]
