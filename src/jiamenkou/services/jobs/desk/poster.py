"""The poster of a vacancy, for staff to print and to send."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from jiamenkou.foundation.access.guards import for_staff
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.posters import saving
from jiamenkou.services.jobs.access import access_vacancy
from jiamenkou.services.jobs.desk.vacancies import trail
from jiamenkou.services.jobs.permissions import JobsPermission
from jiamenkou.services.jobs.posters import chat_text, poster_of


@for_staff(JobsPermission.VIEW)
def poster(request: Visit, pk: int) -> HttpResponse:
    vacancy = access_vacancy(request.actor, pk)
    place, today = vacancy.community or request.actor.home, timezone.localdate()
    context = {
        "vacancy": vacancy,
        "poster": poster_of(vacancy, place, today),
        "text": chat_text(vacancy, place),
        **saving(f"/jobs/{pk}/poster", vacancy.title),
        "open": vacancy.is_open(today),
        "trail": [
            *trail(vacancy.title)[:-1],
            {"label": vacancy.title, "href": f"/desk/jobs/vacancies/{pk}/"},
            {"label": "海报", "href": ""},
        ],
    }
    return render(request, "jobs/desk/poster.html", context)
