"""Random histories: what is stored is what the log folds to, whatever was tried and in whatever order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.cases.actions import callbacks, escalating, handling, merging, returning, waiting
from jiamenkou.foundation.cases.folding import STORED
from jiamenkou.foundation.cases.models import Case
from jiamenkou.foundation.cases.recording import derive
from jiamenkou.foundation.cases.routing import Desk
from jiamenkou.foundation.cases.states import Outcome, ReturnReason, Satisfaction, Solved, WaitReason
from jiamenkou.foundation.cases.telling import followers_of
from jiamenkou.foundation.refusals import Refused
from tests.foundation.cases.make import START, Office, make_case

WHY = "测试"
EVIDENCE = "灯归供电所管，见分工表"
MOVES = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "sign",
                "contact",
                "write",
                "return",
                "assign",
                "rule",
                "extend",
                "suspend",
                "yes",
                "no",
                "resume",
                "handle",
                "cannot",
                "happy",
                "unhappy",
                "urge",
                "climb",
                "merge",
                "split",
                "undo",
                "supervise",
            ]
        ),
        st.integers(0, 1),
        st.integers(1, 30),
    ),
    max_size=14,
)


def take(office: Office, cases: list[Case], move: str, which: int, now: Any) -> None:
    case, other = Case.objects.get(pk=cases[which].pk), cases[1 - which]
    desk = Desk(office.town.community, Role.WORKER)
    worker: dict[str, Any] = {"by": office.worker, "reason": WHY, "now": now}
    colleague, lead = {**worker, "by": office.colleague}, {**worker, "by": office.lead}
    street = {**worker, "by": office.street}

    def answer(solved: Solved, said: Satisfaction) -> None:
        for follower in followers_of(case):
            callbacks.answer(follower, solved, said, **colleague)

    moves: dict[str, Callable[[], object]] = {
        "sign": lambda: handling.sign(case, **worker),
        "contact": lambda: handling.contact(case, **worker),
        "write": lambda: handling.write(case, "看过了", **worker),
        "return": lambda: returning.give_back(case, ReturnReason.NOT_OURS, EVIDENCE, **worker),
        "assign": lambda: handling.assign(case, desk, **colleague),
        "rule": lambda: returning.rule(case, desk, "归这里", **street),
        "extend": lambda: waiting.ask_extension(case, 2, "等配件", **worker),
        "suspend": lambda: waiting.ask_suspension(case, WaitReason.OTHERS, "等排期", **worker),
        "yes": lambda: waiting.decide(case, True, "看过", **lead),
        "no": lambda: waiting.decide(case, False, "看过", **lead),
        "resume": lambda: waiting.resume(case, **worker),
        "handle": lambda: handling.handle(case, Outcome.SOLVED, "修好了", **worker),
        "cannot": lambda: handling.handle(case, Outcome.CANNOT, "管不了", who_could="供电所", **worker),
        "happy": lambda: answer(Solved.YES, Satisfaction.GOOD),
        "unhappy": lambda: answer(Solved.NO, Satisfaction.POOR),
        "urge": lambda: escalating.urge(case, "快点", **lead),
        "supervise": lambda: escalating.supervise(case, "三天办好", **street),
        "climb": lambda: escalating.climb(now, by=Actor(None), reason=WHY),
        "merge": lambda: merging.merge(case, other, **colleague),
        "split": lambda: merging.take_apart(case, **colleague),
        "undo": lambda: handling.undo(case, **worker),
    }
    moves[move]()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_stored_is_what_the_log_folds_to(office: Office, moves: list[tuple[str, int, int]]) -> None:
    undo = transaction.savepoint()
    cases = [make_case(office), make_case(office, reporter=office.neighbour)]
    now = START
    for move, which, minutes in moves:
        now += timedelta(minutes=minutes * 20)
        try:
            with transaction.atomic():
                take(office, cases, move, which, now)
        except Refused:
            continue
    for case in cases:
        row, derived = Case.objects.get(pk=case.pk), derive(case)
        assert {name: getattr(row, name) for name in STORED} == {name: getattr(derived, name) for name in STORED}
        # whatever happened, the clock of the first report never began again
        assert row.submitted_at == START
    transaction.savepoint_rollback(undo)


def test_a_log_begins_with_its_opening() -> None:
    from jiamenkou.foundation.cases.folding import fold

    with pytest.raises(ValueError, match="opened"):
        fold([])
