"""Addresses of the room on the phone."""

from __future__ import annotations

from django.urls import URLPattern, path

from jiamenkou.services.needs.phone import fairs, net, surveys, views

urlpatterns: list[URLPattern] = [
    path("", views.listing, name="list"),
    path("say/", views.say, name="say"),
    path("<int:pk>/", views.need, name="need"),
    path("<int:pk>/answer/", views.answer, name="answer"),
    path("fairs/<int:pk>/", fairs.fair, name="fair"),
    path("fairs/<int:pk>/join/", fairs.join, name="fair-join"),
    path("fairs/<int:pk>/leave/", fairs.leave, name="fair-leave"),
    path("fairs/in/<slug:code>/", fairs.here, name="fair-here"),
    path("surveys/<int:pk>/", surveys.survey, name="survey"),
    path("net/", net.mine, name="net"),
]
