"""Addresses of the room on the desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from jiamenkou.services.visits.desk import conflicts, facts, plans, record, visits
from jiamenkou.services.visits.door import shell, views

urlpatterns: list[URLPattern] = [
    path("visits/", visits.listing, name="visits"),
    path("visits/export/", visits.export, name="visits-export"),
    path("visits/<int:pk>/", visits.detail, name="visit"),
    path("visits/new/<int:resident>/", record.record, name="visit-new"),
    path("visits/plans/", plans.listing, name="plans"),
    path("visits/plans/new/", plans.choose, name="plans-new"),
    path("visits/plans/export/", plans.export, name="plans-export"),
    path("visits/plans/print/", plans.paper, name="plans-print"),
    path("visits/plans/<int:pk>/drop/", plans.drop, name="plan-drop"),
    path("visits/facts/", facts.listing, name="facts"),
    path("visits/facts/<int:pk>/", facts.decide, name="fact"),
    path("visits/conflicts/", conflicts.listing, name="conflicts"),
    path("visits/conflicts/<int:pk>/", conflicts.settle_one, name="conflict"),
    path("visits/door/", shell.page, name="door"),
    path("visits/door/worker.js", shell.worker, name="door-worker"),
    path("visits/door/session/", views.session, name="door-session"),
    path("visits/door/take/", views.take, name="door-take"),
    path("visits/door/send/", views.send, name="door-send"),
    path("visits/door/reopen/", views.reopen, name="door-reopen"),
]
