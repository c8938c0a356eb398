"""Who may open what in this room, and the objects those rows name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from tests.people import make_account
from tests.services.needs.make import make_category, make_duty, make_fair, make_need, make_sign_up, make_survey
from tests.trust.parts import Where
from tests.trust.rowing import DONE, EVERYONE, LIST, ONE, OPEN, OWN, RESIDENTS, WRONG, get, post

from jiamenkou.services.needs.models import LocalSupply, Project

OPEN_TABLES = {
    "needs_project": "what opens, and when: published to whoever asked",
    "needs_localsupply": "what there is, in figures",
    "needs_survey": "the questions, not the answers",
    "needs_fair": "published: when and where",
    "needs_duty": "who answers for a place is published",
}
VIEW, PEOPLE, EDIT, SETUP = "needs.view", "needs.people", "needs.edit", "needs.setup"
PHONE = [
    get("needs/", EVERYONE, OPEN),
    get("needs/say/", RESIDENTS, "in go go go go go go"),
    post("needs/say/", RESIDENTS, "in go go go 422 422 go"),
    get("needs/<int:pk>/", RESIDENTS, "in 404 404 404 200 404 404", "need"),
    post("needs/<int:pk>/answer/", RESIDENTS, OWN, "answered need", do="yes"),
    get("needs/net/", EVERYONE, OPEN),
    get("needs/fairs/<int:pk>/", EVERYONE, OPEN, "fair"),
    post("needs/fairs/<int:pk>/join/", RESIDENTS, "in go go go go 409 go", "fair", heads="1"),
    post("needs/fairs/<int:pk>/leave/", RESIDENTS, OWN, "joined fair"),
    get("needs/fairs/in/<slug:code>/", RESIDENTS, "in go go go 200 200 go", "fair code"),
    # it is not the day yet
    post("needs/fairs/in/<slug:code>/", RESIDENTS, "in go go go 409 409 go", "fair code"),
    get("needs/surveys/<int:pk>/", RESIDENTS, "in go go go 200 200 go", "survey"),
    post("needs/surveys/<int:pk>/", RESIDENTS, "in go go go 422 422 go", "survey"),
]
DESK = [
    get("desk/needs/", PEOPLE, LIST),
    post("desk/needs/export/", "residents.export", LIST),
    get("desk/needs/import/", EDIT, LIST),
    post("desk/needs/import/", EDIT, "in 422 404 422 in in in"),
    get("desk/needs/import/template/", EDIT, LIST),
    get("desk/needs/<int:pk>/", PEOPLE, ONE, "need"),
    post("desk/needs/<int:pk>/move/", EDIT, DONE, "open need", to="answered"),
    get("desk/needs/for/<int:resident>/", EDIT, ONE, "resident"),
    post("desk/needs/for/<int:resident>/", EDIT, "in 404 404 422 in in in", "resident"),
    get("desk/needs/gaps/", VIEW, LIST),
    post("desk/needs/gaps/export/", VIEW, LIST),
    # a kind of need is nobody's; the project is made where one works
    get("desk/needs/gaps/<int:category>/project/", EDIT, LIST, "need category"),
    post("desk/needs/gaps/<int:category>/project/", EDIT, "in 422 404 422 in in in", "need category"),
    post("desk/needs/supply/", EDIT, "in 422 404 422 in in in"),
    post("desk/needs/supply/<int:pk>/drop/", EDIT, DONE, "local supply"),
    get("desk/needs/projects/", VIEW, LIST),
    post("desk/needs/projects/export/", VIEW, LIST),
    get("desk/needs/projects/<int:pk>/", VIEW, ONE, "need project"),
    post("desk/needs/projects/<int:pk>/move/", EDIT, DONE, "need project", to="open"),
    get("desk/needs/categories/", SETUP, LIST),
    post("desk/needs/categories/plant/", SETUP, "in go 404 go in in in"),
    get("desk/needs/categories/new/", SETUP, LIST),
    post("desk/needs/categories/new/", SETUP, "in 422 404 422 in in in"),
    get("desk/needs/categories/<int:pk>/", SETUP, LIST, "need category"),
    post("desk/needs/categories/<int:pk>/", SETUP, "in 422 404 422 in in in", "need category"),
]
EXPORT = "residents.export"
GATHERINGS = [
    get("desk/needs/fairs/", VIEW, LIST),
    post("desk/needs/fairs/export/", VIEW, LIST),
    get("desk/needs/fairs/new/", EDIT, LIST),
    post("desk/needs/fairs/new/", EDIT, "in 422 404 422 in in in"),
    get("desk/needs/fairs/<int:pk>/", VIEW, ONE, "fair"),
    get("desk/needs/fairs/<int:pk>/edit/", EDIT, ONE, "fair"),
    post("desk/needs/fairs/<int:pk>/edit/", EDIT, WRONG, "fair"),
    post("desk/needs/fairs/<int:pk>/act/", EDIT, DONE, "fair", do="stand", title="fair"),
    get("desk/needs/fairs/<int:pk>/paste/", EDIT, ONE, "fair"),
    post("desk/needs/fairs/<int:pk>/paste/", EDIT, WRONG, "fair"),
    post("desk/needs/fairs/<int:pk>/export/", EXPORT, ONE, "joined fair"),
    post("desk/needs/fairs/<int:pk>/sheet/", EXPORT, ONE, "joined fair"),
    get("desk/needs/fairs/<int:pk>/entrance/", EDIT, ONE, "fair"),
    get("desk/needs/fairs/<int:pk>/poster/", VIEW, ONE, "fair"),
    get("desk/needs/fairs/<int:pk>/stand/", EDIT, ONE, "fair"),
    post("desk/needs/fairs/<int:pk>/stand/count/", EDIT, DONE, "fair", category="need category"),
    get("desk/needs/surveys/", VIEW, LIST),
    post("desk/needs/surveys/export/", VIEW, LIST),
    get("desk/needs/surveys/new/", EDIT, LIST),
    post("desk/needs/surveys/new/", EDIT, "in 422 404 422 in in in"),
    get("desk/needs/surveys/<int:pk>/", VIEW, ONE, "survey"),
    get("desk/needs/surveys/<int:pk>/edit/", EDIT, ONE, "survey"),
    post("desk/needs/surveys/<int:pk>/edit/", EDIT, WRONG, "survey"),
    post("desk/needs/surveys/<int:pk>/act/", EDIT, DONE, "survey", do="close"),
    post("desk/needs/surveys/<int:pk>/export/", EXPORT, ONE, "survey"),
    get("desk/needs/surveys/<int:pk>/poster/", VIEW, ONE, "survey"),
    get("desk/needs/surveys/<int:pk>/for/<int:resident>/", EDIT, ONE, "survey", "resident"),
    post("desk/needs/surveys/<int:pk>/for/<int:resident>/", EDIT, WRONG, "survey", "resident"),
]
NET = [
    get("desk/needs/net/", VIEW, LIST),
    post("desk/needs/net/export/", VIEW, LIST),
    get("desk/needs/net/<int:pk>/", VIEW, ONE, "place of the net"),
    post("desk/needs/net/<int:pk>/add/", SETUP, WRONG, "place of the net"),
    post("desk/needs/net/<int:pk>/phone/", SETUP, DONE, "place of the net"),
    get("desk/needs/net/<int:pk>/print/", VIEW, ONE, "place of the net"),
    get("desk/needs/net/duty/<int:pk>/", SETUP, ONE, "duty"),
    post("desk/needs/net/duty/<int:pk>/", SETUP, DONE, "duty", on="today"),
]
ROWS = [*PHONE, *DESK, *GATHERINGS, *NET]


def furnish(where: Where) -> dict[str, Any]:
    category = make_category()
    project = Project.objects.create(
        title="剪发班",
        kind="class",
        category=category,
        community=where.community,
        lead=make_account(),
        opens_on=timezone.localdate() + timedelta(days=9),
    )
    fair, joined = make_fair(where.community), make_fair(where.community)
    make_sign_up(joined, where.resident)
    survey = make_survey(where.community, category)
    return {
        "fair": fair.pk,
        "joined fair": joined.pk,
        "fair code": fair.code,
        "survey": survey.pk,
        "place of the net": where.grid.pk,
        "duty": make_duty(where.grid).pk,
        "need": make_need(where.resident).pk,
        "open need": make_need(where.resident).pk,
        "answered need": make_need(where.resident, state="answered").pk,
        "need category": category.pk,
        "need project": project.pk,
        "local supply": LocalSupply.objects.create(
            category=category, community=where.community, words="周三义剪", people=8
        ).pk,
    }
