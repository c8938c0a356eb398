"""Places in the back office: names and addresses; the tree changes only by its own acts."""

from __future__ import annotations

from django.contrib import admin

from jiamenkou.foundation.backoffice import Shown
from jiamenkou.foundation.places.models import Place


@admin.register(Place)
class PlaceAdmin(Shown):
    list_display = ("code", "kind", "name", "phone", "closed_on")
    list_filter = ("kind",)
    search_fields = ("code", "name")
    ordering = ("path",)
    changeable = ("name", "latitude", "longitude", "landmark", "phone", "phone_hours")
    hidden = ("path", "numchild")
