"""Categories, needs, surveys and fairs for tests."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from django.utils import timezone
from tests.people import make_account

from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.needs.models import Category, Fair, Need

_serial = itertools.count(1)


def make_category(**fields: Any) -> Category:
    number = next(_serial)
    return Category.objects.create(**{"code": f"c{number}", "label": f"学剪发{number}", "group": "learn"} | fields)


def make_need(resident: Resident, category: Category | None = None, **fields: Any) -> Need:
    where = {"community_id": resident.community_id, "grid_id": resident.grid_id}
    return Need.objects.create(
        **{"resident": resident, "category": category or make_category(), "channel": "desk", "filed_by": "worker"}
        | where
        | fields
    )


def make_fair(community: Place, capacity: int = 2, **fields: Any) -> Fair:
    now = timezone.now()
    return Fair.objects.create(
        **{
            "title": "腊八市集",
            "community": community,
            "place_words": "小区东门广场",
            "starts_at": now + timedelta(days=3),
            "ends_at": now + timedelta(days=3, hours=4),
            "capacity": capacity,
            "by": make_account(),
        }
        | fields
    )
