"""Addresses of the room on the desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from jiamenkou.services.groupbuy.desk import money, parties, trade
from jiamenkou.services.groupbuy.desk.lists import export_view, list_view
from jiamenkou.services.groupbuy.desk.sheets import ALL

urlpatterns: list[URLPattern] = [
    *(path(f"groupbuy/{sheet.slug}/", list_view(sheet), name=f"groupbuy-{sheet.slug}") for sheet in ALL),
    *(
        path(f"groupbuy/{sheet.slug}/export/", export_view(sheet), name=f"groupbuy-{sheet.slug}-export")
        for sheet in ALL
    ),
    path("groupbuy/points/new/", trade.point, name="groupbuy-point-new"),
    path("groupbuy/points/<int:pk>/", trade.point, name="groupbuy-point"),
    path("groupbuy/cycles/<int:pk>/", trade.cycle, name="groupbuy-cycle"),
    path("groupbuy/orders/<int:pk>/", trade.order, name="groupbuy-order"),
    path("groupbuy/suppliers/<int:pk>/", parties.supplier, name="groupbuy-supplier"),
    path("groupbuy/leaders/<int:pk>/", parties.leader, name="groupbuy-leader"),
    path("groupbuy/lots/<int:pk>/", parties.lot, name="groupbuy-lot"),
    path("groupbuy/complaints/<int:pk>/", money.complaint, name="groupbuy-complaint"),
    path("groupbuy/settlements/<int:pk>/", money.settlement, name="groupbuy-settlement"),
    path("groupbuy/reconciliation/<int:pk>/", money.bill_line, name="groupbuy-bill-line"),
]
