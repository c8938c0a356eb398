"""Limits hold in any span, for parallel callers too, and tell when to come back."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiamenkou.foundation.access.limits import Rate, TooMany, hit, spend
from jiamenkou.foundation.access.models import Recent

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.django_db
class TestHit:
    def test_holds_across_the_edge_of_a_minute(self) -> None:
        with time_machine.travel(NOON + timedelta(seconds=59), tick=False) as clock:
            hit("t", "a", Rate(1, 60))
            clock.shift(2)
            with pytest.raises(TooMany) as refused:
                hit("t", "a", Rate(1, 60))
            assert refused.value.retry_after == 58
            clock.shift(58)
            hit("t", "a", Rate(1, 60))

    def test_values_and_kinds_do_not_mix(self) -> None:
        hit("t", "a", Rate(1, 60))
        hit("t", "b", Rate(1, 60))
        hit("u", "a", Rate(1, 60))

    def test_stores_no_value(self) -> None:
        hit("phone", "13800001234", Rate(1, 60))
        assert b"0000" not in bytes(Recent.objects.get().key)

    def test_a_clock_that_jumped_ahead_does_not_lock_anybody_out(self) -> None:
        with time_machine.travel(NOON + timedelta(days=400), tick=False):
            hit("t", "a", Rate(1, 60))
        with time_machine.travel(NOON, tick=False):
            hit("t", "a", Rate(1, 60))

    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(steps=st.lists(st.integers(0, 40), min_size=1, max_size=40))
    def test_agrees_with_a_list_of_moments(self, steps: list[int]) -> None:
        rates = (Rate(2, 30), Rate(5, 100))
        taken: list[datetime] = []
        Recent.objects.all().delete()
        with time_machine.travel(NOON, tick=False) as clock:
            for step in steps:
                clock.shift(step)
                now = datetime.now(tz=NOON.tzinfo)
                fits = all(sum(now - t < timedelta(seconds=r.seconds) for t in taken) < r.times for r in rates)
                try:
                    hit("t", "a", *rates)
                    assert fits
                    taken.append(now)
                except TooMany as refused:
                    assert not fits
                    later = now + timedelta(seconds=refused.retry_after)
                    assert all(sum(later - t < timedelta(seconds=r.seconds) for t in taken) < r.times for r in rates)


@pytest.mark.django_db
class TestSpend:
    def test_a_budget_ends_at_midnight(self) -> None:
        with time_machine.travel(NOON, tick=False) as clock:
            spend("sms", "all", 2)
            spend("sms", "all", 2)
            with pytest.raises(TooMany) as refused:
                spend("sms", "all", 2)
            assert refused.value.retry_after == 12 * 3600
            clock.shift(12 * 3600)
            spend("sms", "all", 2)

    def test_no_budget_is_no_message(self) -> None:
        with pytest.raises(TooMany):
            spend("sms", "all", 0)


def _in_parallel(count: int, act: Any) -> list[Any]:
    results: list[Any] = []
    start = threading.Barrier(count)

    def run() -> None:
        try:
            start.wait()
            results.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_parallel_callers_cannot_both_take_the_last_place() -> None:
    def careless() -> bool:
        """Look, then write: what everyone writes first. Both see room."""
        with transaction.atomic():
            room = Recent.objects.filter(until=NOON).count() < 1
            waiting.wait()
            if room:
                Recent.objects.create(key=b"careless-" + threading.current_thread().name.encode(), hits=[], until=NOON)
            return room

    def ours() -> bool:
        with transaction.atomic():
            try:
                hit("t", "a", Rate(1, 60))
                return True
            except TooMany:
                return False

    waiting = threading.Barrier(2)
    assert _in_parallel(2, careless) == [True, True], "the race must exist, or the test proves nothing"
    assert sorted(_in_parallel(8, ours)) == [False] * 7 + [True]
