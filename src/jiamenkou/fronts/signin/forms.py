"""What is typed at the door, checked before any query."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiamenkou.foundation.access.codes import LENGTH
from jiamenkou.foundation.access.phones import mobile


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label=_("手机号"),
        max_length=60,
        error_messages={"required": _("请填手机号。")},
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel-national", "autofocus": True}),
    )
    agree = forms.BooleanField(label=_("我看过并同意"), error_messages={"required": _("请先看一看，同意了再勾上。")})

    def clean_phone(self) -> str:
        number = mobile(self.cleaned_data["phone"])
        if number is None:
            raise forms.ValidationError(_("请填 11 位手机号，例如 138 0000 1234。"))
        return number


class CodeForm(forms.Form):
    code = forms.RegexField(
        rf"^[0-9]{{{LENGTH}}}$",
        label=_("短信里的 6 个数字"),
        strip=True,
        error_messages={"required": _("请填短信里的 6 个数字。"), "invalid": _("验证码是 6 个数字，请再看一遍短信。")},
        widget=forms.TextInput(attrs={"autofocus": True}),
    )


class WhoForm(forms.Form):
    name = forms.CharField(
        label=_("姓名"),
        max_length=60,
        error_messages={"required": _("请填身份证上的姓名。")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    last_six = forms.RegexField(
        r"^[0-9０-９]{5}[0-9０-９XxＸｘ]$",
        label=_("身份证号后六位"),
        strip=True,
        error_messages={"required": _("请填身份证号后六位。"), "invalid": _("请填身份证号的最后 6 位，X 也算一位。")},
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off", "maxlength": "6"}),
    )


class StaffForm(forms.Form):
    username = forms.CharField(
        label=_("用户名"),
        max_length=60,
        error_messages={"required": _("请填用户名。")},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        error_messages={"required": _("请填密码。")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class FactorForm(forms.Form):
    """The six digits of an app, or what a passkey answered."""

    code = forms.RegexField(
        r"^[0-9]{3} ?[0-9]{3}$",
        label=_("验证器上的 6 个数字"),
        required=False,
        error_messages={"invalid": _("请填验证器上的 6 个数字。")},
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    credential = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        if not self.errors and not (self.cleaned_data.get("code") or self.cleaned_data.get("credential")):
            self.add_error("code", _("请填验证器上的 6 个数字。"))
        return self.cleaned_data


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("为什么"),
        min_length=2,
        max_length=200,
        error_messages={"required": _("请写明原因。"), "min_length": _("原因至少写两个字。")},
    )
