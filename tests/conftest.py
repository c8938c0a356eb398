"""The harness. Each guard below makes one kind of mistake impossible; its name says which.

Guards: undefined template variables, template leftovers and inline handlers in answers, unordered querysets,
``select_for_update`` over joined tables, the network beyond loopback. A GET that writes fails in the product itself.
"""

from __future__ import annotations

import random
import re
import socket
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
from django.db.models import QuerySet
from django.test import Client

from tests import guards

pytest_plugins = ["tests.people"]

# speed is measured in benches; a busy machine must not fail a property
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")


@pytest.fixture(autouse=True, scope="session")
def network_is_loopback_only() -> Iterator[None]:
    """A test that reaches for another machine fails."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"the network is closed to tests: {address[0]}")
        return connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def unordered_querysets_are_shuffled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Code that relies on an order it did not ask for sees another one."""
    fetch_all = QuerySet._fetch_all  # type: ignore[attr-defined]

    def shuffling(self: QuerySet[Any]) -> None:
        fresh = self._result_cache is None  # type: ignore[attr-defined]
        fetch_all(self)
        if fresh and not self.ordered and not self.query.is_sliced:
            random.shuffle(self._result_cache)  # type: ignore[attr-defined]

    monkeypatch.setattr(QuerySet, "_fetch_all", shuffling)


@pytest.fixture(autouse=True)
def locks_name_their_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """``select_for_update()`` without ``of`` locks every joined table as well."""
    lock = QuerySet.select_for_update

    def guarded(self: QuerySet[Any], *args: Any, **kwargs: Any) -> QuerySet[Any]:
        # Django's own update_or_create locks a row of one table
        ours = guards.caller() != "update_or_create" and "site-packages" not in guards.first_caller_outside(
            "/django/db/"
        )
        assert kwargs.get("of") or not ours, 'say which table is locked: select_for_update(of=("self",))'
        return lock(self, *args, **kwargs)

    monkeypatch.setattr(QuerySet, "select_for_update", guarded)


@pytest.fixture(autouse=True)
def undefined_template_variables_fail(settings: Any) -> None:
    """A misspelt name in a template is an error, not an empty string."""
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = guards.Undefined()


class GuardedClient(Client):
    """Reads every HTML answer for what must never be in one, and puts the tests' own scope back."""

    def request(self, **request: Any) -> Any:
        response = super().request(**request)
        guards.check_answer(response)
        guards.see_everything()
        return response


@pytest.fixture
def client() -> GuardedClient:
    return GuardedClient()


@pytest.fixture
def client_for(db: None) -> Callable[[Any], GuardedClient]:
    """A browser in which the account has signed in, second factor included."""

    def signed_in(account: Any) -> GuardedClient:
        browser = GuardedClient()
        guards.sign_in(browser, account)
        return browser

    return signed_in


NUMBER = re.compile(r"(?<!\d)(\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")
