"""Feeds in the back office: whether they live. They are set up on the desk."""

from __future__ import annotations

from django.contrib import admin

from jiamenkou.foundation.backoffice import Shown
from jiamenkou.services.jobs.models import Feed


@admin.register(Feed)
class FeedAdmin(Shown):
    list_display = ("name", "format", "community", "last_good_at", "last_problem", "stopped_at")
    list_select_related = ("community",)
    changeable = ("stopped_at",)
