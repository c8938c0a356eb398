"""Roles in the back office: the first ones are given here. Whoever's roles change is signed out."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from jiamenkou.foundation.access.models import StaffRole
from jiamenkou.foundation.access.sessions import end_all
from jiamenkou.foundation.backoffice import Shown


@admin.register(StaffRole)
class StaffRoleAdmin(Shown):
    list_display = ("account", "role", "place", "since", "until")
    list_filter = ("role",)
    list_select_related = ("account", "place")
    raw_id_fields = ("account", "place")
    changeable = ("until",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.admin_site.has_permission(request))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return super().get_readonly_fields(request, obj) if obj is not None else ["id"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        end_all(obj.account)
