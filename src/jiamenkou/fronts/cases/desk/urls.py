"""Addresses of the closed loop on the desk, below ``desk/``."""

from __future__ import annotations

from django.urls import URLPattern, path

from jiamenkou.fronts.cases.desk import (
    board,
    calendar,
    case,
    catalogue,
    confirming,
    decisions,
    figures,
    hotline,
    hours,
    listing,
    numbers,
    opening,
    paper,
    rounds,
    street,
)

urlpatterns: list[URLPattern] = [
    path("cases/", listing.listing, name="list"),
    path("cases/export/", listing.export, name="export"),
    path("cases/board/", board.page, name="board"),
    path("cases/decisions/", decisions.page, name="decisions"),
    path("cases/decisions/export/", decisions.export, name="decisions_export"),
    path("cases/street/", street.page, name="street"),
    path("cases/street/export/", street.export, name="street_export"),
    path("cases/hours/", hours.page, name="hours"),
    path("cases/hours/export/", hours.export, name="hours_export"),
    path("cases/hours/<int:pk>/", hours.change, name="hours_of"),
    path("cases/new/", opening.new, name="new"),
    path("cases/round/", rounds.page, name="round"),
    path("cases/round/<int:pk>/", rounds.called, name="called"),
    path("cases/calendar/", calendar.page, name="calendar"),
    path("cases/calendar/template/", calendar.template, name="calendar-template"),
    path("cases/catalogue/", catalogue.listing, name="catalogue"),
    path("cases/catalogue/new/", catalogue.edit, name="catalogue-new"),
    path("cases/catalogue/export/", catalogue.export, name="catalogue-export"),
    path("cases/catalogue/<slug:category>/", catalogue.edit, name="catalogue-row"),
    path("cases/hotline/", hotline.page, name="hotline"),
    path("cases/hotline/answers/", hotline.answers, name="answers"),
    path("cases/figures/", figures.page, name="figures"),
    path("cases/figures/export/", figures.export, name="figures_export"),
    path("cases/<int:pk>/", case.detail, name="case"),
    path("cases/<int:pk>/confirm/<int:follower>/", confirming.page, name="confirm"),
    path("cases/<int:pk>/number/<int:follower>/", numbers.page, name="number"),
    path("cases/<int:pk>/source/", numbers.source, name="source"),
    path("cases/<int:pk>/print/", paper.page, name="print"),
    path("cases/<int:pk>/act/", case.act, name="act"),
]
