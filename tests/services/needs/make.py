"""Categories, needs, surveys and fairs for tests."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone
from tests.people import make_account

from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.needs.actions.net import community_over
from jiamenkou.services.needs.models import Category, Duty, Fair, Need, SignUp, Survey

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


def make_sign_up(fair: Fair, resident: Resident, **fields: Any) -> SignUp:
    """Somebody who comes; the fair's counter says so too."""
    heads = fields.get("heads", 1)
    Fair.objects.filter(pk=fair.pk).update(taken=F("taken") + heads)
    fair.refresh_from_db()
    where = {"community_id": resident.community_id, "grid_id": resident.grid_id}
    return SignUp.objects.create(
        **{"fair": fair, "resident": resident, "state": "coming", "filed_by": "self"} | where | fields
    )


def make_survey(community: Place, *categories: Category, **fields: Any) -> Survey:
    survey = Survey.objects.create(
        **{
            "title": "开班前问一问",
            "community": community,
            "state": "open",
            "closes_on": timezone.localdate() + timedelta(days=9),
            "by": make_account(),
        }
        | fields
    )
    survey.categories.set(categories)
    return survey


def make_duty(place: Place, role: str = "grid_worker", **fields: Any) -> Duty:
    community = community_over(place)
    since = timezone.localdate() - timedelta(days=90)
    return Duty.objects.create(
        **{"place": place, "community": community, "role": role, "name": f"责任人{next(_serial)}", "since": since}
        | fields
    )
