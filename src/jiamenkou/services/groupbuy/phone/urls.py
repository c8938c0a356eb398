"""Addresses of the room on the phone."""

from __future__ import annotations

from django.urls import URLPattern, path

from jiamenkou.services.groupbuy.lead.urls import urlpatterns as lead
from jiamenkou.services.groupbuy.phone import cycles, orders, sharing
from jiamenkou.services.groupbuy.supply.urls import urlpatterns as supply

urlpatterns: list[URLPattern] = [
    *lead,
    *supply,
    path("", cycles.listing, name="list"),
    path("<int:pk>/", cycles.detail, name="cycle"),
    path("<int:pk>/order/", cycles.order, name="order"),
    path("<int:pk>/account/", cycles.account, name="account"),
    path("<int:pk>/share/", sharing.share, name="share"),
    path("<int:pk>/poster.svg", sharing.drawing, name="poster-drawing"),
    path("<int:pk>/poster.png", sharing.picture, name="poster-picture"),
    path("leaders/<slug:code>/", cycles.leader, name="leader"),
    path("leaders/<slug:code>/share/", sharing.leader_share, name="leader-share"),
    path("leaders/<slug:code>/poster.svg", sharing.leader_drawing, name="leader-drawing"),
    path("leaders/<slug:code>/poster.png", sharing.leader_picture, name="leader-picture"),
    path("lots/<slug:code>/", orders.lot, name="lot"),
    path("orders/", orders.mine, name="orders"),
    path("orders/<int:pk>/", orders.detail, name="order-detail"),
    path("orders/<int:pk>/pay/", orders.pay, name="order-pay"),
    path("orders/<int:pk>/paying/", orders.paying, name="order-paying"),
    path("orders/<int:pk>/cancel/", orders.cancel, name="order-cancel"),
    path("orders/<int:pk>/code/", orders.code, name="order-code"),
    path("orders/lines/<int:pk>/complain/", orders.complaint, name="complain"),
]
