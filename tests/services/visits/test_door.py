"""What a phone takes along and sends: sealed, once, by whoever recorded it."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image
from tests.people import Town, make_staff
from tests.services.visits.make import make_door, make_plan, record, sealed, send, told_of

from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.access.sessions import end_all
from jiamenkou.foundation.audit.models import ExportLog
from jiamenkou.foundation.people.models import Account, Resident
from jiamenkou.services.visits.door import shell
from jiamenkou.services.visits.models import Visit, VisitFile

DOOR = "/desk/visits/door/"


@pytest.fixture
def door(town: Town) -> Resident:
    return make_door(town.community, town.grids[0])


@pytest.fixture
def worker(town: Town) -> Account:
    return make_staff(Role.GRID_WORKER, town.grids[0])


def photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (640, 480), "teal").save(out, "JPEG")
    return out.getvalue()


def test_the_list_is_of_the_own_grid_and_logged(client_for: Any, door: Resident, worker: Account, town: Town) -> None:
    make_plan(door)
    make_plan(make_door(town.community, town.grids[1]))
    make_plan(make_door(town.community, town.grids[0]), due_on=timezone.localdate() + timedelta(days=30))
    browser = client_for(worker)
    told = browser.post(f"{DOOR}take/").json()
    assert [one["resident"] for one in told["list"]] == [door.pk]
    assert told["key"] == browser.post(f"{DOOR}take/").json()["key"], "one sign-in, one key"
    assert told["key"] != client_for(worker).post(f"{DOOR}take/").json()["key"], "another sign-in, another key"
    assert 11.9 * 3_600_000 < told["until"] - told["now"] <= 12 * 3_600_000
    assert ExportLog.objects.filter(what="走访名单", rows=1).count() == 3


def test_the_list_costs_the_same_for_many(client_for: Any, door: Resident, worker: Account, town: Town) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = client_for(worker)
    counts = []
    for more in (1, 12):
        for _ in range(more):
            person = make_door(town.community, town.grids[0])
            record(person, worker, outcome="absent")
            make_plan(person)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            browser.post(f"{DOOR}take/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_lost_answer_is_given_again(client_for: Any, door: Resident, worker: Account) -> None:
    told, browser = told_of(door), client_for(worker)
    raw = sealed(told, worker)

    def post(number: str = "") -> Any:
        now = str(int(timezone.now().timestamp() * 1000))
        headers = {"Idempotency-Key": number or told["uid"], "Door-Clock": now}
        return browser.post(f"{DOOR}send/", {"sealed": raw}, headers=headers)

    first, again = post(), post()
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json() and Visit.objects.count() == 1
    # a number that is not the one inside is no way around it
    assert post("3e0c2f9e-0000-4000-8000-000000000000").status_code == 422


def test_photo_and_voice_arrive_sealed_and_are_drawn_again(
    client_for: Any, door: Resident, worker: Account, settings: Any, tmp_path: Any
) -> None:
    settings.DATA_DIR = tmp_path
    answer = send(client_for(worker), told_of(door), worker, photo=[photo()], voice=[b"OggS" + bytes(60)])
    assert answer.status_code == 200
    assert sorted(VisitFile.objects.values_list("kind", flat=True).order_by("kind")) == ["photo", "voice"]
    poison = send(client_for(worker), told_of(door), worker, photo=[b"GIF89a" + bytes(20)])
    assert poison.status_code == 422 and "照片" in poison.json()["problem"]
    assert Visit.objects.count() == 1


@pytest.mark.parametrize("change", ["bytes", "owner", "visit", "clock", "nothing"])
def test_what_does_not_belong_is_refused(
    client_for: Any, door: Resident, worker: Account, town: Town, change: str
) -> None:
    told = told_of(door)
    raw = sealed(told, make_staff(Role.WORKER, town.community) if change == "owner" else worker)
    if change == "bytes":
        raw = raw[:-4] + "AAAA"
    if change == "visit":
        raw = sealed(told_of(door), worker)
    headers = {"Idempotency-Key": told["uid"]} | ({"Door-Clock": "1"} if change != "clock" else {})
    answer = client_for(worker).post(f"{DOOR}send/", {"sealed": raw} if change != "nothing" else {}, headers=headers)
    assert answer.status_code == (403 if change == "owner" else 422)
    assert answer.json()["problem"] and not Visit.objects.exists()


def test_who_moved_away_is_kept_on_the_phone(client_for: Any, worker: Account, town: Town) -> None:
    answer = send(client_for(worker), told_of(make_door(town.community, town.grids[1])), worker)
    assert answer.status_code == 409 and "不在您负责的范围" in answer.json()["problem"]


def test_a_sign_in_that_is_over_asks_for_one(client: Any, client_for: Any, door: Resident, worker: Account) -> None:
    assert send(client, told_of(door), worker).status_code == 302
    assert client.get(f"{DOOR}session/").json()["signed_in"] is False
    assert client.get(DOOR).status_code == 200, "the shell opens without a sign-in"


def test_a_list_is_forgotten_when_the_account_was_closed(client: Any, client_for: Any, worker: Account) -> None:
    ticket = client_for(worker).post(f"{DOOR}take/").json()["ticket"]

    def forget(word: str) -> bool:
        answer: bool = client.get(f"{DOOR}session/", headers={"Door-Ticket": word}).json()["forget"]
        return answer

    assert (forget(ticket), forget("forged")) == (False, True)
    end_all(worker)
    assert forget(ticket) is True


def test_ones_own_unfinished_form_can_be_opened_again(client_for: Any, door: Resident, worker: Account) -> None:
    told = told_of(door, note="没写完")
    headers = {"Door-Visit": told["uid"]}
    answer = client_for(worker).post(f"{DOOR}reopen/", {"sealed": sealed(told, worker)}, headers=headers)
    assert answer.json()["note"] == "没写完" and not Visit.objects.exists()


def test_the_shell_is_static_strict_and_whole(client: Any, db: None) -> None:
    # closing a file's answer looks at the connection, whichever test came before
    page, script = client.get(DOOR), client.get(f"{DOOR}worker.js")
    assert "nonce" not in page["Content-Security-Policy"] and "unsafe" not in page["Content-Security-Policy"]
    assert script["Content-Type"].startswith("text/javascript")
    assert script["Service-Worker-Allowed"] == DOOR
    assert shell.version() in script.content.decode()
    for name in shell.FILES:
        answer = client.get(f"/static/{name}")
        assert answer.status_code == 200, name
        answer.close()


def test_the_plain_form_does_the_same(client_for: Any, door: Resident, worker: Account) -> None:
    plan, browser = make_plan(door), client_for(worker)
    page = browser.get(f"/desk/visits/new/{door.pk}/").content.decode()
    uid = page.split('name="uid" value="')[1].split('"')[0]
    given = {"uid": uid, "outcome": "met", "q_living": "alone", "need": ["repair"], "need_words": "灯坏了"}
    for _ in range(2):
        assert browser.post(f"/desk/visits/new/{door.pk}/", given).status_code == 302
    visit = Visit.objects.get()
    plan.refresh_from_db()
    assert visit.needs.get().words == "灯坏了" and plan.state == "done"
    wrong = browser.post(f"/desk/visits/new/{door.pk}/", given | {"uid": "x", "phone": "12", "outcome": ""})
    assert wrong.status_code == 422
