"""The table of moves, head-count, silence, placement."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone
from tests.people import Town, actor, make_resident, make_signed_up, make_staff
from tests.services.jobs.make import make_intention, make_vacancy

from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.audit.models import AuditEntry
from jiamenkou.foundation.messages.models import Message
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from jiamenkou.services.jobs.actions import applications as acts
from jiamenkou.services.jobs.models import Application, ApplicationLog, FollowUp, Intention
from jiamenkou.services.jobs.states import MOVES, ApplicationState, FiledBy, IntentionState, Party


@pytest.fixture
def resident(town: Town):
    return make_resident(town.community, town.grids[0])


@pytest.fixture
def worker(town: Town):
    return actor(make_staff(Role.WORKER, town.community))


def send(resident, vacancy=None):
    by = actor(make_signed_up(resident))
    return acts.apply_for(
        vacancy or make_vacancy(), resident, by=by, filed_by=FiledBy.SELF, now=timezone.now(), reason="投递"
    )


def test_second_tap_is_the_same_application(resident) -> None:
    vacancy = make_vacancy()
    by = actor(make_signed_up(resident))
    first, second = (
        acts.apply_for(vacancy, resident, by=by, filed_by=FiledBy.SELF, now=timezone.now(), reason="投递")
        for _ in "12"
    )
    assert first.pk == second.pk
    assert Application.objects.count() == 1
    assert Message.objects.filter(organisation=vacancy.employer).count() == 1


def test_closed_vacancy_takes_nobody(resident) -> None:
    vacancy = make_vacancy(closes_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(Conflict, match="不招了"):
        send(resident, vacancy)


@pytest.mark.parametrize("party", list(Party))
def test_every_pair_of_states_follows_the_table(resident, worker, party: Party) -> None:
    table = {(m.start, m.end): m for m in MOVES}
    application = send(resident)
    for start in ApplicationState:
        for end in ApplicationState:
            Application.objects.filter(pk=application.pk).update(
                state=start, unagreed=start == ApplicationState.ASKED, reason="other"
            )
            application.refresh_from_db()
            arrow = table.get((start, end))
            call = partial(
                acts.move_application,
                application,
                end,
                party=party,
                by=worker,
                reason="test",
                why="other",
                interview_at=timezone.now(),
            )
            if arrow is None:
                with pytest.raises(Conflict):
                    call()
            elif party not in arrow.parties:
                with pytest.raises(NotAllowed):
                    call()
            else:
                assert call().state == end


def test_refusal_needs_a_reason(resident, worker) -> None:
    application = send(resident)
    with pytest.raises(Refused) as caught:
        acts.move_application(application, ApplicationState.REFUSED, party=Party.EMPLOYER, by=worker, reason="回话")
    assert caught.value.field == "why"


def test_two_who_move_at_once_cannot_both_win(resident, worker) -> None:
    application = send(resident)
    stale = Application.objects.get(pk=application.pk)
    acts.move_application(application, ApplicationState.HIRED, party=Party.EMPLOYER, by=worker, reason="录用")
    with pytest.raises(Conflict, match="别人刚动过"):
        acts.move_application(
            stale, ApplicationState.REFUSED, party=Party.EMPLOYER, by=worker, reason="回话", why="full"
        )


def test_recommending_stops_at_the_cap(town: Town, worker) -> None:
    vacancy = make_vacancy(headcount=1)
    for _ in range(vacancy.cap):
        acts.recommend(vacancy, make_resident(town.community), by=worker, now=timezone.now(), reason="推荐")
    with pytest.raises(Conflict, match="别让大家白跑"):
        acts.recommend(vacancy, make_resident(town.community), by=worker, now=timezone.now(), reason="推荐")


def test_placement_takes_a_place_and_plans_follow_ups(resident, worker) -> None:
    intention = make_intention(resident)
    vacancy = make_vacancy(headcount=1)
    application = send(resident, vacancy)
    acts.move_application(application, ApplicationState.HIRED, party=Party.EMPLOYER, by=worker, reason="录用")
    today = timezone.localdate()
    placement = acts.confirm_start(application, today, party=Party.WORKER, by=worker, reason="上岗")
    vacancy.refresh_from_db()
    assert (vacancy.taken, vacancy.state) == (1, "filled")
    days = FollowUp.objects.filter(placement=placement).order_by("day").values_list("day", "due_on")
    assert list(days) == [(n, today + timedelta(days=n)) for n in (7, 30, 90)]
    assert Intention.objects.get(pk=intention.pk).state == IntentionState.PLACED


def test_full_vacancy_confirms_nobody_more(town: Town, worker) -> None:
    vacancy = make_vacancy(headcount=1)
    both = [send(make_resident(town.community), vacancy) for _ in "12"]
    for application in both:
        acts.move_application(application, ApplicationState.HIRED, party=Party.EMPLOYER, by=worker, reason="录用")
    acts.confirm_start(both[0], timezone.localdate(), party=Party.WORKER, by=worker, reason="上岗")
    with pytest.raises(Conflict, match="招满"):
        acts.confirm_start(both[1], timezone.localdate(), party=Party.WORKER, by=worker, reason="上岗")


def test_silence_is_reminded_then_closed_and_told(resident, worker) -> None:
    vacancy = make_vacancy(answer_days=3)
    application = send(resident, vacancy)
    start = application.created_at
    assert acts.remind_employers(start + timedelta(days=2), by=worker, reason="催") == 0
    assert acts.remind_employers(start + timedelta(days=4), by=worker, reason="催") == 1
    assert acts.remind_employers(start + timedelta(days=4), by=worker, reason="催") == 0
    assert acts.close_silent(start + timedelta(days=5), by=worker, reason="到期") == 0
    assert acts.close_silent(start + timedelta(days=7), by=worker, reason="到期") == 1
    application.refresh_from_db()
    assert application.state == ApplicationState.NO_ANSWER
    told = Message.objects.get(resident=resident, notice="jobs.silent")
    assert vacancy.employer.name in told.title
    assert list(ApplicationLog.objects.filter(application=application).values_list("end", flat=True)) == [
        "sent",
        "no_answer",
    ]


def test_every_write_leaves_a_trace_with_actor_and_reason(resident, worker) -> None:
    application = send(resident)
    entry = AuditEntry.objects.get(table="jobs_application", row=application.pk, act="insert")
    assert (entry.actor, entry.reason, entry.resident) == ("test", "test", resident.pk)


def test_without_an_actor_nothing_is_written(town: Town) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select set_config('app.actor', '', true)")
    with pytest.raises(Exception, match="no actor"):
        make_resident(town.community)
