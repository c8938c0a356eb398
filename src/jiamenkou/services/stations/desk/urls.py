"""Addresses of the room on the desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from jiamenkou.services.stations.desk import calendar, corners, hours, importing, lists, repairs, rooms, station

urlpatterns: list[URLPattern] = [
    path("stations/", lists.stations, name="stations"),
    path("stations/new/", station.edit, name="station-new"),
    path("stations/<int:pk>/", station.detail, name="station-detail"),
    path("stations/<int:pk>/edit/", station.edit, name="station-edit"),
    path("stations/<int:pk>/act/", station.act, name="station-act"),
    path("stations/<int:pk>/sheet/", station.sheet, name="station-sheet"),
    path("stations/things/", lists.things, name="things"),
    path("stations/things/export/", lists.export_things, name="things-export"),
    path("stations/things/template/", importing.template, name="things-template"),
    path("stations/things/import/", importing.import_things, name="things-import"),
    path("stations/repairs/", repairs.repairs, name="repairs"),
    path("stations/repairs/export/", repairs.export_repairs, name="repairs-export"),
    path("stations/calendar/", calendar.week, name="week"),
    path("stations/rooms/", lists.rooms, name="station-rooms"),
    path("stations/rooms/new/", rooms.room_new, name="room-new"),
    path("stations/corners/", lists.corners, name="station-corners"),
    path("stations/export/", lists.export_stations, name="export"),
    path("stations/rooms/export/", lists.export_rooms, name="rooms-export"),
    path("stations/corners/export/", lists.export_corners, name="corners-export"),
    path("stations/corners/<int:pk>/", corners.corner, name="station-corner"),
    path("stations/corners/<int:pk>/act/", corners.corner_act, name="station-corner-act"),
    path("stations/hours/", lists.hours, name="station-hours"),
    path("stations/hours/export/", lists.export_hours, name="hours-export"),
    path("stations/hours/<int:pk>/act/", hours.hours_act, name="station-hours-act"),
    path("stations/figures/", lists.figures, name="station-figures"),
]
