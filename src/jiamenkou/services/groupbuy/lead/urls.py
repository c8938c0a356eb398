"""Addresses of the leaders' pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from jiamenkou.services.groupbuy.lead import handover, lists, offline, views

urlpatterns: list[URLPattern] = [
    path("lead/", views.home, name="lead"),
    path("lead/apply/", views.apply, name="lead-apply"),
    path("lead/new/", views.new, name="lead-new"),
    path("lead/offline/", offline.page, name="lead-offline"),
    path("lead/worker.js", offline.worker, name="lead-worker"),
    path("lead/<int:pk>/", views.cycle, name="lead-cycle"),
    path("lead/<int:pk>/act/", views.act, name="lead-act"),
    path("lead/<int:pk>/orders/<int:order>/money/", views.money, name="lead-money"),
    path("lead/<int:pk>/arrival/", views.arrival, name="lead-arrival"),
    path("lead/<int:pk>/settlements/<int:settlement>/", views.settled, name="lead-settled"),
    path("lead/<int:pk>/export/", lists.export, name="lead-export"),
    path("lead/<int:pk>/paste/", lists.paste, name="lead-paste"),
    path("lead/<int:pk>/points/<int:point>/", handover.point, name="handover"),
    path("lead/<int:pk>/points/<int:point>/look/", handover.look, name="handover-look"),
    path("lead/<int:pk>/points/<int:point>/hand/", handover.hand, name="handover-hand"),
    path("lead/<int:pk>/points/<int:point>/sync/", handover.synced, name="handover-sync"),
]
