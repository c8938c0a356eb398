"""Above the community: counts where others get names, and posts that belong to whoever published them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.people import Town, actor, make_resident, make_staff
from tests.services.jobs.make import make_intention, make_vacancy

from jiamenkou.foundation.access.roles import Permission, Role, granted
from jiamenkou.foundation.people.models import Account
from jiamenkou.services.jobs.models import Application, Feed, FollowUp, Placement, Vacancy
from jiamenkou.services.jobs.permissions import JobsPermission

NAME = "褚云岫"


@pytest.fixture
def officer(town: Town) -> Account:
    return make_staff(Role.STREET_OFFICER, town.street)


@pytest.fixture
def scene(town: Town) -> dict[str, int]:
    """One person at every step that a list, a board, 今天 or a search could name."""
    person = make_resident(town.community, town.grids[0], name=NAME)
    wish = make_intention(person, renew_on=timezone.localdate())
    where = {"resident": person, "community": town.community, "grid": town.grids[0]}
    late = timezone.now() - timedelta(days=1)
    today = timezone.localdate()
    sent, hired, placed = (
        Application.objects.create(
            vacancy=make_vacancy(title=title, community=town.community),
            state=state,
            filed_by="self",
            recommended_at=timezone.now() - timedelta(days=3),
            **where,
            **more,
        )
        for title, state, more in [
            ("保洁员", "sent", {"answer_due_at": late}),
            ("门卫", "hired", {"starts_on": today}),
            ("裁缝", "placed", {}),
        ]
    )
    placement = Placement.objects.create(application=placed, started_on=today - timedelta(days=1), **where)
    FollowUp.objects.create(placement=placement, day=7, due_on=today, **where)
    return {"application": sent.pk, "vacancy": sent.vacancy_id, "intention": wish.pk, "hired": hired.pk}


def test_who_sees_applicants_sees_residents() -> None:
    for role in Role:
        if JobsPermission.PEOPLE in granted(role):
            assert Permission.RESIDENTS_VIEW in granted(role), role


LISTS = ["applications/", "applications/?only=silent", "board/", "intentions/", "placements/", "employers/"]


def test_an_officer_counts_and_a_worker_names(
    client_for: Any, officer: Account, scene: dict[str, int], town: Town
) -> None:
    street, worker = client_for(officer), client_for(make_staff(Role.WORKER, town.community))
    lists = [f"/desk/jobs/{path}" for path in LISTS]
    pages = [*lists, "/desk/", f"/desk/jobs/vacancies/{scene['vacancy']}/"]
    for page in pages:
        answer = street.get(page)
        assert answer.status_code == 200, page
        assert NAME not in answer.content.decode(), page
    named = [page for page in pages if NAME in worker.get(page).content.decode()]
    assert set(named) == set(pages) - {"/desk/jobs/employers/"}, "the careless page would show"
    counted = street.get("/desk/jobs/applications/").content.decode()
    assert "保洁员" in counted and "名单只给社区看" in counted
    # the word is not looked for in names: a hit would tell who applied
    assert "保洁员" not in street.get(f"/desk/jobs/applications/?q={NAME}").content.decode()
    assert town.community.name in street.get("/desk/jobs/intentions/").content.decode()


@pytest.mark.parametrize("path", ["?sort=-x", "?sort=title", "?page=zz", "?q=%00", "?only=none"])
def test_counts_take_any_address(client_for: Any, officer: Account, scene: dict[str, int], path: str) -> None:
    for page in ("applications", "intentions"):
        assert client_for(officer).get(f"/desk/jobs/{page}/{path}").status_code == 200


def test_an_officer_opens_nobody(client_for: Any, officer: Account, scene: dict[str, int]) -> None:
    street: Client = client_for(officer)
    for path in (
        f"applications/{scene['application']}/",
        f"intentions/{scene['intention']}/",
        f"vacancies/{scene['vacancy']}/people/",
        "round/",
    ):
        assert street.get(f"/desk/jobs/{path}").status_code == 404, path
    assert street.post("/desk/jobs/applications/export/").status_code == 404
    # a link would show who applied
    employer = Vacancy.objects.get(pk=scene["vacancy"]).employer_id
    assert street.post(f"/desk/jobs/employers/{employer}/link/").status_code == 404
    # the page repeats the word that was searched for: a part of the name tells a hit apart
    assert NAME not in street.post("/desk/search/", {"q": NAME[0]}, follow=True).content.decode()


def test_names_end_where_the_caseload_ends(client_for: Any, scene: dict[str, int], town: Town) -> None:
    """A street officer who also works in the neighbouring community gets the names of that one only."""
    both = make_staff(Role.WORKER, town.neighbour)
    both.roles.create(role=Role.STREET_OFFICER, place=town.street)
    desk = client_for(both)
    for path in ("applications/", "board/", "intentions/", "placements/"):
        assert NAME not in desk.get(f"/desk/jobs/{path}").content.decode(), path
    assert desk.get(f"/desk/jobs/applications/{scene['application']}/").status_code == 404


EDIT = {"title": "改了", "employer": "某单位", "kind": "full_time", "headcount": "1", "negotiable": "on"}


def test_shown_to_everybody_is_not_everybodys_to_change(client_for: Any, town: Town) -> None:
    entered_here = make_vacancy(community=None, owner=town.community)
    streets = make_vacancy(community=None, owner=town.street)
    here, elsewhere = (client_for(make_staff(Role.WORKER, place)) for place in (town.community, town.neighbour))
    street, other_street = (
        client_for(make_staff(Role.STREET_OFFICER, place)) for place in (town.street, town.other_street)
    )
    may = {
        entered_here.pk: {here: True, elsewhere: False, street: True, other_street: False},
        streets.pk: {here: False, elsewhere: False, street: True, other_street: False},
    }
    for pk, visitors in may.items():
        url = f"/desk/jobs/vacancies/{pk}/"
        for visitor, allowed in visitors.items():
            page = visitor.get(url)
            assert page.status_code == 200, "everybody looks"
            assert ("下架并告诉他们" in page.content.decode()) is allowed
            assert visitor.get(f"{url}edit/").status_code == (200 if allowed else 404)
            if not allowed:
                assert visitor.post(f"{url}edit/", EDIT).status_code == 404
                assert visitor.post(f"{url}act/", {"do": "pause"}).status_code == 404
    assert set(Vacancy.objects.values_list("state", flat=True)) == {"open"}
    # a grid's people publish for their community
    grid = client_for(make_staff(Role.GRID_WORKER, town.grids[0]))
    assert grid.get(f"/desk/jobs/vacancies/{entered_here.pk}/edit/").status_code == 200
    assert grid.get(f"/desk/jobs/vacancies/{streets.pk}/edit/").status_code == 404


def test_a_draft_is_its_owners(client_for: Any, town: Town) -> None:
    draft = make_vacancy(community=None, owner=town.neighbour, state="draft", published_at=None)
    assert (
        client_for(make_staff(Role.WORKER, town.community)).get(f"/desk/jobs/vacancies/{draft.pk}/").status_code == 404
    )


def test_what_an_officer_publishes_is_the_streets_and_shown_to_all(
    client_for: Any, officer: Account, town: Town
) -> None:
    answer = client_for(officer).post("/desk/jobs/vacancies/new/", EDIT | {"do": "publish", "answer_days": "3"})
    assert answer.status_code == 302
    vacancy = Vacancy.objects.get()
    assert (vacancy.owner, vacancy.community, vacancy.state) == (town.street, None, "open")


def test_feeds_belong_to_a_place(client_for: Any, town: Town) -> None:
    feed = Feed.objects.create(
        name="区人社岗位", url="https://jobs.example/", format="json", mapping={"title": "t"}, owner=town.district
    )
    url = f"/desk/jobs/feeds/{feed.pk}/"
    worker, street = client_for(make_staff(Role.WORKER, town.community)), make_staff(Role.STREET_OFFICER, town.street)
    for visitor in (worker, client_for(street)):
        assert visitor.get(url).status_code == 404
        assert visitor.post(f"{url}act/", {"do": "stop"}).status_code == 404
        assert "区人社岗位" not in visitor.get("/desk/jobs/feeds/").content.decode()
    district = client_for(make_staff(Role.DISTRICT_OFFICER, town.district))
    assert district.get(url).status_code == 200
    assert actor(street).may(JobsPermission.EDIT)
