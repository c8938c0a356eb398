"""Addresses of the closed loop on the desk, below ``desk/``."""

from __future__ import annotations

from django.urls import URLPattern, path

from jiamenkou.fronts.cases.desk import calendar, case, figures, hotline, listing, opening, rounds

urlpatterns: list[URLPattern] = [
    path("cases/", listing.listing, name="list"),
    path("cases/export/", listing.export, name="export"),
    path("cases/new/", opening.new, name="new"),
    path("cases/round/", rounds.page, name="round"),
    path("cases/round/<int:pk>/", rounds.called, name="called"),
    path("cases/calendar/", calendar.page, name="calendar"),
    path("cases/hotline/", hotline.page, name="hotline"),
    path("cases/hotline/answers/", hotline.answers, name="answers"),
    path("cases/figures/", figures.page, name="figures"),
    path("cases/<int:pk>/", case.detail, name="case"),
    path("cases/<int:pk>/act/", case.act, name="act"),
]
