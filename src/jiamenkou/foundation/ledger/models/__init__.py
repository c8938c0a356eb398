"""The nouns of the ledger."""

from jiamenkou.foundation.ledger.models.book import Account, Entry, OwnerKind, Transaction, Unit
from jiamenkou.foundation.ledger.models.payments import (
    BillKind,
    BillLine,
    BillVerdict,
    ErrandState,
    IntentState,
    Method,
    PaymentEvent,
    PaymentIntent,
    Refund,
    Share,
    Way,
)

__all__ = [
    "Account",
    "BillKind",
    "BillLine",
    "BillVerdict",
    "Entry",
    "ErrandState",
    "IntentState",
    "Method",
    "OwnerKind",
    "PaymentEvent",
    "PaymentIntent",
    "Refund",
    "Share",
    "Transaction",
    "Unit",
    "Way",
]
