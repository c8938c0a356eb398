"""The resident's shell."""

from __future__ import annotations

from django.urls import URLPattern, path

from jiamenkou.fronts.phone import views

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
]
