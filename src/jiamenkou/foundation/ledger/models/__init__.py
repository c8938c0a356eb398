"""The nouns of the ledger."""

from jiamenkou.foundation.ledger.models.book import Account, Entry, OwnerKind, Transaction, Unit

__all__ = ["Account", "Entry", "OwnerKind", "Transaction", "Unit"]
