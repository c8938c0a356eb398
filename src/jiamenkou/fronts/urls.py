"""All addresses. Rooms hang theirs in through their contribution."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from jiamenkou.foundation.events.contributions import rooms
from jiamenkou.fronts.api.router import api
from jiamenkou.fronts.desk import imports
from jiamenkou.fronts.desk import views as desk
from jiamenkou.fronts.open import views as open_views
from jiamenkou.fronts.signin.urls import pages as signin

urlpatterns: list[URLPattern | URLResolver] = [
    path("readyz", open_views.ready, name="readyz"),
    path("metrics", open_views.metrics, name="metrics"),
    path("favicon.ico", open_views.favicon, name="favicon"),
    path("q/<slug:code>", open_views.qr, name="qr"),
    path("api/v1/", api.urls),
    *signin,
    path("", include("jiamenkou.fronts.phone.urls")),
    path("desk/", desk.today, name="desk"),
    path("desk/residents/template.xlsx", imports.template, name="import-template"),
    path("desk/residents/import/", imports.choose, name="import-choose"),
    path("desk/residents/import/<int:pk>/", imports.look, name="import"),
    path("desk/residents/import/<int:pk>/errors.xlsx", imports.errors, name="import-errors"),
    path("desk/residents/import/<int:pk>/cell/", imports.cell, name="import-cell"),
    path("desk/residents/import/<int:pk>/transfer/", imports.transfer, name="import-transfer"),
    path("desk/residents/import/<int:pk>/write/", imports.write, name="import-write"),
    path("desk/residents/import/<int:pk>/stop/", imports.stop, name="import-stop"),
    path("desk/residents/import/<int:pk>/abandon/", imports.abandon, name="import-abandon"),
]
for room in rooms():
    if room.phone_urls:
        urlpatterns.append(path(room.phone_prefix, include((room.phone_urls, room.name))))
    if room.desk_urls:
        urlpatterns.append(path("desk/", include((room.desk_urls, f"desk-{room.name}"))))
