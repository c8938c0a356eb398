"""Which rows of the books are somebody's: a cycle's, a supplier's and the house's accounts are anybody's to read."""

from __future__ import annotations

from typing import Any

ROWS: list[Any] = []
OF_PEOPLE = {
    "ledger_account": "resident_id is not null",
    "ledger_entry": "account_id in (select id from ledger_account where resident_id is not null)",
}
