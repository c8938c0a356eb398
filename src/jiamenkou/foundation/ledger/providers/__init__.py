"""Who moves the money: one interface, one provider in use. Nothing here touches the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol


class Unknown(Exception):
    """It may have happened or not: ask again. ``message`` is a plain Chinese line."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Failed(Exception):
    """The provider said no; ``code`` is its own word."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code, self.message = code, message


class Forged(Exception):
    """A notification that the provider did not send, or did not send now."""


class SeenState(StrEnum):
    WAITING = "waiting"
    PAID = "paid"
    CLOSED = "closed"
    DONE = "done"
    RUNNING = "running"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Seen:
    """What the provider says of one number of ours. ``amount`` in fen."""

    number: str
    state: SeenState
    merchant: str
    amount: int = 0
    currency: str = "CNY"
    provider_id: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A payment to be prepared. ``payer`` is the buyer's openid with the service provider's app."""

    number: str
    merchant: str
    amount: int
    description: str
    payer: str
    expires_at: datetime
    profit_sharing: bool


@dataclass(frozen=True, slots=True)
class BillRow:
    """One line of the provider's bill; refunds have their own number and a positive amount."""

    is_refund: bool
    number: str
    merchant: str
    amount: int
    state: str


@dataclass(frozen=True, slots=True)
class Notification:
    id: str
    event: str
    seen: Seen


class Provider(Protocol):
    """Every call may raise :class:`Unknown` or :class:`Failed`; calling again with the same number does nothing twice."""

    def prepare(self, request: Request) -> str: ...

    def invocation(self, prepay: str) -> Mapping[str, str]: ...

    def ask(self, number: str, merchant: str) -> Seen: ...

    def close(self, number: str, merchant: str) -> None: ...

    def refund(self, number: str, payment: str, merchant: str, amount: int, total: int, reason: str) -> Seen: ...

    def ask_refund(self, number: str, merchant: str) -> Seen: ...

    def share(self, number: str, transaction: str, merchant: str, receiver: str, amount: int, reason: str) -> Seen: ...

    def ask_share(self, number: str, transaction: str, merchant: str) -> Seen: ...

    def bill(self, day: date) -> Iterable[BillRow]: ...

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Notification: ...


_used: list[Provider] = []


def use(provider: Provider) -> None:
    """Payments go through this provider from now on."""
    _used[:] = [provider]


def stop_using() -> None:
    """Only what is paid elsewhere can be recorded."""
    _used.clear()


def in_use() -> Provider | None:
    return _used[0] if _used else None
