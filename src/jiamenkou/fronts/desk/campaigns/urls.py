"""Addresses below ``/desk/``."""

from __future__ import annotations

from django.urls import URLPattern, path

from jiamenkou.fronts.desk.campaigns import paper, people, views

urlpatterns: list[URLPattern] = [
    path("campaigns/", views.listing, name="list"),
    path("campaigns/new/", views.write, name="new"),
    path("campaigns/export/", views.export, name="export"),
    path("campaigns/limit/", views.limit, name="limit"),
    path("campaigns/<int:pk>/", views.detail, name="detail"),
    path("campaigns/<int:pk>/edit/", views.write, name="edit"),
    path("campaigns/<int:pk>/send/", views.send, name="send"),
    path("campaigns/<int:pk>/stop/", views.stop, name="stop"),
    path("campaigns/<int:pk>/resume/", views.resume, name="resume"),
    path("campaigns/<int:pk>/leaflet/", paper.leaflet, name="leaflet"),
    path("campaigns/<int:pk>/people/", people.listing, name="people"),
    path("campaigns/<int:pk>/people/export/", people.export, name="people-export"),
    path("campaigns/<int:pk>/people/print/", people.on_paper, name="people-print"),
    path("campaigns/<int:pk>/round/", people.phone_round, name="round"),
    path("campaigns/<int:pk>/round/<int:recipient>/", people.called, name="called"),
]
