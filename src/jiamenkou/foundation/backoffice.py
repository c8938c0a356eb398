"""What the pages of the back office have in common: reading is the rule, writing is named field by field."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from unfold.admin import ModelAdmin


class Shown(ModelAdmin):  # type: ignore[misc]
    """Rows to look at. ``changeable`` names the few fields that may be changed; nothing is added or deleted."""

    changeable: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    actions = None
    list_per_page = 50
    ordering = ("-pk",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [
            field.name
            for field in self.model._meta.concrete_fields
            if field.name not in self.hidden and field.get_internal_type() != "BinaryField"
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [name for name in self.get_fields(request, obj) if name not in self.changeable]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.changeable) and super().has_change_permission(request, obj)
