"""The nouns of bookings."""

from jiamenkou.foundation.bookings.models.booking import LIVE, Booking, BookingState, Waiting, WaitingState
from jiamenkou.foundation.bookings.models.resource import (
    DayException,
    Hold,
    Keeper,
    OpeningHours,
    Resource,
    ResourceKind,
    Session,
    SessionState,
)

__all__ = [
    "LIVE",
    "Booking",
    "BookingState",
    "DayException",
    "Hold",
    "Keeper",
    "OpeningHours",
    "Resource",
    "ResourceKind",
    "Session",
    "SessionState",
    "Waiting",
    "WaitingState",
]
