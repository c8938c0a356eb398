"""Addresses of a host's pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from jiamenkou.services.stations.host import counter, paper, today, wall

urlpatterns: list[URLPattern] = [
    path("host/<int:station>/", today.today, name="host"),
    path("host/<int:station>/act/", today.act, name="host-act"),
    path("host/<int:station>/for/<slug:what>/", counter.counter, name="host-counter"),
    path("host/<int:station>/for/<slug:what>/<int:pk>/", counter.counter, name="host-counter-one"),
    path("host/<int:station>/things/<int:pk>/", counter.thing, name="host-thing"),
    path("host/<int:station>/sessions/new/", counter.activity_new, name="host-session-new"),
    path("host/<int:station>/sessions/<int:pk>/", today.session, name="host-session"),
    path("host/<int:station>/sessions/<int:pk>/act/", today.session_act, name="host-session-act"),
    path("host/<int:station>/sessions/<int:pk>/wall/", wall.wall, name="host-wall"),
    path("host/<int:station>/sheet/", paper.sheet, name="host-sheet"),
    path("host/<int:station>/type-in/", paper.type_in, name="host-type-in"),
]
