"""Addresses of the room on the desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from jiamenkou.services.walkthrough.desk import editing, findings, lists, looking

urlpatterns: list[URLPattern] = [
    path("walks/", lists.rounds, name="rounds"),
    path("walks/rounds/new/", editing.edit_round, name="round-new"),
    path("walks/rounds/<int:pk>/", looking.one_round, name="round"),
    path("walks/rounds/<int:pk>/edit/", editing.edit_round, name="round-edit"),
    path("walks/rounds/<int:pk>/print/", looking.paper, name="round-print"),
    path("walks/errands/", lists.errands, name="errands"),
    path("walks/errands/new/", editing.errand, name="errand-new"),
    path("walks/errands/<int:pk>/", editing.errand, name="errand"),
    path("walks/points/", lists.points, name="points"),
    path("walks/points/new/", editing.point, name="point-new"),
    path("walks/points/<int:pk>/", editing.point, name="point"),
    path("walks/officers/", lists.officers, name="officers"),
    path("walks/officers/me/", editing.appoint_me, name="officer-me"),
    path("walks/officers/<int:pk>/review/", editing.review, name="officer-review"),
    path("walks/visits/", lists.visits, name="visits"),
    path("walks/visits/<int:pk>/", looking.one_walk, name="visit"),
    path("walks/findings/", findings.findings, name="findings"),
    path("walks/findings/export/", findings.export, name="findings-export"),
    path("walks/findings/<int:pk>/", findings.finding, name="finding"),
    path("walks/findings/<int:pk>/publish/", findings.publish, name="finding-publish"),
    path("walks/<slug:name>/export/", lists.export, name="export"),
]
