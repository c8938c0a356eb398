"""Addresses for employers, under the room's prefix: each once for members, once behind a token."""

from __future__ import annotations

from django.urls import URLPattern, path

from jiamenkou.services.jobs.employer import views
from jiamenkou.services.jobs.employer.door import through_link

PAGES = [
    ("", views.home, "employer"),
    ("applications/<int:pk>/answer/", views.answer, "employer-answer"),
    ("applications/<int:pk>/phone/", views.phone, "employer-phone"),
    ("vacancies/new/", views.new_vacancy, "employer-vacancy"),
]
urlpatterns: list[URLPattern] = [
    *[path(f"employer/{address}", view, name=name) for address, view, name in PAGES],
    *[
        path(f"employer/<slug:token>/{address}", through_link(view), name=f"{name}-link")
        for address, view, name in PAGES
    ],
]
