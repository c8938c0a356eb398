"""Addresses of the room on the phone."""

from __future__ import annotations

from django.urls import URLPattern, path

from jiamenkou.services.needs.phone import views

urlpatterns: list[URLPattern] = [
    path("", views.listing, name="list"),
    path("say/", views.say, name="say"),
    path("<int:pk>/", views.need, name="need"),
    path("<int:pk>/answer/", views.answer, name="answer"),
]
