"""Vacancies and intentions for tests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from tests.people import make_employer

from jiamenkou.foundation.messages.models import Message
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.places.models import Place
from jiamenkou.services.jobs.actions.family import ASK_DAYS, fresh_family_link
from jiamenkou.services.jobs.actions.vacancies import new_code
from jiamenkou.services.jobs.models import Application, Intention, Vacancy
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
    # whoever is shown it, a test's post belongs to its community, else to the first of the town
    fields.setdefault("owner", fields.get("community") or Place.objects.communities()[0])
    fields.setdefault("employer", None)
    fields["employer"] = fields["employer"] or make_employer()
    return Vacancy.objects.create(**defaults | fields)


def make_asked(**fields: Any) -> Application:
    """A relative wants to apply, the person has not answered."""
    defaults = {"filed_by": "family", "state": "asked", "unagreed": True}
    return Application.objects.create(answer_due_at=timezone.now() + timedelta(days=ASK_DAYS), **defaults | fields)


def family_token(**fields: Any) -> str:
    """The token of a link to such a question, as a text message carries it."""
    application = make_asked(**fields)
    message = Message(resident=application.resident, href=f"/jobs/applications/{application.pk}/")
    return fresh_family_link(message)["link"].rstrip("/").rpartition("/")[2]


def make_intention(resident: Resident, **fields: Any) -> Intention:
    defaults: dict[str, Any] = {
        "community_id": resident.community_id,
        "grid_id": resident.grid_id,
        "wanted": "护理员",
        "filed_by": "worker",
        "renew_on": date.today() + timedelta(days=60),
    }
    return Intention.objects.create(resident=resident, **defaults | fields)
