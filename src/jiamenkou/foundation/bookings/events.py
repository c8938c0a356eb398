"""What happens to bookings that the room they belong to wants to hear, inside the transaction."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlaceOffered:
    """Somebody in line has a place kept for them; ``booking`` is None where the room itself holds the thing."""

    waiting: int
    about: str
    booking: int | None


@dataclass(frozen=True, slots=True)
class OfferLapsed:
    waiting: int
    about: str


@dataclass(frozen=True, slots=True)
class BookingSoon:
    """The time to remind has come; sent once, never for what is over or cancelled."""

    booking: int
    about: str


@dataclass(frozen=True, slots=True)
class BookingEnded:
    """Cancelled by the house: the day was closed, the session called off. ``why`` is for the person."""

    booking: int
    about: str
    why: str
