"""Accounts and organisations in the back office. Residents are not in it: they are the communities'."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from jiamenkou.foundation.access.sessions import end_all
from jiamenkou.foundation.backoffice import Shown
from jiamenkou.foundation.people.models import Account, Organisation


@admin.register(Account)
class AccountAdmin(Shown):
    list_display = ("username", "display_name", "phone_masked", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser")
    search_fields = ("username", "display_name")
    changeable = ("display_name", "is_active")
    hidden = ("password", "uid")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "is_active" in form.changed_data:
            end_all(obj)


@admin.register(Organisation)
class OrganisationAdmin(Shown):
    list_display = ("name", "kinds", "community", "licence_state", "licence_until")
    list_filter = ("licence_state",)
    search_fields = ("name", "credit_code")
    list_select_related = ("community",)
    changeable = ("name", "credit_code", "address", "contact", "phone", "licence_until", "licence_note")
    hidden = ("name_key",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.name_key = Organisation.key_of(obj.name)
        super().save_model(request, obj, form, change)
