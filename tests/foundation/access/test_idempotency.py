"""The same key twice is one deed, also at the same moment; and the careless way is not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from django.utils import timezone
from tests.people import make_account

from jiamenkou.foundation.access.idempotency import key_of, once
from jiamenkou.foundation.access.models import Counter, StoredAnswer
from jiamenkou.foundation.access.session_store import SessionStore
from jiamenkou.foundation.people.models import Account

_serial = count()


def command(
    body: dict[str, Any] | None = None,
    key: str | None = "k-1",
    user: Account | None = None,
    path: str = "/order/",
    **more: Any,
) -> HttpRequest:
    headers = {"Idempotency-Key": key} if key else {}
    request = RequestFactory().post(path, body or {"box": "7"}, headers=headers, **more)
    request.user = user or AnonymousUser()
    request.session = SessionStore()
    return request


def order() -> HttpResponse:
    """A deed that leaves a trace."""
    Counter.objects.create(key=f"order-{next(_serial)}".encode(), window=timezone.now())
    return HttpResponse("第 7 盒", status=201, headers={"Location": "/orders/7/"})


def run(request: HttpRequest, act: Callable[[], HttpResponseBase] = order) -> HttpResponseBase:
    with transaction.atomic():
        return once(request, act)


def deeds() -> int:
    return Counter.objects.count()


def content(answer: HttpResponseBase) -> bytes:
    assert isinstance(answer, HttpResponse)
    return answer.content


@pytest.mark.django_db
class TestOneAfterTheOther:
    def test_same_key_and_body_is_the_same_answer(self) -> None:
        first, second = run(command()), run(command())
        assert deeds() == 1
        assert (second.status_code, content(second), second["Location"]) == (201, content(first), "/orders/7/")
        assert second["Content-Type"] == first["Content-Type"]

    def test_another_body_is_refused(self) -> None:
        run(command())
        assert run(command({"box": "8"})).status_code == 422
        assert deeds() == 1

    @pytest.mark.parametrize("other", [{"key": "k-2"}, {"path": "/other/"}, {"key": None}])
    def test_another_key_or_route_is_another_deed(self, other: dict[str, Any]) -> None:
        run(command())
        run(command(**other))
        assert deeds() == 2

    def test_another_person_is_another_deed(self, everything: None) -> None:
        one, other = make_account(), make_account()
        run(command(user=one))
        assert content(run(command(user=other), lambda: HttpResponse("mine"))) == b"mine"

    def test_the_hidden_field_does_as_well_and_tokens_do_not_count(self) -> None:
        run(command({"box": "7", "idempotency_key": "f", "csrfmiddlewaretoken": "a"}, key=None))
        run(command({"csrfmiddlewaretoken": "b", "idempotency_key": "f", "box": "7"}, key=None))
        assert deeds() == 1

    def test_files_are_part_of_the_body(self) -> None:
        def upload(text: bytes) -> HttpRequest:
            return command({"photo": SimpleUploadedFile("a.jpg", text)})

        assert [run(upload(b"x")).status_code, run(upload(b"x")).status_code, run(upload(b"y")).status_code] == [
            201,
            201,
            422,
        ]
        request = upload(b"z")
        request.META["HTTP_IDEMPOTENCY_KEY"] = "k-9"
        read: list[bytes] = []

        def act() -> HttpResponse:
            read.append(request.FILES["photo"].read())
            return HttpResponse()

        run(request, act)
        assert read == [b"z"], "the deed still reads the file from its start"

    def test_json_bodies(self) -> None:
        def send(text: str) -> HttpRequest:
            request = RequestFactory().post(
                "/api/", text, content_type="application/json", headers={"Idempotency-Key": "j"}
            )
            request.user, request.session = AnonymousUser(), SessionStore()
            return request

        assert [run(send(text)).status_code for text in ('{"a":1}', '{"a":1}', '{"a":2}')] == [201, 201, 422]

    @pytest.mark.parametrize("status", [500, 503, 429])
    def test_what_may_be_tried_again_is_not_kept(self, status: int) -> None:
        run(command(), lambda: HttpResponse(status=status))
        assert run(command()).status_code == 201

    def test_a_refusal_is_kept(self) -> None:
        run(command(), lambda: HttpResponse("已抢光", status=409 + 1))
        assert run(command()).status_code == 410
        assert deeds() == 0

    def test_an_exception_leaves_nothing(self) -> None:
        def fail() -> HttpResponse:
            order()
            raise RuntimeError

        with pytest.raises(RuntimeError):
            run(command(), fail)
        assert (deeds(), StoredAnswer.objects.count()) == (0, 0)
        assert run(command()).status_code == 201

    def test_after_a_day_the_key_is_free(self) -> None:
        run(command())
        with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
            assert run(command({"box": "8"})).status_code == 201
        assert deeds() == 2

    def test_the_answer_is_sealed(self) -> None:
        run(command(), lambda: HttpResponse("138 0000 1234"))
        row = StoredAnswer.objects.get()
        assert b"0000" not in bytes(row.sealed or b"")
        assert b"k-1" not in bytes(row.key_hash)

    def test_a_replayed_page_carries_the_new_nonce(self) -> None:
        def page(nonce: str) -> HttpRequest:
            request = command()
            request.csp_nonce = nonce  # type: ignore[attr-defined]
            return request

        run(page("first"), lambda: HttpResponse('<script nonce="first">'))
        assert content(run(page("second"))) == b'<script nonce="second">'

    @pytest.mark.parametrize("key", ["x" * 201, "钥匙" * 101])
    def test_a_key_has_a_length(self, key: str) -> None:
        assert run(command({"box": "7", "idempotency_key": key}, key=None)).status_code == 400

    def test_reading_takes_no_key(self) -> None:
        assert key_of(RequestFactory().get("/", headers={"Idempotency-Key": "k"})) is None


def _twice_at_once(act: Callable[[], HttpResponseBase]) -> list[HttpResponseBase]:
    answers: list[HttpResponseBase] = []
    start = threading.Barrier(2)

    def tap() -> None:
        try:
            start.wait()
            answers.append(act())
        finally:
            connection.close()

    taps = [threading.Thread(target=tap) for _ in range(2)]
    for one in taps:
        one.start()
    for one in taps:
        one.join()
    return answers


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    def test_the_careless_way_acts_twice(self) -> None:
        """Look whether the key is known, act, store: both look before either stores."""
        looked = threading.Barrier(2)

        def careless() -> HttpResponseBase:
            with transaction.atomic():
                known = StoredAnswer.objects.filter(body_hash=b"k").exists()
                looked.wait()
                answer = HttpResponse(status=200) if known else order()
                StoredAnswer.objects.create(key_hash=str(next(_serial)).encode(), body_hash=b"k")
                return answer

        _twice_at_once(careless)
        assert deeds() == 2, "the race must exist, or the next test proves nothing"

    def test_a_double_tap_acts_once_and_the_second_waits_for_the_answer(self) -> None:
        acting = threading.Event()

        def slow() -> HttpResponse:
            answer = order()
            acting.wait(0.3)
            return answer

        answers = _twice_at_once(lambda: run(command(), slow))
        assert deeds() == 1
        assert [answer.status_code for answer in answers] == [201, 201]
        assert len({content(answer) for answer in answers}) == 1

    def test_when_the_first_fails_the_second_acts(self) -> None:
        turns = count()

        def first_fails() -> HttpResponse:
            if next(turns) == 0:
                order()
                threading.Event().wait(0.3)
                raise RuntimeError
            return order()

        def tap() -> HttpResponseBase:
            try:
                return run(command(), first_fails)
            except RuntimeError:
                return HttpResponse(status=500)

        answers = _twice_at_once(tap)
        assert sorted(answer.status_code for answer in answers) == [201, 500]
        assert deeds() == 1
