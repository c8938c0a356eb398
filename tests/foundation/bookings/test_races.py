"""Nobody is booked twice. The careless variant is shown failing first."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.bookings import placing, sessions
from jiamenkou.foundation.bookings.models import Booking, Hold, Resource, Session
from jiamenkou.foundation.bookings.people import Party
from jiamenkou.foundation.bookings.placing import Taken, Wanted, book
from jiamenkou.foundation.refusals import Conflict
from tests.foundation.bookings.make import at, make_resource
from tests.guards import see_everything
from tests.people import make_town

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
BY = Actor(None)
THREADS, ROUNDS = 8, 40


@pytest.fixture
def resource() -> Resource:
    from django.db import transaction

    with transaction.atomic():
        see_everything()
        return make_resource(make_town().community, ahead_days=60)


def together(work: Callable[[int], None], threads: int = THREADS) -> list[BaseException]:
    """Run ``work(number)`` in so many threads at once; what they raised."""
    start, raised = threading.Barrier(threads), []

    def run(number: int) -> None:
        try:
            start.wait(20)
            work(number)
        except BaseException as error:
            raised.append(error)
        finally:
            connections.close_all()

    running = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(120)
    return raised


def ask(resource: Resource, start: Any, called: str) -> str:
    with scope(EVERYTHING, actor="test", reason="test"):
        try:
            book(
                Wanted(resource.pk, start, Party(called, "3 栋", resource.community_id)),
                by=BY,
                now=at(0, days=0),
                reason="test",
            )
        except Taken:
            return "taken"
        return "booked"


def overlaps() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from bookings_hold a join bookings_hold b on a.id < b.id"
            " and a.resource_id = b.resource_id and a.seat = b.seat and a.during && b.during"
        )
        return int(cursor.fetchone()[0])


@pytest.fixture
def without_constraint(resource: Resource) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("select pg_get_constraintdef(oid) from pg_constraint where conname = 'hold_never_twice'")
        definition = cursor.fetchone()[0]
        cursor.execute("alter table bookings_hold drop constraint hold_never_twice")
    yield
    with scope(EVERYTHING, actor="test", reason="test"):
        Booking.objects.all().delete()
        Hold.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(f"alter table bookings_hold add constraint hold_never_twice {definition}")


def test_without_lock_and_constraint_people_are_booked_twice(
    resource: Resource, without_constraint: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "lock", lambda pk: Resource.objects.get(pk=pk))
    meet = threading.Barrier(THREADS)
    careful = placing.free_seat

    def slow(*args: Any, **kwargs: Any) -> int | None:
        seat = careful(*args, **kwargs)
        meet.wait(20)  # everybody has looked before anybody writes
        return seat

    monkeypatch.setattr(placing, "free_seat", slow)
    assert together(lambda n: ask(resource, at(9), f"第{n}位") and None) == []
    assert overlaps() == THREADS * (THREADS - 1) // 2


def test_eight_times_forty_clashing_bookings_make_forty(resource: Resource) -> None:
    answers: Counter[str] = Counter()
    lock = threading.Lock()

    def work(number: int) -> None:
        for round_ in range(ROUNDS):
            # every thread asks for the same forty times, each in another order
            slot = (round_ * 7 + number * 5) % ROUNDS
            start = at(8, days=1 + slot // 20) + timedelta(minutes=30 * (slot % 20))
            answer = ask(resource, start, f"第{number}位")
            with lock:
                answers[answer] += 1

    assert together(work) == []
    with scope(EVERYTHING):
        assert Hold.objects.filter(resource=resource).count() == ROUNDS
        assert Booking.objects.filter(resource=resource, state="booked").count() == ROUNDS
    assert answers == {"booked": ROUNDS, "taken": (THREADS - 1) * ROUNDS}
    assert overlaps() == 0


def test_the_constraint_alone_holds_and_no_deadlock_surfaces(
    resource: Resource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "lock", lambda pk: Resource.objects.get(pk=pk))
    answers: list[str] = []
    for round_ in range(5):
        start = at(9, days=1 + round_)
        assert together(lambda n, start=start: answers.append(ask(resource, start, f"第{n}位"))) == []
    assert Counter(answers) == {"booked": 5, "taken": 5 * (THREADS - 1)}
    assert overlaps() == 0


def test_capacity_is_filled_and_not_passed(resource: Resource) -> None:
    with scope(EVERYTHING, actor="test", reason="test"):
        Resource.objects.filter(pk=resource.pk).update(capacity=3)
    answers: list[str] = []
    assert together(lambda n: answers.append(ask(resource, at(10), f"第{n}位"))) == []
    assert Counter(answers) == {"booked": 3, "taken": THREADS - 3}


def _session(resource: Resource, places: int) -> Session:
    with scope(EVERYTHING, actor="test", reason="test"):
        return Session.objects.create(
            resource=resource,
            community_id=resource.community_id,
            title="画画",
            during=DateTimeTZRange(at(14), at(16)),
            places=places,
        )


def test_the_last_places_of_a_session(resource: Resource, monkeypatch: pytest.MonkeyPatch) -> None:
    session, lock = _session(resource, 5), threading.Lock()
    answers: Counter[str] = Counter()

    def work(number: int) -> None:
        for turn in range(3):
            party = Party(f"第{number}-{turn}位", "3 栋", resource.community_id)
            try:
                with scope(EVERYTHING, actor="test", reason="test"):
                    sessions.sign_up(session, party, by=BY, now=at(0, days=0), reason="test")
                answer = "in"
            except Conflict as refused:
                answer = refused.code
            with lock:
                answers[answer] += 1

    assert together(work) == []
    assert answers == {"in": 5, "full": THREADS * 3 - 5}
    session.refresh_from_db()
    assert session.taken == 5


def test_read_then_write_oversells_a_session(resource: Resource, monkeypatch: pytest.MonkeyPatch) -> None:
    """The careless variant: look, then write what was seen. The CHECK cannot see it, the count is simply wrong."""
    session = _session(resource, 5)
    meet = threading.Barrier(THREADS)

    def careless(one: Session) -> bool:
        seen = Session.objects.get(pk=one.pk)
        meet.wait(20)
        return bool(Session.objects.filter(pk=one.pk).update(taken=seen.taken + 1))

    monkeypatch.setattr(sessions, "_take", careless)

    def work(number: int) -> None:
        with scope(EVERYTHING, actor="test", reason="test"):
            party = Party(f"第{number}位", "3 栋", resource.community_id)
            sessions.sign_up(session, party, by=BY, now=at(0, days=0), reason="test")

    assert together(work) == []
    session.refresh_from_db()
    with scope(EVERYTHING):
        assert Booking.objects.filter(session=session).count() == THREADS > session.places
