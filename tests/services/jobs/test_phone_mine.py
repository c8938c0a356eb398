"""My applications and my wish on the phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.fronts.phone.scene import Scene, make_scene
from tests.people import Town, make_resident, make_signed_up

from jiamenkou.foundation.messages.models import Message
from jiamenkou.services.jobs.models import Application, Intention, Placement
from jiamenkou.services.jobs.phone.entries import entry_of
from jiamenkou.services.jobs.states import ApplicationState, IntentionState

pytestmark = pytest.mark.postgres


@pytest.fixture
def scene(town: Town) -> Scene:
    return make_scene(town, stale=True)


@pytest.fixture
def phone(client_for: Callable[[Any], Client], scene: Scene) -> Client:
    return client_for(scene.account)


def state_of(application: Application) -> str:
    return Application.objects.get(pk=application.pk).state


@pytest.mark.parametrize(
    ("do", "state", "said"), [("yes", ApplicationState.SENT, "想去"), ("no", ApplicationState.DECLINED, "不去")]
)
def test_answering_on_the_page_settles_the_message(
    phone: Client, scene: Scene, do: str, state: ApplicationState, said: str
) -> None:
    phone.post(f"/jobs/applications/{scene.recommended.pk}/answer/", {"do": do, "why": "hours"})
    assert state_of(scene.recommended) == state
    assert Message.objects.get(notice="jobs.recommended").answer == said


def test_withdrawing_asks_for_a_reason(phone: Client, scene: Scene) -> None:
    path = f"/jobs/applications/{scene.interview.pk}/answer/"
    refused = phone.post(path, {"do": "withdraw"})
    assert refused.status_code == 409
    assert "请选一个原因" in refused.content.decode()
    assert phone.post(path, {"do": "withdraw", "why": "family"}).status_code == 302
    assert state_of(scene.interview) == ApplicationState.WITHDRAWN
    assert "家里有事" in phone.get(f"/jobs/applications/{scene.interview.pk}/").content.decode()


@pytest.mark.parametrize("do", ["yes", "no", "started", "", "hire"])
def test_only_what_the_table_allows(phone: Client, scene: Scene, do: str) -> None:
    answer = phone.post(f"/jobs/applications/{scene.sent.pk}/answer/", {"do": do})
    assert answer.status_code == 409
    assert state_of(scene.sent) == ApplicationState.SENT


def test_saying_that_one_has_started(phone: Client, scene: Scene) -> None:
    Application.objects.filter(pk=scene.interview.pk).update(state=ApplicationState.HIRED)
    path = f"/jobs/applications/{scene.interview.pk}/"
    assert "我上岗了" in phone.get(path).content.decode()
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert phone.post(path + "answer/", {"do": "started", "started_on": tomorrow}).status_code == 409
    assert phone.post(path + "answer/", {"do": "started", "started_on": ""}).status_code == 409
    phone.post(path + "answer/", {"do": "started", "started_on": timezone.localdate()})
    assert state_of(scene.interview) == ApplicationState.PLACED
    assert Placement.objects.get().resident == scene.resident
    assert Intention.objects.get(pk=scene.intention.pk).state == IntentionState.PLACED


def test_an_interview_waits_on_its_day(scene: Scene) -> None:
    assert not entry_of(scene.interview).waits_for_me
    scene.interview.interview_at = timezone.now()
    assert entry_of(scene.interview).waits_for_me


def test_a_stale_wish_is_asked_about_first(phone: Client, scene: Scene) -> None:
    page = phone.get("/jobs/wish/").content.decode()
    assert page.index("还在找工作吗") < page.index("想做什么")
    assert page.count('class="button go') == 1
    phone.post("/jobs/wish/answer/", {"do": "still"})
    assert Intention.objects.get(pk=scene.intention.pk).renew_on > timezone.localdate()
    assert "还在找工作吗" not in phone.get("/jobs/wish/").content.decode()
    phone.post("/jobs/wish/answer/", {"do": "stop"})
    assert Intention.objects.get(pk=scene.intention.pk).state == IntentionState.CLOSED


def test_a_wish_is_changed_and_renewed(phone: Client, scene: Scene) -> None:
    form = {"wanted": "保洁", "kinds": ["part_time"], "max_walk_minutes": "15", "weekdays": ["0", "1"]}
    assert phone.post("/jobs/wish/", form)["Location"] == "/jobs/"
    wish = Intention.objects.get(resident=scene.resident)
    assert (wish.wanted, wish.weekdays, wish.max_walk_minutes) == ("保洁", 3, 15)
    assert wish.renew_on > timezone.localdate()


def test_a_mistake_is_said_beside_the_field(phone: Client, scene: Scene) -> None:
    answer = phone.post("/jobs/wish/", {"min_pay_fen": "四千"})
    assert answer.status_code == 422
    assert "请填数字" in answer.content.decode()


def test_a_first_wish(client_for: Callable[[Any], Client], town: Town) -> None:
    resident = make_resident(town.community, town.grids[0])
    browser = client_for(make_signed_up(resident))
    assert "还在找" not in browser.get("/jobs/wish/").content.decode()
    browser.post("/jobs/wish/", {"wanted": "帮厨", "school_run": "on"})
    wish = Intention.objects.get(resident=resident)
    assert (wish.wanted, wish.school_run, wish.filed_by) == ("帮厨", True, "self")
