"""Addresses of signing in. ``urlpatterns`` hang under ``/signin/``, ``pages`` stand beside the other pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from jiamenkou.fronts.signin import wechat
from jiamenkou.fronts.signin.views import desk, mine, phone, staff

app_name = "signin"
urlpatterns = [
    path("", phone.phone, name="phone"),
    path("code/", phone.code, name="code"),
    path("code/again/", phone.again, name="again"),
    path("who/", phone.who, name="who"),
    path("out/", mine.leave, name="out"),
    path("once/<str:token>", mine.once, name="once"),
    path("staff/", staff.password, name="staff"),
    path("staff/second/", staff.second, name="second"),
    path("staff/enrol/", staff.enrol, name="enrol"),
    path("prove/", staff.prove, name="prove"),
]

pages: list[URLPattern | URLResolver] = [
    path("signin/", include((urlpatterns, app_name))),
    # allauth names these two itself
    path("signin/wechat/", wechat.begin, name="weixin_login"),
    path("signin/wechat/callback/", wechat.callback, name="weixin_callback"),
    path("me/devices/", mine.devices, name="devices"),
    path("desk/residents/<int:resident>/reveal/<str:field>/", desk.show_number, name="reveal"),
    path("desk/staff/<int:account>/factor/", desk.reset_factor, name="reset_factor"),
]
