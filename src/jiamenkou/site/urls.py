"""Composition: what the fronts and the rooms bring."""

from __future__ import annotations

from django.urls import include, path

handler400 = "jiamenkou.fronts.errors.bad_request"
handler403 = "jiamenkou.fronts.errors.forbidden"
handler404 = "jiamenkou.fronts.errors.not_found"
handler500 = "jiamenkou.fronts.errors.failed"

urlpatterns = [path("", include("jiamenkou.fronts.urls"))]
