"""The poster of a vacancy, for residents to share: a page, and the drawing by itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from jiamenkou.foundation.access.guards import for_everyone
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.access.where import community_of
from jiamenkou.foundation.painting.answering import painted
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.posters import saving
from jiamenkou.services.jobs.access import access_public_vacancy
from jiamenkou.services.jobs.posters import chat_text, poster_of


def _context(request: Visit, pk: int) -> dict[str, Any]:
    vacancy = access_public_vacancy(pk)
    place = vacancy.community or Place.objects.filter(pk=community_of(request).id).first()
    today = timezone.localdate()
    return {
        "vacancy": vacancy,
        "poster": poster_of(vacancy, place, today),
        "text": chat_text(vacancy, place),
        **saving(f"/jobs/{pk}/poster", vacancy.title),
        "open": vacancy.is_open(today),
        "vacancy_href": f"/jobs/{pk}/",
    }


@for_everyone
def poster(request: Visit, pk: int) -> HttpResponse:
    return render(request, "jobs/phone/poster.html", _context(request, pk))


@for_everyone
def picture(request: Visit, pk: int) -> HttpResponse:
    context = _context(request, pk)
    return painted(request, "jobs/poster/poster.svg", context, name=context["vacancy"].title)


@for_everyone
def drawing(request: Visit, pk: int) -> HttpResponse:
    return render(request, "jobs/poster/poster.svg", _context(request, pk), content_type="image/svg+xml")
