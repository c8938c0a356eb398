"""Vacancies and intentions for tests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from tests.people import make_employer

from jiamenkou.foundation.people.models import Resident
from jiamenkou.services.jobs.actions.vacancies import new_code
from jiamenkou.services.jobs.models import Intention, Vacancy
from jiamenkou.services.jobs.states import Source, VacancyKind, VacancyState


def make_vacancy(**fields: Any) -> Vacancy:
    defaults: dict[str, Any] = {
        "code": new_code(),
        "title": "日间照料中心护理员",
        "kind": VacancyKind.FULL_TIME,
        "headcount": 2,
        "pay_min_fen": 420000,
        "pay_max_fen": 460000,
        "pay_unit": "month",
        "state": VacancyState.OPEN,
        "source": Source.FORM,
        "published_at": timezone.now(),
    }
    fields.setdefault("employer", None)
    fields["employer"] = fields["employer"] or make_employer()
    return Vacancy.objects.create(**defaults | fields)


def make_intention(resident: Resident, **fields: Any) -> Intention:
    defaults: dict[str, Any] = {
        "community_id": resident.community_id,
        "grid_id": resident.grid_id,
        "wanted": "护理员",
        "filed_by": "worker",
        "renew_on": date.today() + timedelta(days=60),
    }
    return Intention.objects.create(resident=resident, **defaults | fields)
