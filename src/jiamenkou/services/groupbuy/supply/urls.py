"""Addresses of the suppliers' pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from jiamenkou.services.groupbuy.supply import views

urlpatterns: list[URLPattern] = [
    path("supply/", views.home, name="supply"),
    path("supply/apply/", views.apply, name="supply-apply"),
    path("supply/papers/", views.paper, name="supply-paper"),
    path("supply/pay-code/", views.pay_code, name="supply-pay-code"),
    path("supply/products/new/", views.product, name="supply-product-new"),
    path("supply/products/<int:pk>/", views.product, name="supply-product"),
    path("supply/products/<int:pk>/lots/new/", views.lot, name="supply-lot-new"),
    path("supply/products/<int:pk>/lots/<int:lot>/", views.lot, name="supply-lot"),
    path("supply/cycles/<int:pk>/", views.cycle, name="supply-cycle"),
    path("supply/cycles/<int:pk>/export/", views.export, name="supply-export"),
    path("supply/settlements/<int:pk>/", views.settled, name="supply-settled"),
]
