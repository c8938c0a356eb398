"""A matter from the first word to the last answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.models import StaffRole
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.cases.actions import callbacks, escalating, handling, merging, protected, returning, waiting
from jiamenkou.foundation.cases.actions.opening import CaseSource, follow, open_case
from jiamenkou.foundation.cases.folding import STORED
from jiamenkou.foundation.cases.models import Case, CaseEvent, Follower, ProtectedSource
from jiamenkou.foundation.cases.recording import derive
from jiamenkou.foundation.cases.routing import Desk
from jiamenkou.foundation.cases.states import (
    CaseState,
    EventKind,
    ExclusionReason,
    Outcome,
    ReturnReason,
    Satisfaction,
    Solved,
    WaitReason,
)
from jiamenkou.foundation.cases.telling import followers_of
from jiamenkou.foundation.events import bus
from jiamenkou.foundation.events.kinds import CaseClosed, CaseHandled, CaseOpened, CaseReopened
from jiamenkou.foundation.people.models import AccountResident
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from tests.foundation.cases.make import START, Office, make_case
from tests.people import make_signed_up

WHY = "测试"
HOUR = timedelta(hours=1)


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def handled(office: Office, **fields: object) -> Case:
    case = make_case(office, **fields)
    handling.sign(case, by=office.worker, reason=WHY, now=START + HOUR)
    return handling.handle(case, Outcome.SOLVED, "换了灯泡", by=office.worker, reason=WHY, now=START + 2 * HOUR)


def stored_is_derived(case: Case) -> None:
    row, derived = fresh(case), derive(case)
    assert {name: getattr(row, name) for name in STORED} == {name: getattr(derived, name) for name in STORED}


def test_solved_and_satisfied(office: Office) -> None:
    case = handled(office)
    assert case.number.startswith("GHY-2026-")
    [follower] = followers_of(case)
    callbacks.answer(follower, Solved.YES, Satisfaction.VERY, by=office.colleague, reason=WHY)
    assert fresh(case).state == CaseState.CLOSED
    stored_is_derived(case)


def test_events_reach_rooms_with_their_source(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[object] = []
    for kind in (CaseOpened, CaseHandled, CaseReopened, CaseClosed):
        monkeypatch.setitem(bus._handlers, kind, [heard.append])
    case = handled(office, source=CaseSource("walkthrough", 7))
    [follower] = followers_of(case)
    callbacks.answer(follower, Solved.NO, Satisfaction.POOR, by=office.colleague, reason=WHY)
    handling.handle(case, Outcome.SOLVED, "又修了", by=office.worker, reason=WHY)
    [follower] = followers_of(case)
    callbacks.answer(follower, Solved.YES, Satisfaction.GOOD, by=office.colleague, reason=WHY)
    assert heard == [
        CaseOpened(case.pk, "walkthrough", 7),
        CaseHandled(case.pk, "walkthrough", 7, "solved"),
        CaseReopened(case.pk, "walkthrough", 7),
        CaseHandled(case.pk, "walkthrough", 7, "solved"),
        CaseClosed(case.pk, "walkthrough", 7, "closed", "solved"),
    ]


def test_who_handled_does_not_call_back(office: Office) -> None:
    case = handled(office)
    [follower] = followers_of(case)
    with pytest.raises(NotAllowed, match="没有经手"):
        callbacks.answer(follower, Solved.YES, Satisfaction.VERY, by=office.worker, reason=WHY)


def test_unhappy_once_goes_back_then_to_the_street(office: Office) -> None:
    case = handled(office)
    due = case.due_at
    callbacks.answer(followers_of(case)[0], Solved.NO, Satisfaction.POOR, by=office.colleague, reason=WHY)
    again = fresh(case)
    assert (again.state, again.reopens, again.holder_id) == (CaseState.WORKING, 1, office.worker.account.pk)  # type: ignore[union-attr]
    assert again.due_at == due
    handling.handle(again, Outcome.SOLVED, "又修了", by=office.worker, reason=WHY)
    callbacks.answer(followers_of(case)[0], Solved.NO, Satisfaction.POOR, by=office.colleague, reason=WHY)
    above = fresh(case)
    assert (above.state, above.holder_place, above.supervised) == (CaseState.ASSIGNED, office.town.street, True)
    handling.sign(above, by=office.street, reason=WHY)
    handling.handle(above, Outcome.PARTLY, "换了线路", by=office.street, reason=WHY)
    callbacks.answer(followers_of(case)[0], Solved.NO, Satisfaction.POOR, by=office.colleague, reason=WHY)
    assert fresh(case).state == CaseState.CLOSED
    stored_is_derived(case)


def test_cannot_be_solved_is_an_ending_and_says_who_could(office: Office) -> None:
    case = make_case(office)
    handling.sign(case, by=office.worker, reason=WHY)
    with pytest.raises(Refused) as refused:
        handling.handle(case, Outcome.CANNOT, "线路归供电所", by=office.worker, reason=WHY)
    assert refused.value.field == "who_could"
    handling.handle(case, Outcome.CANNOT, "线路归供电所", who_could="供电所 95598", by=office.worker, reason=WHY)
    callbacks.answer(followers_of(case)[0], Solved.NO, Satisfaction.FAIR, by=office.colleague, reason=WHY)
    assert (fresh(case).state, fresh(case).outcome) == (CaseState.CLOSED, Outcome.CANNOT)


def test_a_lead_cannot_finish_with_helpers_at_work(office: Office) -> None:
    case = make_case(office)
    handling.sign(case, by=office.worker, reason=WHY)
    desk = Desk(office.town.street, Role.STREET_OFFICER)
    handling.ask_helper(case, desk, "查一下线路", by=office.worker, reason=WHY)
    with pytest.raises(Conflict, match="协办"):
        handling.handle(case, Outcome.SOLVED, "好了", by=office.worker, reason=WHY)
    handling.finish_help(case, fresh(case).seq, by=office.street, reason=WHY)
    handling.handle(case, Outcome.SOLVED, "好了", by=office.worker, reason=WHY)
    stored_is_derived(case)


def test_two_returns_then_a_ruling_that_binds(office: Office) -> None:
    case = make_case(office)
    desk, due = Desk(office.town.community, Role.WORKER), case.due_at
    at = START
    for _ in range(2):
        at += HOUR / 2
        returning.give_back(
            case, ReturnReason.NOT_OURS, "灯归供电所管，见分工表", by=office.worker, reason=WHY, now=at
        )
        if fresh(case).returns < 2:
            handling.assign(case, desk, by=office.colleague, reason=WHY, now=at)
    with pytest.raises(Conflict, match="裁定"):
        handling.assign(case, desk, by=office.colleague, reason=WHY, now=at)
    returning.rule(case, desk, "查图纸，公共楼道归物业", by=office.street, reason=WHY, now=at)
    with pytest.raises(Conflict, match="裁定"):
        returning.give_back(
            case, ReturnReason.NOT_OURS, "灯归供电所管，见分工表", by=office.worker, reason=WHY, now=at
        )
    assert fresh(case).due_at == due
    stored_is_derived(case)


def test_a_return_comes_with_evidence_and_soon(office: Office) -> None:
    case = make_case(office)
    with pytest.raises(Refused) as refused:
        returning.give_back(case, ReturnReason.NOT_OURS, "不管", by=office.worker, reason=WHY, now=START)
    assert refused.value.field == "evidence"
    with pytest.raises(Conflict, match="工作小时"):
        returning.give_back(
            case, ReturnReason.NOT_OURS, "灯归供电所管，见分工表", by=office.worker, reason=WHY, now=START + 48 * HOUR
        )


def test_extension_is_approved_above_and_moves_the_clock(office: Office) -> None:
    case = make_case(office)
    handling.sign(case, by=office.worker, reason=WHY, now=START)
    waiting.ask_extension(case, 3, "等配件", by=office.worker, reason=WHY, now=START)
    for nobody in (office.worker, office.colleague):
        with pytest.raises(NotAllowed):
            waiting.decide(case, True, "", by=nobody, reason=WHY, now=START)
    before = fresh(case).due_at
    waiting.decide(case, True, "", by=office.lead, reason=WHY, now=START)
    assert before is not None
    # Tuesday 10 March + 3 working days = Friday 13 March
    assert fresh(case).due_at == before + timedelta(days=3)
    stored_is_derived(case)


def test_a_declared_wait_moves_the_due_time_by_the_working_time_in_it(office: Office) -> None:
    case = make_case(office)
    handling.sign(case, by=office.worker, reason=WHY, now=START)
    waiting.ask_suspension(case, WaitReason.OTHERS, "等供电所排期", by=office.worker, reason=WHY, now=START)
    waiting.decide(case, True, "", by=office.lead, reason=WHY, now=START)
    assert fresh(case).state == CaseState.WAITING
    before = case.due_at
    # over a weekend: Tuesday to Tuesday is five working days
    waiting.resume(case, by=office.worker, reason=WHY, now=START + timedelta(days=7))
    assert before is not None and fresh(case).due_at == before + timedelta(days=7)
    stored_is_derived(case)


def test_merging_keeps_everybody_and_comes_apart(office: Office) -> None:
    kept, gone = make_case(office, now=START + 5 * HOUR), make_case(office, reporter=office.neighbour)
    due = kept.due_at
    merging.merge(gone, kept, by=office.worker, reason=WHY)
    assert [f.resident_id for f in followers_of(kept)] == [office.neighbour.pk, office.resident.pk]
    assert fresh(gone).state == CaseState.MERGED
    assert fresh(kept).submitted_at == START and fresh(kept).due_at == gone.due_at
    merging.take_apart(gone, by=office.worker, reason=WHY)
    assert fresh(gone).state == CaseState.ASSIGNED and fresh(kept).due_at == due
    assert len(followers_of(kept)) == 1
    stored_is_derived(kept)
    stored_is_derived(gone)


def test_repeated_calls_are_heat(office: Office) -> None:
    case = make_case(office)
    follow(case, office.resident, by=office.worker, reason=WHY)
    follow(case, office.neighbour, by=office.worker, reason=WHY)
    assert fresh(case).heat == 1 and Follower.objects.filter(case=case).count() == 2


def test_a_reporter_is_not_the_handler(office: Office) -> None:
    account = office.worker.account
    assert account is not None
    AccountResident.objects.create(account=account, resident=office.resident, relation="self", proof="test")
    case = make_case(office)
    with pytest.raises(Refused, match="自己报的"):
        handling.sign(case, by=Actor(account), reason=WHY)


def test_undo_within_minutes_by_who_did_it(office: Office) -> None:
    case = make_case(office)
    handling.sign(case, by=office.worker, reason=WHY, now=START)
    with pytest.raises(Conflict):
        handling.undo(case, by=office.colleague, reason=WHY, now=START + HOUR / 10)
    with pytest.raises(Conflict):
        handling.undo(case, by=office.worker, reason=WHY, now=START + HOUR)
    handling.undo(case, by=office.worker, reason=WHY, now=START + HOUR / 10)
    assert fresh(case).state == CaseState.ASSIGNED and fresh(case).holder_id is None
    stored_is_derived(case)


def test_the_ladder_climbs_once_a_rung_and_supervises(office: Office) -> None:
    case = make_case(office)
    assert case.due_at is not None
    for days, level in ((-6, 0), (-0.5, 1), (0.1, 2), (8, 4)):
        escalating.climb(case.due_at + timedelta(days=days), by=Actor(None), reason=WHY)
        escalating.climb(case.due_at + timedelta(days=days), by=Actor(None), reason=WHY)
        assert fresh(case).level == level, days
    assert CaseEvent.objects.filter(case=case, kind=EventKind.SUPERVISED).count() == 1


def test_exclusion_is_not_for_who_handled_it(office: Office) -> None:
    case = handled(office)
    with pytest.raises(NotAllowed):
        handling.exclude(case, ExclusionReason.COURT, "在打官司", by=office.worker, reason=WHY)
    handling.exclude(case, ExclusionReason.COURT, "在打官司", by=office.lead, reason=WHY)
    assert fresh(case).excluded == "court"


def test_the_source_of_a_lead_is_nowhere_to_be_read(office: Office) -> None:
    account = make_signed_up(office.neighbour)
    case = open_case(
        category="care", place=office.town.grids[0], title="三楼老人好几天没出门", reporter=office.neighbour,
        by=Actor(account), reason=WHY, now=START,
    )  # fmt: skip
    assert case.resident_id is None and case.filed_account_id is None
    [follower] = Follower.objects.filter(case=case)
    assert (follower.resident_id, follower.name, follower.account_id) == (None, "", None)
    assert not CaseEvent.objects.filter(case=case, by=account).exists()
    assert ProtectedSource.objects.get(follower=follower).resident == office.neighbour
    with pytest.raises(NotAllowed):
        protected.reveal(case, by=office.worker, reason="要联系")
    assert protected.reveal(case, by=office.lead, reason="要联系") == [office.neighbour]


def test_nobody_at_the_desk_falls_through_to_the_streets_duty_desk(office: Office) -> None:
    StaffRole.objects.all().delete()
    case = make_case(office)
    assert (case.holder_place, case.holder_role) == (office.town.street, Role.STREET_OFFICER)


def test_beyond_the_calendar_a_report_is_taken_without_a_date(office: Office) -> None:
    case = make_case(office, now=START.replace(month=12, day=30))
    assert case.due_at is None and list(Case.objects.without_due()) == [case]
    handling.sign(case, by=office.worker, reason=WHY, now=START.replace(month=12, day=30))
    with pytest.raises(Conflict, match="放假安排"):
        waiting.ask_extension(case, 3, "等配件", by=office.worker, reason=WHY, now=START.replace(month=12, day=30))


def test_the_log_is_never_changed_or_cut(office: Office) -> None:
    from django.db import DatabaseError, transaction

    case = make_case(office)
    for careless in (
        lambda: CaseEvent.objects.filter(case=case).update(kind="closed"),
        lambda: CaseEvent.objects.filter(case=case).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            careless()
