"""Addresses of the room on the phone."""

from __future__ import annotations

from django.urls import URLPattern, path

from jiamenkou.services.jobs.employer.urls import urlpatterns as employer
from jiamenkou.services.jobs.phone import asking, family, listing, mine, poster, vacancy

urlpatterns: list[URLPattern] = [
    *employer,
    path("", listing.listing, name="list"),
    path("wish/", mine.wish, name="wish"),
    path("wish/answer/", mine.wish_answer, name="wish-answer"),
    path("say/", asking.say, name="say"),
    path("<int:pk>/", vacancy.detail, name="vacancy"),
    path("<int:pk>/apply/", vacancy.apply, name="apply"),
    path("<int:pk>/save/", vacancy.save, name="save"),
    path("<int:pk>/share/", vacancy.share, name="share"),
    path("<int:pk>/report/", vacancy.report, name="report"),
    path("<int:pk>/poster/", poster.poster, name="poster"),
    path("<int:pk>/poster.svg", poster.drawing, name="poster-drawing"),
    path("<int:pk>/poster.png", poster.picture, name="poster-picture"),
    path("family/<slug:token>/", family.family, name="family"),
    path("applications/<int:pk>/", mine.application, name="application"),
    path("applications/<int:pk>/answer/", mine.answer, name="application-answer"),
]
