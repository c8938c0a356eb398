"""A walk as it happens: the server's clock, double taps, versions, windows that close, who may come along."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from tests.people import Town, make_resident, make_signed_up
from tests.services.walkthrough.make import WHY, Scene, make_scene

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from jiamenkou.services.walkthrough.actions import recruiting, walking
from jiamenkou.services.walkthrough.actions.planning import Checklist, close_point, save_errand
from jiamenkou.services.walkthrough.figures import beyond_list
from jiamenkou.services.walkthrough.models import Walk, WalkStep

pytestmark = pytest.mark.postgres


@pytest.fixture
def scene(town: Town) -> Scene:
    return make_scene(town.community)


def step_of(walk: Walk, number: int) -> WalkStep:
    return WalkStep.objects.get(walk=walk, number=number)


def test_steps_are_timed_by_the_server_and_a_second_tap_changes_nothing(scene: Scene) -> None:
    start = timezone.now()
    walk = scene.walk(start)
    walking.arrive(walk, 1, by=scene.by, now=start, reason=WHY)
    walking.arrive(walk, 1, by=scene.by, now=start + timedelta(minutes=9), reason=WHY)
    walking.finish(walk, 1, by=scene.by, now=start + timedelta(minutes=12), reason=WHY, waiting_minutes=10)
    walking.finish(walk, 1, by=scene.by, now=start + timedelta(minutes=40), reason=WHY)
    step = step_of(walk, 1)
    assert (step.started_at, step.minutes, step.waiting_minutes) == (start, 12, 10)


def test_a_step_that_was_never_begun_does_not_end(scene: Scene) -> None:
    walk = scene.walk()
    with pytest.raises(Refused, match="先点“到了”"):
        walking.finish(walk, 2, by=scene.by, now=timezone.now(), reason=WHY)


def test_a_clock_that_went_back_ends_a_step_where_it_began(scene: Scene) -> None:
    start = timezone.now()
    walk = scene.walk(start)
    walking.arrive(walk, 1, by=scene.by, now=start, reason=WHY)
    walking.finish(walk, 1, by=scene.by, now=start - timedelta(minutes=3), reason=WHY)
    assert step_of(walk, 1).minutes == 0


def test_arriving_at_the_next_step_ends_the_one_before(scene: Scene) -> None:
    start = timezone.now()
    walk = scene.walk(start)
    walking.arrive(walk, 1, by=scene.by, now=start, reason=WHY)
    walking.arrive(walk, 2, by=scene.by, now=start + timedelta(minutes=7), reason=WHY)
    assert step_of(walk, 1).minutes == 7
    assert step_of(walk, 2).ended_at is None


def test_a_walk_across_midnight_keeps_its_minutes(scene: Scene) -> None:
    today = timezone.localdate()
    late = timezone.make_aware(datetime(today.year, today.month, today.day, 23, 50))
    walk = scene.walk(late)
    walking.arrive(walk, 1, by=scene.by, now=late, reason=WHY)
    walking.finish(walk, 1, by=scene.by, now=late + timedelta(minutes=25), reason=WHY)
    ended = walking.end_walk(walk, "done", "", by=scene.by, now=late + timedelta(minutes=30), reason=WHY)
    assert step_of(walk, 1).minutes == 25
    assert ended.ended_at == late + timedelta(minutes=30)


def test_an_errand_changed_while_it_is_walked_keeps_the_version_of_the_walk(scene: Scene) -> None:
    walk = scene.walk()
    changed = Checklist(("网上预约", "拿结果"), ("身份证",), 10)
    save_errand(scene.errand, scene.community, "居住证明", [scene.point], changed, by=Actor(scene.worker), reason=WHY)
    assert scene.errand.current.number == 2
    walk.refresh_from_db()
    assert walk.version.number == 1
    names = list(walk.steps.order_by("number").values_list("name", flat=True))
    assert names == ["取号", "排队", "交材料", "拿结果"]


def test_an_unchanged_checklist_makes_no_version(scene: Scene) -> None:
    same = Checklist(("取号", "排队", "交材料", "拿结果"), ("身份证", "户口簿"), 30)
    save_errand(scene.errand, scene.community, "居住证明书", [scene.point], same, by=Actor(scene.worker), reason=WHY)
    assert scene.errand.current.number == 1


def test_nothing_begins_at_a_closed_window_but_what_runs_goes_on(scene: Scene) -> None:
    walk = scene.walk()
    close_point(scene.point, timezone.localdate(), by=Actor(scene.worker), reason=WHY)
    walking.arrive(walk, 1, by=scene.by, now=timezone.now(), reason=WHY)
    walking.end_walk(walk, "not_done", "窗口关了", by=scene.by, now=timezone.now(), reason=WHY)
    scene.point.refresh_from_db()
    with pytest.raises(Refused, match="窗口停用了") as refused:
        scene.walk()
    assert refused.value.field == "point"


def test_one_walk_at_a_time(scene: Scene) -> None:
    scene.walk()
    with pytest.raises(Conflict, match="还没走完"):
        scene.walk()


def test_a_walk_ends_once_and_says_how(scene: Scene) -> None:
    walk = scene.walk()
    with pytest.raises(Refused, match="办成了没有"):
        walking.end_walk(walk, "", "", by=scene.by, now=timezone.now(), reason=WHY)
    walking.end_walk(walk, "done", "", by=scene.by, now=timezone.now(), reason=WHY)
    with pytest.raises(Conflict, match="已经走完"):
        walking.end_walk(walk, "partly", "", by=scene.by, now=timezone.now(), reason=WHY)
    with pytest.raises(Conflict, match="已经走完"):
        walking.arrive(walk, 1, by=scene.by, now=timezone.now(), reason=WHY)


def test_a_walk_that_nobody_ended_is_ended_after_two_days(scene: Scene) -> None:
    walk = scene.walk()
    now = timezone.now()
    assert walking.end_forgotten(now + timedelta(hours=47), by=Actor(None), reason=WHY) == 0
    assert walking.end_forgotten(now + timedelta(hours=49), by=Actor(None), reason=WHY) == 1
    walk.refresh_from_db()
    assert walk.outcome == "given_up"


def test_papers_beyond_the_published_list_are_counted(scene: Scene) -> None:
    walk = scene.walk()
    walking.arrive(walk, 3, by=scene.by, now=timezone.now(), reason=WHY)
    walking.finish(
        walk, 3, by=scene.by, now=timezone.now(), reason=WHY, asked=["身份证", "房产证", "房产证", "租房合同"]
    )
    assert beyond_list(step_of(walk, 3), walk.version) == ["房产证", "租房合同"]


@pytest.mark.parametrize("minutes", [-1, 1441])
def test_an_impossible_wait_is_said_at_its_field(scene: Scene, minutes: int) -> None:
    walk = scene.walk()
    walking.arrive(walk, 1, by=scene.by, now=timezone.now(), reason=WHY)
    with pytest.raises(Refused) as refused:
        walking.finish(walk, 1, by=scene.by, now=timezone.now(), reason=WHY, waiting_minutes=minutes)
    assert refused.value.field == "waiting_minutes"


def test_who_is_accompanied_says_yes_by_themselves_and_takes_it_back(scene: Scene) -> None:
    walk, neighbour = scene.walk(), make_resident(scene.community)
    own = Actor(make_signed_up(neighbour))
    with pytest.raises(NotAllowed):
        walking.accompany(walk, neighbour, by=scene.by, now=timezone.now(), reason=WHY)
    walking.accompany(walk, neighbour, by=own, now=timezone.now(), reason=WHY)
    walk.refresh_from_db()
    assert walk.resident_id == neighbour.pk
    other = make_resident(scene.community)
    with pytest.raises(Conflict, match="已经有居民"):
        walking.accompany(walk, other, by=Actor(make_signed_up(other)), now=timezone.now(), reason=WHY)
    walking.stop_accompanying(walk, by=own, reason=WHY)
    assert Walk.objects.filter(pk=walk.pk, resident=None, consent_at=None).exists()


def test_officers_sign_up_agree_and_are_looked_at_once(scene: Scene) -> None:
    person = make_resident(scene.community)
    by, now, staff = Actor(make_signed_up(person)), timezone.now(), Actor(scene.worker)
    with pytest.raises(Refused, match="同意了约定"):
        recruiting.sign_up(person, "", False, by=by, now=now, reason=WHY)
    officer = recruiting.sign_up(person, "", True, by=by, now=now, reason=WHY)
    with pytest.raises(Conflict, match="已经报过名"):
        recruiting.sign_up(person, "", True, by=by, now=now, reason=WHY)
    with pytest.raises(Refused, match="写一句原因"):
        recruiting.review(officer, False, " ", by=staff, now=now, reason=WHY)
    recruiting.review(officer, False, "这期人够了", by=staff, now=now, reason=WHY)
    with pytest.raises(Conflict, match="已经审核"):
        recruiting.review(officer, True, "", by=staff, now=now, reason=WHY)
    again = recruiting.sign_up(person, "下期再来", True, by=by, now=now, reason=WHY)
    assert (again.pk, again.state) == (officer.pk, "asked")


def test_who_was_not_accepted_or_is_not_in_the_round_does_not_walk(scene: Scene) -> None:
    person = make_resident(scene.community)
    by, now = Actor(make_signed_up(person)), timezone.now()
    asked = recruiting.sign_up(person, "", True, by=by, now=now, reason=WHY)
    with pytest.raises(NotAllowed, match="体验员本人"):
        walking.start_walk(scene.round, scene.errand, scene.point, asked, by=by, now=now, reason=WHY)
    recruiting.review(asked, True, "", by=Actor(scene.worker), now=now, reason=WHY)
    asked.refresh_from_db()
    with pytest.raises(NotAllowed, match="没有安排您"):
        walking.start_walk(scene.round, scene.errand, scene.point, asked, by=by, now=now, reason=WHY)


def test_a_round_is_walked_on_its_days(scene: Scene) -> None:
    with pytest.raises(Refused, match="还没开始"):
        scene.walk(timezone.now() + timedelta(days=30))
