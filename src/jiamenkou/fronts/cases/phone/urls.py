"""Addresses of 办事帮助, below ``help/``."""

from __future__ import annotations

from django.urls import URLPattern, path

from jiamenkou.fronts.cases.phone import mine, promising, reporting

urlpatterns: list[URLPattern] = [
    path("", reporting.door, name="door"),
    path("report/", reporting.report, name="report"),
    path("report/promise/", promising.promised, name="promise"),
    path("public/", reporting.public, name="public"),
    path("<int:pk>/", mine.detail, name="mine"),
    path("<int:pk>/rate/", mine.rate, name="rate"),
    path("<int:pk>/withdraw/", mine.withdraw, name="withdraw"),
]
