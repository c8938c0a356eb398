"""Intentions on the desk, the phone round, 今天, the rate with its names."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.people import Town, make_resident, make_staff
from tests.services.jobs.make import make_intention, make_vacancy

from jiamenkou.foundation.access.roles import Role
from jiamenkou.services.jobs.models import Application, Call, FollowUp, Intention, Placement


@pytest.fixture
def desk(client_for: Any, town: Town) -> Client:
    return client_for(make_staff(Role.WORKER, town.community))


def test_worker_files_a_wish_once(desk: Client, town: Town) -> None:
    person = make_resident(town.community, town.grids[0])
    form = {
        "wanted": "护理员、保洁",
        "school_run": "on",
        "not_after": "15:30",
        "max_walk_minutes": "15",
        "min_pay_fen": "3000",
        "min_pay_unit": "month",
    }
    assert desk.post(f"/desk/jobs/intentions/for/{person.pk}/", form).status_code == 302
    intention = Intention.objects.get()
    assert (intention.not_after, intention.min_pay_fen, intention.filed_by) == (930, 300000, "worker")
    again = desk.post(f"/desk/jobs/intentions/for/{person.pk}/", form)
    assert again.status_code == 422
    assert "已经有一份求职意向" in again.content.decode()


def test_round_goes_from_person_to_person(desk: Client, town: Town) -> None:
    today = timezone.localdate()
    names = ["桑若水", "宁采薇", "耿慕白"]
    for days, name in enumerate(names):
        make_intention(make_resident(town.community, name=name), renew_on=today - timedelta(days=10 - days))
    fresh = make_intention(make_resident(town.community, name="秋泠"))
    for name, outcome in zip(names, ["renewed", "no_answer", "stopped"], strict=True):
        page = desk.get("/desk/jobs/round/").content.decode()
        assert name in page
        intention = Intention.objects.get(resident__name=name)
        assert desk.post(f"/desk/jobs/intentions/{intention.pk}/call/", {"outcome": outcome}).status_code == 302
    assert "今天的电话打完了" in desk.get("/desk/jobs/round/").content.decode()
    states = {
        i.resident.name: (i.state, i.renew_on > today, i.next_call_on)
        for i in Intention.objects.select_related("resident")
    }
    assert states["桑若水"] == ("open", True, None)
    assert states["宁采薇"] == ("open", False, today + timedelta(days=2))
    assert states["耿慕白"] == ("closed", False, None)
    assert Call.objects.count() == 3
    assert not fresh.calls.exists()


def test_today_gathers_what_waits(desk: Client, town: Town) -> None:
    now = timezone.now()
    person = make_resident(town.community, town.grids[0], name="褚望舒")
    Application.objects.create(
        vacancy=make_vacancy(), resident=person, community=town.community, state="sent", filed_by="self",
        answer_due_at=now - timedelta(hours=6),
    )  # fmt: skip
    Application.objects.create(
        vacancy=make_vacancy(), resident=person, community=town.community, state="hired", filed_by="self",
        starts_on=timezone.localdate(),
    )  # fmt: skip
    make_intention(person, renew_on=timezone.localdate())
    page = desk.get("/desk/").content.decode()
    assert "还没回 1 位应聘者" in page
    assert "褚望舒 上岗了没有" in page
    assert "1 位的求职意向该再问了" in page


def test_rate_counts_each_person_once_and_shows_names_to_those_allowed(client_for: Any, town: Town) -> None:
    now = timezone.now()
    placed, waiting = make_resident(town.community, name="卫南枝"), make_resident(town.community, name="农远山")
    for person, state in ((placed, "placed"), (placed, "refused"), (waiting, "sent")):
        application = Application.objects.create(
            vacancy=make_vacancy(), resident=person, community=town.community, state=state, filed_by="worker",
            reason="full", recommended_at=now - timedelta(days=20),
        )  # fmt: skip
        if state == "placed":
            placement = Placement.objects.create(
                application=application, resident=person, community=town.community, started_on=timezone.localdate()
            )
            FollowUp.objects.create(
                placement=placement, resident=person, community=town.community, day=7, due_on=timezone.localdate(),
                done_at=now, outcome="working",
            )  # fmt: skip
    worker = client_for(make_staff(Role.WORKER, town.community)).get("/desk/jobs/placements/").content.decode()
    assert "50%" in worker
    assert "1 / 2" in worker
    assert "卫南枝" in worker
    officer = client_for(make_staff(Role.STREET_OFFICER, town.street)).get("/desk/jobs/placements/").content.decode()
    assert "50%" in officer
    assert "卫南枝" not in officer
    elsewhere = client_for(make_staff(Role.WORKER, town.neighbour)).get("/desk/jobs/placements/").content.decode()
    assert "50%" not in elsewhere
