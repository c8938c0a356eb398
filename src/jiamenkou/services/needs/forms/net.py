"""Who answers for a place, and handing it over."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiamenkou.foundation.access.models import StaffRole
from jiamenkou.foundation.people.models import Account, Organisation
from jiamenkou.services.needs.forms.desk import day_input
from jiamenkou.services.needs.models import Duty
from jiamenkou.services.needs.states import DutyRole

_PHONE = re.compile(r"[0-9+\- ]{5,20}")


class DutyForm(forms.Form):
    """One person for one place. ``community`` decides which colleagues and organisations may be named."""

    role = forms.ChoiceField(label=_("身份"), choices=DutyRole.choices)
    name = forms.CharField(label=_("居民怎么称呼"), max_length=20, help_text=_("例如：陈网格员、李阿姨"))
    account = forms.TypedChoiceField(
        label=_("是哪位同事"), coerce=int, required=False, empty_value=None,
        help_text=_("选了，交接时手上的事能一起转走"),
    )  # fmt: skip
    organisation = forms.TypedChoiceField(
        label=_("哪个单位"), coerce=int, required=False, empty_value=None,
        help_text=_("物业、党组织、志愿队；电话用单位公开的"),
    )  # fmt: skip
    since = forms.DateField(label=_("从哪天起"), widget=day_input())

    def __init__(self, community: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].initial = timezone.localdate()
        _choices(self, "account", colleagues(community))
        _choices(self, "organisation", Organisation.objects.filter(community=community).order_by("name_key"))


def colleagues(community: int) -> Iterable[Account]:
    """Staff with a role at the community or below it, by name."""
    from jiamenkou.foundation.places.models import Place

    top = Place.objects.get(pk=community)
    held = StaffRole.objects.current().filter(place__path__startswith=top.path).values("account")
    return Account.objects.filter(pk__in=held, is_active=True).order_by("display_name", "id")


def _choices(form: forms.Form, name: str, rows: Iterable[Account | Organisation]) -> None:
    options = [("", "—")]
    for row in rows:
        options.append((str(row.pk), row.display_name if isinstance(row, Account) else row.name))
    form.fields[name].choices = options  # type: ignore[attr-defined]


class HandOverForm(forms.Form):
    successor = forms.TypedChoiceField(
        label=_("谁接手"), coerce=int, required=False, empty_value=None,
        help_text=_("先在这一片登记接手的人，再来交接"),
    )  # fmt: skip
    on = forms.DateField(label=_("干到哪天"), widget=day_input())
    why = forms.CharField(label=_("为什么换人"), max_length=120, required=False)

    def __init__(self, others: Iterable[Duty], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()
        options = [(str(one.pk), f"{one.name}（{DutyRole(one.role).label}）") for one in others]
        self.fields["successor"].choices = [("", "还没有人，先空着"), *options]  # type: ignore[attr-defined]


class PhoneForm(forms.Form):
    """The duty phone of a place: published, so never somebody's own."""

    phone = forms.CharField(
        label=_("值班电话（公开）"), max_length=20, required=False,
        help_text=_("填单位的号码，居民都看得到；空着就打社区的"),
    )  # fmt: skip
    hours = forms.CharField(label=_("什么时候有人接"), max_length=60, required=False)

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if phone and _PHONE.fullmatch(phone) is None:
            raise forms.ValidationError("电话只写数字和横线。")
        return phone
