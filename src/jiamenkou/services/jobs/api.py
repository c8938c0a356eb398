"""The room's part of ``/api/v1/``: vacancies for anybody, applications for the account's own people."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, cast

from django.http import Http404, HttpRequest
from ninja import Field, NinjaAPI, Query, Router, Schema, Status
from ninja.security import django_auth

from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.access.where import acting_for, community_of
from jiamenkou.foundation.listing import searched_word
from jiamenkou.foundation.people.access import access_own_resident
from jiamenkou.foundation.refusals import NotAllowed
from jiamenkou.services.jobs import words
from jiamenkou.services.jobs.access import access_public_vacancy
from jiamenkou.services.jobs.models import Application, Vacancy
from jiamenkou.services.jobs.phone.vacancy import send_or_ask
from jiamenkou.services.jobs.posters import address_of

router = Router(tags=["岗位"])
PER_PAGE = 20


class Problem(Schema):
    """Why nothing was done; ``field`` names the input to blame."""

    message: str
    field: str | None = None
    code: str


class VacancyOut(Schema):
    """Pay in fen per ``pay_unit``; minutes from midnight, past midnight above 1440; ``weekdays`` Monday first."""

    id: int
    title: str
    employer: str
    kind: str
    state: str
    pay: str
    pay_min_fen: int | None
    pay_max_fen: int | None
    pay_unit: str
    hours: str
    weekdays: list[int]
    start_minute: int | None
    end_minute: int | None
    address: str
    requirements: list[str]
    benefits: list[str]
    certificates: list[str]
    occupation_code: str
    occupation_name: str
    places_left: int
    closes_on: date | None
    published_at: datetime | None
    url: str


class VacancyPage(Schema):
    items: list[VacancyOut]
    total: int
    page: int
    pages: int


class ApplicationIn(Schema):
    """``resident`` is one of the account's own people; without it the one the session acts for."""

    resident: int | None = Field(None, ge=1, le=2**63 - 1)
    consent: bool = Field(description="本人同意把姓名和电话给这家单位")


class ApplicationOut(Schema):
    id: int
    vacancy_id: int
    state: str
    answer_due_at: datetime | None


def _out(vacancy: Vacancy) -> dict[str, Any]:
    shared = {name: getattr(vacancy, name) for name in VacancyOut.model_fields if hasattr(vacancy, name)}
    return shared | {
        "employer": vacancy.employer.name,
        "pay": words.pay(vacancy),
        "hours": words.hours(vacancy),
        "weekdays": [day + 1 for day in range(7) if (vacancy.weekdays or 0) >> day & 1],
        "url": address_of(vacancy),
    }


@router.get("vacancies", response=VacancyPage, summary="正在招的岗位，新的在前")
def vacancies(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=200)] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> dict[str, Any]:
    """Open vacancies of the community the session is in. A page beyond the end is empty."""
    rows = Vacancy.objects.open().shown_in(community_of(request).id).with_employer().newest()
    for part in searched_word(request).split():
        rows = rows.filter(title__icontains=part) | rows.filter(employer__name__icontains=part)
    total, start = rows.count(), (page - 1) * PER_PAGE
    items = [_out(vacancy) for vacancy in rows[start : start + PER_PAGE]]
    return {"items": items, "total": total, "page": page, "pages": -(-total // PER_PAGE)}


@router.get("vacancies/{int:pk}", response={200: VacancyOut, 404: Problem}, summary="一个岗位")
def vacancy(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Whatever was published once; its ``state`` says whether it can still be applied for."""
    return _out(access_public_vacancy(pk))


@router.post(
    "vacancies/{int:pk}/applications",
    response={201: ApplicationOut, 403: Problem, 404: Problem, 409: Problem, 422: Problem},
    auth=django_auth,
    summary="投递",
)
def apply(request: HttpRequest, pk: int, data: ApplicationIn) -> Status[Application]:
    """Apply for one of the account's people. Twice is once; with ``Idempotency-Key`` the answer is the same too.

    For a relative who has not agreed to it the state is ``asked``: the person is asked, and nothing is sent before the yes.
    """
    visit = cast(Visit, request)
    if not data.consent:
        raise NotAllowed("本人同意把姓名和电话给单位，才能投递。", code="consent")
    found = access_public_vacancy(pk)
    person = access_own_resident(visit.actor, data.resident) if data.resident else acting_for(request)
    if person is None:
        raise Http404
    application = send_or_ask(visit, found, person)
    return Status(201, application)


def register_api(api: NinjaAPI) -> None:
    """Hang the router in."""
    api.add_router("/jobs/", router)
