"""The cycle's own book: what each thing that happens writes. Every account of it ends at zero.

``money`` is where the buyers' money is (with the supplier; it never passes through us), ``orders`` what was ordered and not
handed over yet, ``receivable`` what buyers still have to pay, ``refund_due`` what they get back, ``supplier`` and
``commission`` what those two have earned.
"""

from __future__ import annotations

from dataclasses import dataclass

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.ledger.models import Account, OwnerKind
from jiamenkou.foundation.ledger.owners import account_for, accounts_of_key, cycle_owner
from jiamenkou.foundation.ledger.posting import Line, Posting, post
from jiamenkou.services.groupbuy.models import Cycle

PURPOSES = ("receivable", "orders", "money", "refund_due", "supplier", "commission")
Moves = dict[str, int]


@dataclass(frozen=True, slots=True)
class Deed:
    """``key`` names it once for ever; ``moves`` is purpose → fen and sums to zero."""

    key: str
    kind: str
    moves: Moves


def open_book(cycle: Cycle) -> None:
    """All accounts of a cycle, when it is published: buyers then find them with one query."""
    owner = cycle_owner(cycle.subject, cycle.community_id)
    for purpose in PURPOSES:
        account_for(owner, purpose)


def write(cycle: Cycle, deed: Deed, *, by: Actor, reason: str) -> None:
    accounts = _accounts(cycle)
    lines = [Line(accounts[purpose], amount) for purpose, amount in deed.moves.items() if amount]
    if lines:
        post(Posting(deed.key, deed.kind, lines, cycle.subject), by=by, reason=reason)


def placed(order: int, fen: int) -> Deed:
    return Deed(f"groupbuy.order:{order}:placed", "placed", {"receivable": fen, "orders": -fen})


def released(order: int, fen: int) -> Deed:
    """Nobody paid in time, or it was cancelled before."""
    return Deed(f"groupbuy.order:{order}:released", "released", {"receivable": -fen, "orders": fen})


def placed_again(order: int, fen: int) -> Deed:
    """Paid after it was released, and honoured."""
    return Deed(f"groupbuy.order:{order}:again", "placed", {"receivable": fen, "orders": -fen})


def paid(intent: int, fen: int) -> Deed:
    return Deed(f"groupbuy.payment:{intent}:paid", "paid", {"money": fen, "receivable": -fen})


def paid_late(intent: int, fen: int) -> Deed:
    """The boxes are gone: all of it goes back."""
    return Deed(f"groupbuy.payment:{intent}:late", "paid", {"money": fen, "refund_due": -fen})


def owed_back(key: str, fen: int, kind: str) -> Deed:
    """Before pickup: a shortage, a cycle that failed, a cancelled order."""
    return Deed(f"groupbuy.back:{key}", kind, {"orders": fen, "refund_due": -fen})


def owed_back_after_pickup(key: str, fen: int, commission: int) -> Deed:
    """After pickup the supplier bears it, and the leader's commission on it is reversed."""
    return Deed(
        f"groupbuy.back:{key}",
        "complaint",
        {"supplier": fen - commission, "commission": commission, "refund_due": -fen},
    )


def sent_back(refund: int, fen: int) -> Deed:
    return Deed(f"groupbuy.refund:{refund}:done", "refunded", {"refund_due": fen, "money": -fen})


def earned(order: int, fen: int, commission: int) -> Deed:
    """Picked up: now the supplier and the leader have earned it."""
    return Deed(
        f"groupbuy.order:{order}:earned",
        "earned",
        {"orders": fen, "supplier": commission - fen, "commission": -commission},
    )


def unclaimed(order: int, fen: int) -> Deed:
    """Nobody came for it: the goods were bought, the supplier is paid, the leader has not earned."""
    return Deed(f"groupbuy.order:{order}:unclaimed", "unclaimed", {"orders": fen, "supplier": -fen})


def shared(share: int, fen: int) -> Deed:
    """分账: the provider has handed a commission on."""
    return Deed(f"groupbuy.share:{share}", "settled", {"commission": fen, "money": -fen})


def settled(settlement: int, purpose: str, fen: int) -> Deed:
    """Negative ``fen``: the party gives back what it had too much."""
    return Deed(f"groupbuy.settlement:{settlement}", "settled", {purpose: fen, "money": -fen})


def _accounts(cycle: Cycle) -> dict[str, Account]:
    """One query where the book is open."""
    found = accounts_of_key(OwnerKind.CYCLE, cycle.subject)
    if len(found) < len(PURPOSES):
        open_book(cycle)
        found = accounts_of_key(OwnerKind.CYCLE, cycle.subject)
    return {row.purpose: row for row in found}
