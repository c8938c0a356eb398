"""我的: how the pages look, who one acts for, what is known, who looked at it, and leaving."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiamenkou.foundation.access import own
from jiamenkou.foundation.access.guards import for_residents
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.access.where import acting_for, community_of
from jiamenkou.foundation.people.actions.archive import drop_item, give_consent, note_item, withdraw_consent
from jiamenkou.foundation.people.models import ArchiveKind, ConsentPurpose, Resident
from jiamenkou.foundation.refusals import Refused
from jiamenkou.fronts.phone.forms import ArchiveForm, ConsentForm
from jiamenkou.fronts.phone.going import back_to, said

# a certificate is noted by somebody who has seen it; the others a person says of themselves
OWN_KINDS = (ArchiveKind.SKILL, ArchiveKind.INTEREST, ArchiveKind.TRAINING_NEED)
ICONS = {"skill": "award", "interest": "sparkles", "training_need": "graduation-cap", "certificate": "badge-check"}


@for_residents
@require_safe
def me(request: Visit) -> HttpResponse:
    person = acting_for(request)
    people = own.relatives(request.actor)
    items = own.archive_of(person) if person else []
    looks = own.reveals_of(person) if person else []
    today = timezone.localdate()
    month = sum(timezone.localdate(look.at).replace(day=1) == today.replace(day=1) for look in looks)
    return render(
        request,
        "phone/me.html",
        {
            "person": person,
            "people": people,
            "others": [relative for relative in people if not relative.is_self],
            "items": items,
            "archive_words": " · ".join(item.text for item in items[:3]),
            "looks_this_month": month,
            "phone_page": f"tel:{community_of(request).phone}",
            "modes": [
                {"label": _("跟手机"), "value": "", "on": "dark" not in request.COOKIES},
                {"label": _("亮"), "value": "off", "on": request.COOKIES.get("dark") == "0"},
                {"label": _("暗"), "value": "on", "on": request.COOKIES.get("dark") == "1"},
            ],
        },
    )


@for_residents
@require_POST
def acting(request: Visit) -> HttpResponse:
    """为谁办: kept for this sign-in."""
    wanted = request.POST.get("resident", "")
    if wanted in {str(link.resident_id) for link in request.actor.residents}:
        request.session["acting_for"] = int(wanted)
    return HttpResponseRedirect(back_to(request, "/me/"))


@for_residents
@require_http_methods(["GET", "HEAD", "POST"])
def archive(request: Visit) -> HttpResponse:
    """What one can do, likes and wants to learn. POST adds one entry."""
    person = acting_for(request)
    if person is None:
        return to_link("/me/archive/")
    form = ArchiveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            note_item(
                person,
                ArchiveKind(form.cleaned_data["kind"]),
                form.cleaned_data["text"],
                by=request.actor,
                reason="本人补充档案",
            )
        except Refused as refused:
            form.add_error(refused.field, refused.message)
        else:
            return HttpResponseRedirect("/me/archive/")
    items = own.archive_of(person)
    kinds = [
        (kind.label, kind in OWN_KINDS, ICONS[kind], [item for item in items if item.kind == kind])
        for kind in (ArchiveKind.CERTIFICATE, *OWN_KINDS)
    ]
    context = {"person": person, "form": form, "kinds": kinds, "own_kinds": OWN_KINDS}
    return render(request, "phone/archive.html", context, status=422 if form.errors else 200)


@for_residents
@require_POST
def drop(request: Visit, pk: int) -> HttpResponse:
    """Takes back what one said oneself. A certificate is taken out by the community that has seen it."""
    item = own.access_own_item(request.actor, pk)
    if item.kind in OWN_KINDS:
        drop_item(item, by=request.actor, reason="本人删除档案条目")
    return HttpResponseRedirect("/me/archive/")


@for_residents
@require_http_methods(["GET", "HEAD", "POST"])
def privacy(request: Visit) -> HttpResponse:
    """Consents, and who looked at a full number. POST gives or withdraws one consent."""
    person = acting_for(request)
    if person is None:
        return to_link("/me/privacy/")
    if request.method == "POST":
        form = ConsentForm(request.POST)
        if form.is_valid():
            _change_consent(request, person, ConsentPurpose(form.cleaned_data["purpose"]), form.cleaned_data["do"])
        return HttpResponseRedirect("/me/privacy/")
    now = timezone.now()
    return render(
        request,
        "phone/privacy.html",
        {
            "person": person,
            "agreements": own.agreements_of(person),
            "looks": [(look, said(look.at, now)) for look in own.reveals_of(person)],
        },
    )


def _change_consent(request: Visit, person: Resident, purpose: ConsentPurpose, do: str) -> None:
    if do == "give":
        give_consent(person, purpose, how="本人在手机上同意", by=request.actor, reason="本人同意")
    else:
        withdraw_consent(person, purpose, by=request.actor, now=timezone.now(), reason="本人撤回同意")


@for_residents
@require_safe
def link(request: Visit) -> HttpResponse:
    """Whose account this is, is asked where one signs in."""
    return HttpResponseRedirect("/signin/who/?" + urlencode({"next": back_to(request, "/me/")}))


def to_link(target: str) -> HttpResponse:
    return HttpResponseRedirect("/me/link/?" + urlencode({"next": target}))
