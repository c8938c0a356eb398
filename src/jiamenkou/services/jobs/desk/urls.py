"""Addresses of the room on the desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from jiamenkou.services.jobs.desk import vacancies

urlpatterns: list[URLPattern] = [
    path("jobs/vacancies/", vacancies.listing, name="vacancies"),
    path("jobs/vacancies/new/", vacancies.edit, name="vacancy-new"),
    path("jobs/vacancies/<int:pk>/", vacancies.detail, name="vacancy"),
    path("jobs/vacancies/<int:pk>/edit/", vacancies.edit, name="vacancy-edit"),
    path("jobs/vacancies/<int:pk>/act/", vacancies.act, name="vacancy-act"),
]
