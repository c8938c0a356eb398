"""The desk's applications: people for a post, recommending, answers, starts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.people import Town, make_resident, make_staff
from tests.services.jobs.make import make_intention, make_vacancy

from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.people.models import Resident
from jiamenkou.services.jobs.models import Application, Placement


@pytest.fixture
def desk(client_for: Any, town: Town) -> Client:
    return client_for(make_staff(Role.WORKER, town.community))


def sent(resident: Resident, **fields: Any) -> Application:
    return Application.objects.create(
        vacancy=make_vacancy(),
        resident=resident,
        community=resident.community,
        grid=resident.grid,
        state="sent",
        filed_by="self",
        **fields,
    )


def test_people_come_with_reasons_and_are_recommended(desk: Client, town: Town) -> None:
    vacancy = make_vacancy(weekdays=31, start_minute=480, end_minute=900, latitude=31.781, longitude=119.971)
    mother = make_resident(town.community, town.grids[0], name="褚云岫")
    intention = make_intention(mother, wanted="护理员", school_run=True)
    page = desk.get(f"/desk/jobs/vacancies/{vacancy.pk}/people/").content.decode()
    assert "褚云岫" in page
    assert "能接孩子" in page
    assert "正是本人想找的活" in page and "您想找" not in page, "about the person, not to them"
    answer = desk.post(
        f"/desk/jobs/vacancies/{vacancy.pk}/recommend/", {"chosen": [str(intention.pk)], "word": "手脚利落"}
    )
    assert answer.status_code == 302
    application = Application.objects.get()
    assert (application.state, application.resident, application.word) == ("recommended", mother, "手脚利落")
    again = desk.get(f"/desk/jobs/vacancies/{vacancy.pk}/people/").content.decode()
    assert "等本人点头" in again


def test_refusing_without_a_reason_says_so_beside_the_field(desk: Client, town: Town) -> None:
    application = sent(make_resident(town.community))
    answer = desk.post(f"/desk/jobs/applications/{application.pk}/move/", {"to": "refused"})
    assert answer.status_code == 422
    assert "请选一个原因" in answer.content.decode()


def test_from_interview_to_a_counted_start(desk: Client, town: Town) -> None:
    application = sent(make_resident(town.community))
    url = f"/desk/jobs/applications/{application.pk}/"
    future = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert desk.post(url + "move/", {"to": "interview", "interview_at": f"{future}T09:30"}).status_code == 302
    assert desk.post(url + "move/", {"to": "hired", "starts_on": future}).status_code == 302
    assert "还没到这一天" in desk.post(url + "start/", {"started_on": future}).content.decode()
    assert desk.post(url + "start/", {"started_on": timezone.localdate().isoformat()}).status_code == 302
    assert Placement.objects.get().application == application
    assert "已上岗" in desk.get(url).content.decode()


def test_silent_employers_are_found_and_chased(desk: Client, town: Town) -> None:
    late = sent(
        make_resident(town.community, name="农远山"), answer_due_at=timezone.now() - timedelta(days=1, hours=4)
    )
    sent(make_resident(town.community, name="卫南枝"), answer_due_at=timezone.now() + timedelta(days=1))
    page = desk.get("/desk/jobs/applications/?only=silent").content.decode()
    assert "农远山" in page
    assert "超 1 天 4 小时" in page
    assert "卫南枝" not in page
    assert desk.post(f"/desk/jobs/applications/{late.pk}/chased/").status_code == 302
    assert "农远山" not in desk.get("/desk/jobs/applications/?only=silent").content.decode()


def test_board_shows_lanes_with_their_cap(desk: Client, town: Town) -> None:
    application = sent(make_resident(town.community, name="戚长风"))
    page = desk.get("/desk/jobs/board/").content.decode()
    assert "戚长风" in page
    assert application.vacancy.title in page
    assert "上限 6" in page


def test_grid_worker_sees_only_the_grid(client_for: Any, town: Town) -> None:
    mine, other = (
        sent(make_resident(town.community, town.grids[0])),
        sent(make_resident(town.community, town.grids[1])),
    )
    grid = client_for(make_staff(Role.GRID_WORKER, town.grids[0]))
    assert grid.get(f"/desk/jobs/applications/{mine.pk}/").status_code == 200
    assert grid.get(f"/desk/jobs/applications/{other.pk}/").status_code == 404
    page = grid.get("/desk/jobs/applications/").content.decode()
    assert mine.resident.name in page
    assert other.resident.name not in page
