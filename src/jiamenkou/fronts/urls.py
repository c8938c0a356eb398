"""All addresses. Rooms hang theirs in through their contribution."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from jiamenkou.foundation.events.contributions import rooms
from jiamenkou.fronts.api.router import api
from jiamenkou.fronts.desk.urls import urlpatterns as desk
from jiamenkou.fronts.open import files, hooks
from jiamenkou.fronts.open import views as open_views
from jiamenkou.fronts.signin.urls import pages as signin

urlpatterns: list[URLPattern | URLResolver] = [
    path("readyz", open_views.ready, name="readyz"),
    path("metrics", open_views.metrics, name="metrics"),
    path("favicon.ico", open_views.favicon, name="favicon"),
    path("files/<uuid:uid>/", files.file, name="file"),
    path("q/<slug:code>", open_views.qr, name="qr"),
    path("api/v1/", api.urls),
    *signin,
    path("", include("jiamenkou.fronts.phone.urls")),
    *desk,
    path("hooks/sms/", hooks.sms_receipts, name="hook-sms"),
    path("hooks/wechatpay/", hooks.payment_notice, name="hook-wechatpay"),
    path("admin/", admin.site.urls),
]
for room in rooms():
    if room.phone_urls:
        urlpatterns.append(path(room.phone_prefix, include((room.phone_urls, room.name))))
    if room.desk_urls:
        urlpatterns.append(path("desk/", include((room.desk_urls, f"desk-{room.name}"))))
