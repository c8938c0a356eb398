"""用户约定 and 隐私说明: what the product does, in plain words, with the version that consents carry."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jiamenkou.foundation.access.guards import for_everyone
from jiamenkou.foundation.people.actions.archive import CONSENT_VERSION


@for_everyone
@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    return render(request, "phone/terms.html", {"version": CONSENT_VERSION})


@for_everyone
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "phone/privacy_notice.html", {"version": CONSENT_VERSION})
