"""What payments tell the rooms, inside the transaction in which it became true."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PaymentArrived:
    """The money of this intent is there, for certain and for the first time; perhaps too late."""

    intent: int


@dataclass(frozen=True, slots=True)
class PaymentEnded:
    """No money will come for this intent any more."""

    intent: int


@dataclass(frozen=True, slots=True)
class RefundEnded:
    """``done``: it is back; otherwise somebody must look."""

    refund: int
    done: bool


@dataclass(frozen=True, slots=True)
class ShareEnded:
    """``done``: the receiver has it; otherwise it must be paid another way."""

    share: int
    done: bool
