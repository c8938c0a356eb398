"""All addresses. Rooms hang theirs in through their contribution."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path


def _home(request: HttpRequest) -> HttpResponse:
    return HttpResponse("家门口")


urlpatterns: list[URLPattern | URLResolver] = [path("", _home, name="home")]
