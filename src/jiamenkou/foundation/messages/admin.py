"""Messages in the back office: what was told to organisations and staff, and whether it arrived."""

from __future__ import annotations

from django.contrib import admin

from jiamenkou.foundation.backoffice import Shown
from jiamenkou.foundation.messages.models import Delivery, Message


@admin.register(Message)
class MessageAdmin(Shown):
    list_display = ("notice", "title", "organisation", "account", "made_at", "read_at")
    list_select_related = ("organisation", "account")


@admin.register(Delivery)
class DeliveryAdmin(Shown):
    list_display = ("message", "channel", "state", "attempts", "problem", "at")
    list_filter = ("channel", "state")
