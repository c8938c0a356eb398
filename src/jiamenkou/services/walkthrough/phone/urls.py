"""Addresses of the room on the phone."""

from __future__ import annotations

from django.urls import URLPattern, path

from jiamenkou.services.walkthrough.phone import officer, public, walk

urlpatterns: list[URLPattern] = [
    path("", public.rounds, name="rounds"),
    path("rounds/<int:pk>/", public.one_round, name="round"),
    path("officer/", officer.join_in, name="officer"),
    path("mine/", officer.mine, name="mine"),
    path("start/", officer.start, name="start"),
    path("findings/<int:pk>/", officer.check, name="finding"),
    path("join/<slug:code>/", officer.joined, name="join"),
    path("<int:pk>/", walk.walk, name="walk"),
    path("<int:pk>/steps/<int:number>/", walk.step, name="walk-step"),
    path("<int:pk>/end/", walk.end, name="walk-end"),
    path("<int:pk>/find/", walk.find, name="walk-find"),
]
