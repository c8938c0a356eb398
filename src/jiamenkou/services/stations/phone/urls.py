"""Addresses of the room on the phone."""

from __future__ import annotations

from django.urls import URLPattern, path

from jiamenkou.services.stations.host.urls import urlpatterns as host
from jiamenkou.services.stations.phone import asking, corners, hours, mine, pages

urlpatterns: list[URLPattern] = [
    *host,
    path("", pages.listing, name="list"),
    path("<int:pk>/", pages.station, name="station"),
    path("<int:pk>/repair/", asking.repair, name="repair"),
    path("<int:pk>/couplet/", asking.couplet, name="couplet"),
    path("things/<int:pk>/", pages.thing, name="thing"),
    path("kinds/<int:pk>/", pages.kind, name="kind"),
    path("kinds/<int:pk>/borrow/", asking.borrow, name="borrow"),
    path("services/<int:pk>/", pages.service, name="service"),
    path("services/<int:pk>/book/", asking.book_service, name="service-book"),
    path("sessions/<int:pk>/", pages.activity, name="activity"),
    path("sessions/<int:pk>/join/", asking.join, name="join"),
    path("in/<str:token>/", asking.sign_in, name="sign-in"),
    path("rooms/", corners.rooms, name="rooms"),
    path("rooms/<int:pk>/", corners.room, name="room"),
    path("rooms/<int:pk>/book/", corners.book, name="room-book"),
    path("corners/", corners.listing, name="corners"),
    path("corners/new/", corners.register, name="corner-new"),
    path("corners/<int:pk>/", corners.corner, name="corner"),
    path("corners/<int:pk>/act/", corners.act, name="corner-act"),
    path("mine/<slug:kind>/<int:pk>/", mine.matter, name="matter"),
    path("mine/<slug:kind>/<int:pk>/act/", mine.act, name="matter-act"),
    path("hours/", hours.account, name="hours"),
    path("hours/act/", hours.act, name="hours-act"),
    path("hours/certificate/", hours.make_certificate, name="certificate-make"),
    path("hours/certificate/<int:pk>/", hours.certificate, name="certificate"),
    path("certificate/<slug:code>/", hours.check, name="certificate-check"),
]
