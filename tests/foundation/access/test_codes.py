"""Phone codes under every order of asking, guessing, waiting and replaying."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from jiamenkou.foundation.access import codes, sender
from jiamenkou.foundation.access.limits import TooMany
from jiamenkou.foundation.access.models import PhoneCode
from jiamenkou.foundation.access.phones import mobile

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PHONES = ["13800001234", "13900005678"]
BUDGET = 12


class Postman:
    """Keeps what was sent, as the people with the phones see it."""

    on_screen = False
    calls = False

    def __init__(self) -> None:
        self.sent: list[tuple[datetime, str, str]] = []

    def deliver(self, phone: str, code: str, spoken: bool) -> None:
        self.sent.append((datetime.now(tz=NOON.tzinfo), phone, code))


@pytest.fixture
def postman(monkeypatch: pytest.MonkeyPatch) -> Postman:
    one = Postman()
    monkeypatch.setattr(sender, "_registered", [one])
    # inside a test's transaction nothing is ever committed: send at once
    monkeypatch.setattr(transaction, "on_commit", lambda act, using=None, robust=False: act())
    return one


class Door(RuleBasedStateMachine):
    """An attacker and an owner share two phones and many browsers."""

    postman: Postman

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.travel = time_machine.travel(NOON, tick=False)
        self.clock = self.travel.start()
        self.postman.sent.clear()
        self.asked: list[tuple[str, str, str, datetime]] = []  # browser, phone, code, when
        self.tries: dict[str, int] = {}
        self.used: set[str] = set()

    def teardown(self) -> None:
        self.travel.stop()
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @rule(phone=st.sampled_from(PHONES))
    def request(self, phone: str) -> None:
        before = len(self.postman.sent)
        try:
            browser = codes.request_code(phone, "192.0.2.1").browser
        except TooMany as refused:
            assert refused.retry_after >= 1
            assert len(self.postman.sent) == before
            return
        at, to, code = self.postman.sent[-1]
        assert to == phone and len(code) == 6 and code.isdigit()
        self.asked.append((browser, phone, code, at))

    @precondition(lambda self: self.asked)
    @rule(data=st.data(), guess=st.integers(0, 999_990), times=st.sampled_from([1, 1, 2, 4, 5]))
    def guess(self, data: Any, guess: int, times: int) -> None:
        browser, _, code, _ = data.draw(st.sampled_from(self.asked))
        for wrong in (f"{guess + at:06d}" for at in range(times)):
            if wrong != code:
                self._try(browser, wrong)

    @precondition(lambda self: self.asked)
    @rule(guess=st.integers(0, 999_990))
    def guess_it_to_pieces_and_type_it(self, guess: int) -> None:
        browser, _, code, _ = self.asked[-1]
        for wrong in (f"{guess + at:06d}" for at in range(codes.TRIES + 1)):
            if wrong != code:
                self._try(browser, wrong)
        self._try(browser, code)

    @precondition(lambda self: self.asked)
    @rule(data=st.data())
    def type_it(self, data: Any) -> None:
        browser, _, code, _ = data.draw(st.sampled_from(self.asked))
        self._try(browser, code)

    @precondition(lambda self: len(self.asked) > 1)
    @rule(data=st.data())
    def carry_to_another_browser(self, data: Any) -> None:
        browser, _, _, _ = data.draw(st.sampled_from(self.asked))
        _, _, other, _ = data.draw(st.sampled_from(self.asked))
        self._try(browser, other)
        assert codes.check_code("made up", other, "192.0.2.9") is codes.Refused.STALE

    @rule(seconds=st.sampled_from([1, 30, 61, 299, 301, 3601, 90_000]))
    def wait(self, seconds: int) -> None:
        self.clock.shift(seconds)

    def _try(self, browser: str, typed: str) -> None:
        _, phone, code, at = next(one for one in self.asked if one[0] == browser)
        try:
            outcome = codes.check_code(browser, typed, "192.0.2.1")
        except TooMany:
            return
        now = datetime.now(tz=NOON.tzinfo)
        good = (
            typed == code
            and browser not in self.used
            and self.tries.get(browser, 0) < codes.TRIES
            and now - at < codes.LIFETIME
        )
        if good:
            assert outcome == phone
            self.used.add(browser)
        else:
            assert isinstance(outcome, codes.Refused), "in without the code"
        self.tries[browser] = self.tries.get(browser, 0) + 1

    @invariant()
    def messages_stay_in_their_limits(self) -> None:
        for phone in PHONES:
            moments = [at for at, to, _ in self.postman.sent if to == phone]
            for rate in codes.PER_PHONE:
                for first in moments:
                    span = timedelta(seconds=rate.seconds)
                    assert sum(first <= at < first + span for at in moments) <= rate.times
        for day in {at.date() for at, _, _ in self.postman.sent}:
            assert sum(at.date() == day for at, _, _ in self.postman.sent) <= BUDGET


@pytest.mark.django_db
def test_nobody_gets_in_without_the_code(postman: Postman, settings_with_budget: None) -> None:
    Door.postman = postman
    run_state_machine_as_test(
        Door,
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        ),
    )


@pytest.fixture
def settings_with_budget(settings: Any) -> None:
    settings.SMS_PER_DAY = BUDGET


@pytest.mark.django_db
class TestOneCode:
    def test_five_wrong_tries_spoil_it(self, postman: Postman) -> None:
        browser = codes.request_code(PHONES[0], "192.0.2.1").browser
        code = postman.sent[0][2]
        wrong = "000000" if code != "000000" else "000001"
        outcomes = [codes.check_code(browser, wrong, "192.0.2.1") for _ in range(5)]
        assert outcomes == [codes.Refused.WRONG] * 4 + [codes.Refused.STALE]
        assert codes.check_code(browser, code, "192.0.2.1") is codes.Refused.STALE

    def test_the_sixth_in_an_hour_is_refused(self, postman: Postman) -> None:
        with time_machine.travel(NOON, tick=False) as clock:
            for _ in range(5):
                codes.request_code(PHONES[0], "192.0.2.1")
                clock.shift(61)
            with pytest.raises(TooMany) as refused:
                codes.request_code(PHONES[0], "192.0.2.1")
        assert refused.value.retry_after == 3600 - 5 * 61

    def test_the_eleventh_in_a_day_is_refused(self, postman: Postman) -> None:
        with time_machine.travel(NOON, tick=False) as clock:
            for _ in range(10):
                codes.request_code(PHONES[0], "192.0.2.1")
                clock.shift(3600)
            with pytest.raises(TooMany):
                codes.request_code(PHONES[0], "192.0.2.1")

    def test_the_spent_budget_stops_every_number(self, postman: Postman, settings: Any) -> None:
        settings.SMS_PER_DAY = 1
        codes.request_code(PHONES[0], "192.0.2.1")
        with pytest.raises(TooMany):
            codes.request_code(PHONES[1], "192.0.2.1")
        assert len(postman.sent) == 1

    def test_the_row_holds_neither_number_nor_code(self, postman: Postman) -> None:
        codes.request_code(PHONES[0], "192.0.2.1")
        row = PhoneCode.objects.get()
        stored = b"|".join(
            bytes(getattr(row, name)) for name in ("phone_index", "phone_sealed", "code_hash", "browser_hash")
        )
        assert PHONES[0].encode() not in stored
        assert postman.sent[0][2].encode() not in stored

    def test_without_a_sender_outside_the_demo_it_says_so(
        self, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.DEMO = False
        monkeypatch.setattr(sender, "_registered", [])
        with pytest.raises(sender.NoSender):
            codes.request_code(PHONES[0], "192.0.2.1")

    def test_only_the_demo_shows_the_code(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sender, "_registered", [])
        settings.DEMO = True
        shown = codes.request_code(PHONES[0], "192.0.2.1").screen
        assert shown is not None and len(shown) == 6


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13800001234", "13800001234"),
        (" 138 0000 1234 ", "13800001234"),
        ("+86 138-0000-1234", "13800001234"),
        ("008613800001234", "13800001234"),
        ("１３８００００１２３４", "13800001234"),
        ("1380000123", None),
        ("12800001234", None),
        ("0519-00001234", None),
        ("1380000123४", None),
        ("", None),
    ],
)
def test_numbers_as_people_type_them(typed: str, number: str | None) -> None:
    assert mobile(typed) == number
