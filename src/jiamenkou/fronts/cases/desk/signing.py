"""The part of a form on which somebody without a phone signs, or says a code into the microphone."""

from __future__ import annotations

from secrets import randbelow
from typing import Any

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.cases.signing import Signed, check_ink
from jiamenkou.foundation.cases.states import Proof
from jiamenkou.foundation.files.storing import store_photo, store_voice
from jiamenkou.foundation.refusals import Refused

SALT = "cases.voice-code"
KEPT = 1800


class SigningForm(forms.Form):
    """``token`` carries the code that this page showed, to this account."""

    signature = forms.FileField(
        label=_("本人签名"), required=False, widget=forms.FileInput(attrs={"accept": "image/*", "data-sign": True})
    )
    recording = forms.FileField(
        label=_("签不了字就录音"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "audio/*", "capture": "user"}),
    )
    token = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)


def blank(request: Visit) -> SigningForm:
    """A form with a fresh code."""
    return SigningForm(initial={"token": signing.dumps([_account(request), f"{randbelow(10_000):04d}"], salt=SALT)})


def problem_of(form: SigningForm) -> str:
    """What is wrong with a form that was sent, in one line; empty where nothing is."""
    return "".join(str(error) for errors in form.errors.values() for error in errors)


def code_of(form: SigningForm) -> str:
    """The digits a form shows; empty where its token is none of ours."""
    try:
        code = signing.loads(str(form["token"].value() or ""), salt=SALT)[1]
    except (signing.BadSignature, ValueError, TypeError, IndexError):
        return ""
    return str(code)


def signed(request: Visit, form: SigningForm, community: int) -> Signed | None:
    """What was signed or said, stored; None where nothing was. Raises Refused at ``signature`` or ``recording``."""
    drawn, said = form.cleaned_data["signature"], form.cleaned_data["recording"]
    if drawn:
        return _drawn(request, drawn, community)
    return _said(request, said, form.cleaned_data["token"], community) if said else None


def _drawn(request: Visit, upload: UploadedFile[Any], community: int) -> Signed:
    file = store_photo(upload.read(), by=request.actor, keeper="cases", community=community, field="signature")
    check_ink(file, by=request.actor)
    return Signed(Proof.SIGNATURE, file)


def _said(request: Visit, upload: UploadedFile[Any], token: str, community: int) -> Signed:
    try:
        account, code = signing.loads(token, salt=SALT, max_age=KEPT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Refused("码过期了，请照新的码再录一遍。", field="recording", code="old") from error
    if account != _account(request):
        raise Refused("码过期了，请照新的码再录一遍。", field="recording", code="elsewhere")
    file = store_voice(upload.read(), by=request.actor, keeper="cases", community=community, field="recording")
    return Signed(Proof.VOICE, file, code)


def _account(request: Visit) -> int:
    return request.actor.account.pk if request.actor.account is not None else 0
