"""Addresses of the desk's own pages. Rooms hang theirs beside them."""

from __future__ import annotations

from django.urls import URLPattern, path

from jiamenkou.fronts.desk import residents, views

urlpatterns: list[URLPattern] = [
    path("desk/", views.today, name="desk"),
    path("desk/residents/", residents.listing, name="residents"),
    path("desk/residents/find/", residents.find, name="residents-find"),
    path("desk/residents/columns/", residents.choose_columns, name="residents-columns"),
    path("desk/residents/export/", residents.export, name="residents-export"),
]
