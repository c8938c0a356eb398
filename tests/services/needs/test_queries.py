"""The room's lists ask the database the same with many rows as with few."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.people import Town, make_account, make_resident, make_signed_up, make_staff
from tests.services.needs.make import make_category, make_duty, make_fair, make_need, make_sign_up, make_survey

from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.places.models import Place, PlaceKind
from jiamenkou.services.needs.models import Category, Fair, Need, Project, Survey, SurveyAnswer

pytestmark = pytest.mark.postgres


def more(town: Town, fair: Fair, survey: Survey, number: int) -> None:
    """One row more of everything, each with people, places and colleagues of its own."""
    category = make_category()
    survey.categories.add(category)
    person = make_resident(town.community, town.grids[0])
    project = Project.objects.create(
        title=f"项目{number}", kind="class", category=category, community=town.community, lead=make_account(),
        opens_on=timezone.localdate() + timedelta(days=2),
    )  # fmt: skip
    make_need(person, category)
    make_need(make_resident(town.community, town.grids[1]), category, state="planned", project=project)
    make_sign_up(fair, person)
    make_survey(town.community, category)
    make_fair(town.community)
    SurveyAnswer.objects.create(
        survey=survey, resident=person, community=town.community, grid=town.grids[0], ticked=[category.pk], filed_by="self"
    )  # fmt: skip
    building = Place.plant(town.grids[0], code=f"b{number}", kind=PlaceKind.BUILDING, name=f"{number} 栋")
    make_duty(building, "building_head")
    make_duty(town.grids[0])


def test_a_list_asks_no_more_with_more_rows(town: Town, client_for: Any) -> None:
    fair, survey = make_fair(town.community, capacity=99), make_survey(town.community)
    project = None
    desk = client_for(make_staff(Role.WORKER, town.community))
    phone = client_for(make_signed_up(make_resident(town.community, town.grids[0])))

    def asked(browser: Any, path: str) -> int:
        browser.get(path)  # what is kept by the process is warm
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert browser.get(path).status_code == 200, path
        return len(queries)

    more(town, fair, survey, 1)
    project = Project.objects.get()
    pages = [
        "",
        "gaps/",
        "projects/",
        f"projects/{project.pk}/",
        "fairs/",
        f"fairs/{fair.pk}/",
        f"fairs/{fair.pk}/stand/",
    ]
    pages += ["surveys/", f"surveys/{survey.pk}/", "net/", f"net/{town.grids[0].pk}/", "categories/"]
    few = {path: asked(desk, f"/desk/needs/{path}") for path in pages}
    mine = asked(phone, "/needs/")
    for number in range(2, 6):
        more(town, fair, survey, number)
    Need.objects.filter(state="planned").update(project=project, category=Category.objects.order_by("id")[0])
    assert {path: asked(desk, f"/desk/needs/{path}") for path in pages} == few
    assert asked(phone, "/needs/") == mine
    assert max(few.values()) <= 30, few
