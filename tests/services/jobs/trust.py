"""Who may open what in the employment station, and the objects those rows name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from tests.services.jobs.make import family_token, make_intention, make_vacancy
from tests.trust.parts import Where
from tests.trust.rowing import DONE, EVERYONE, GO, LIST, ONE, OPEN, PAINTED, RESIDENTS, get, post

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.services.jobs.actions.employers import make_employer_link
from jiamenkou.services.jobs.models import Application, EmployerLink, Feed, FollowUp, Placement

OPEN_TABLES = {
    "jobs_vacancy": "published; drafts hold no resident",
    "jobs_feed": "addresses of public feeds",
}

JOBS_PHONE = [
    get("jobs/", EVERYONE, OPEN),
    get("jobs/wish/", RESIDENTS, "in go go go 200 200 go"),
    post("jobs/wish/", RESIDENTS, "in go go go go go go"),
    post("jobs/wish/answer/", RESIDENTS, "in go go go go go go"),
    get("jobs/<int:pk>/", EVERYONE, OPEN, "vacancy"),
    get("jobs/<int:pk>/apply/", RESIDENTS, "in go go go 200 200 go", "open vacancy"),
    post("jobs/<int:pk>/apply/", RESIDENTS, "in go go go go go go", "open vacancy"),
    post("jobs/<int:pk>/save/", RESIDENTS, "in go go go go go go", "vacancy"),
    get("jobs/<int:pk>/share/", EVERYONE, OPEN, "vacancy"),
    get("jobs/say/", RESIDENTS, "in go go go 200 200 go"),
    post("jobs/say/", RESIDENTS, "in go go go 422 422 go"),
    get("jobs/<int:pk>/report/", EVERYONE, OPEN, "vacancy"),
    post("jobs/<int:pk>/report/", EVERYONE, OPEN, "vacancy", kind="工资不实"),
    get("jobs/applications/<int:pk>/", RESIDENTS, "in 404 404 404 200 404 404", "application"),
    # whoever holds the link is the person who was asked, signed in or not
    get("jobs/family/<slug:token>/", EVERYONE, OPEN, "family token"),
    post("jobs/family/<slug:token>/", EVERYONE, GO, "family token", do="no"),
    post("jobs/applications/<int:pk>/answer/", RESIDENTS, "in 404 404 404 go 404 404", "recommendation", do="yes"),
]
VIEW, EDIT, PEOPLE = "jobs.view", "jobs.edit", "jobs.people"
EXPORT = "residents.export"
JOBS_DESK = [
    get("desk/jobs/vacancies/", VIEW, LIST),
    get("desk/jobs/vacancies/new/", EDIT, LIST),
    post("desk/jobs/vacancies/new/", EDIT, "in 422 404 422 in in in"),
    get("desk/jobs/vacancies/<int:pk>/", VIEW, ONE, "vacancy"),
    get("desk/jobs/vacancies/<int:pk>/edit/", EDIT, ONE, "vacancy"),
    post("desk/jobs/vacancies/<int:pk>/edit/", EDIT, "in 404 404 422 in in in", "vacancy"),
    post("desk/jobs/vacancies/<int:pk>/act/", EDIT, DONE, "vacancy", do="pause"),
    get("desk/jobs/vacancies/<int:pk>/people/", PEOPLE, ONE, "vacancy"),
    post("desk/jobs/vacancies/<int:pk>/recommend/", PEOPLE, DONE, "vacancy"),
    get("desk/jobs/applications/", VIEW, LIST),
    get("desk/jobs/board/", VIEW, LIST),
    get("desk/jobs/applications/<int:pk>/", PEOPLE, ONE, "application"),
    post(
        "desk/jobs/applications/<int:pk>/move/", PEOPLE, DONE, "application", to="interview", interview_at="tomorrow"
    ),
    post("desk/jobs/applications/<int:pk>/start/", PEOPLE, "in 404 404 422 in in in", "application"),
    post("desk/jobs/applications/<int:pk>/chased/", PEOPLE, DONE, "application"),
    get("desk/jobs/intentions/", VIEW, LIST),
    get("desk/jobs/intentions/<int:pk>/", PEOPLE, ONE, "intention"),
    post("desk/jobs/intentions/<int:pk>/", PEOPLE, DONE, "intention"),
    post("desk/jobs/intentions/<int:pk>/call/", PEOPLE, DONE, "intention", outcome="renewed"),
    get("desk/jobs/intentions/for/<int:resident>/", PEOPLE, ONE, "resident"),
    post("desk/jobs/intentions/for/<int:resident>/", PEOPLE, "in 404 404 422 in in in", "resident"),
    get("desk/jobs/follow-ups/<int:pk>/", PEOPLE, ONE, "follow-up"),
    post("desk/jobs/follow-ups/<int:pk>/", PEOPLE, DONE, "follow-up", outcome="working"),
    get("desk/jobs/placements/", "figures.view", LIST),
    get("desk/jobs/weekly/", PEOPLE, LIST),
    post("desk/jobs/weekly/", PEOPLE, "in go 404 go in in in"),
    get("desk/jobs/round/", PEOPLE, LIST),
    get("desk/jobs/vacancies/template/", EDIT, LIST),
    get("desk/jobs/vacancies/import/", EDIT, LIST),
    post("desk/jobs/vacancies/import/", EDIT, "in 422 404 422 in in in"),
    post("desk/jobs/vacancies/export/", EXPORT, LIST),
    post("desk/jobs/applications/export/", EXPORT, LIST),
    post("desk/jobs/intentions/export/", EXPORT, LIST),
    get("desk/jobs/fill/", EXPORT, LIST),
    post("desk/jobs/fill/", EXPORT, "in 422 404 422 in in in"),
    get("desk/jobs/feeds/", EDIT, LIST),
    get("desk/jobs/feeds/new/", EDIT, LIST),
    post("desk/jobs/feeds/new/", EDIT, "in 422 404 422 in in in"),
    get("desk/jobs/feeds/<int:pk>/", EDIT, ONE, "feed"),
    post("desk/jobs/feeds/<int:pk>/", EDIT, "in 404 404 422 in in in", "feed"),
    post("desk/jobs/feeds/<int:pk>/act/", EDIT, DONE, "feed", do="stop"),
]
JOBS_MAKING = [
    get("desk/jobs/paste/", EDIT, LIST),
    post("desk/jobs/paste/", EDIT, "in 422 404 422 in in in", do="read"),
    get("desk/jobs/occupations/", EDIT, LIST),
    get("desk/jobs/vacancies/<int:pk>/poster/", VIEW, ONE, "vacancy"),
    get("jobs/<int:pk>/poster/", EVERYONE, OPEN, "vacancy"),
    get("jobs/<int:pk>/poster.svg", EVERYONE, OPEN, "vacancy"),
    get("jobs/<int:pk>/poster.png", EVERYONE, PAINTED, "vacancy"),
    # organisations are public nouns; a link to who applied is made only where they recruit
    get("desk/jobs/employers/", VIEW, LIST),
    get("desk/jobs/employers/<int:pk>/", VIEW, LIST, "organisation"),
    post("desk/jobs/employers/<int:pk>/licence/", "organisations.edit", "in 422 404 422 in in in", "organisation"),
    post("desk/jobs/employers/<int:pk>/link/", PEOPLE, ONE, "organisation"),
    post("desk/jobs/employers/<int:pk>/links/<int:link>/revoke/", PEOPLE, DONE, "organisation", "employer link"),
]
EMPLOYERS = "employers"
MEMBER = "in 404 404 404 404 404 "
ANSWER = {"to": "interview", "interview_at": "tomorrow"}
JOBS_EMPLOYER = [
    get("jobs/employer/", EMPLOYERS, MEMBER + "200"),
    post("jobs/employer/applications/<int:pk>/answer/", EMPLOYERS, MEMBER + "go", "application", **ANSWER),
    post("jobs/employer/applications/<int:pk>/phone/", EMPLOYERS, MEMBER + "409", "application"),
    get("jobs/employer/vacancies/new/", EMPLOYERS, MEMBER + "200"),
    post("jobs/employer/vacancies/new/", EMPLOYERS, MEMBER + "422"),
    # whoever holds the link is the employer, signed in or not
    get("jobs/employer/<slug:token>/", EVERYONE, OPEN, "employer token"),
    post(
        "jobs/employer/<slug:token>/applications/<int:pk>/answer/",
        EVERYONE,
        "go go go go go go go",
        "employer token",
        "application",
        **ANSWER,
    ),
    post(
        "jobs/employer/<slug:token>/applications/<int:pk>/phone/",
        EVERYONE,
        "409 409 409 409 409 409 409",
        "employer token",
        "application",
    ),
    get("jobs/employer/<slug:token>/vacancies/new/", EVERYONE, OPEN, "employer token"),
    post(
        "jobs/employer/<slug:token>/vacancies/new/",
        EVERYONE,
        "422 422 422 422 422 422 422",
        "employer token",
    ),
]
JOBS_API = [
    get("api/v1/jobs/vacancies", EVERYONE, OPEN),
    get("api/v1/jobs/vacancies/<int:pk>", EVERYONE, OPEN, "vacancy"),
    # a form is sent where JSON is asked for: whoever may not ask is told so first
    post("api/v1/jobs/vacancies/<int:pk>/applications", RESIDENTS, "401 415 415 415 415 415 415", "open vacancy"),
]
ROWS = [*JOBS_PHONE, *JOBS_DESK, *JOBS_MAKING, *JOBS_EMPLOYER, *JOBS_API]


def furnish(where: Where) -> dict[str, Any]:
    today = timezone.localdate()
    community, organisation = where.community, where.organisation
    person = {"resident": where.resident, "community": community, "grid": where.grid}
    vacancy = make_vacancy(community=community, employer=organisation)
    sent = Application.objects.create(vacancy=vacancy, state="sent", filed_by="self", **person)
    offered = Application.objects.create(
        vacancy=make_vacancy(community=community, employer=organisation),
        state="recommended",
        filed_by="worker",
        **person,
    )
    placed = Application.objects.create(
        vacancy=make_vacancy(community=community, employer=organisation), state="placed", filed_by="self", **person
    )
    placement = Placement.objects.create(application=placed, started_on=today - timedelta(days=8), **person)
    return {
        "vacancy": vacancy.pk,
        "open vacancy": make_vacancy(community=community, employer=organisation).pk,
        "application": sent.pk,
        "recommendation": offered.pk,
        "family token": family_token(**person, vacancy=make_vacancy(community=community, employer=organisation)),
        "intention": make_intention(where.resident).pk,
        "follow-up": FollowUp.objects.create(placement=placement, day=7, due_on=today, **person).pk,
        "feed": Feed.objects.create(
            name="人社局岗位",
            url="https://jobs.example/feed",
            format="json",
            mapping={"title": "t"},
            community=community,
            owner=community,
        ).pk,
        "code": vacancy.code,
        "organisation": organisation.pk,
        "employer token": make_employer_link(organisation, by=Actor(None), reason="测试"),
        "employer link": EmployerLink.objects.filter(organisation=organisation).values_list("pk", flat=True).get(),
    }
