"""Who may open what in this room, and the objects those rows name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from tests.people import make_account
from tests.services.needs.make import make_category, make_need
from tests.trust.parts import Where
from tests.trust.rowing import DONE, EVERYONE, LIST, ONE, OPEN, OWN, RESIDENTS, get, post

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
]
DESK = [
    get("desk/needs/", PEOPLE, LIST),
    post("desk/needs/export/", "residents.export", LIST),
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
ROWS = [*PHONE, *DESK]


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
    return {
        "need": make_need(where.resident).pk,
        "open need": make_need(where.resident).pk,
        "answered need": make_need(where.resident, state="answered").pk,
        "need category": category.pk,
        "need project": project.pk,
        "local supply": LocalSupply.objects.create(
            category=category, community=where.community, words="周三义剪", people=8
        ).pk,
    }
