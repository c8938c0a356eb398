"""Which messages are somebody's: what is told to organisations and staff is addressed by name and holds no number of anybody."""

from __future__ import annotations

from typing import Any

ROWS: list[Any] = []
OF_PEOPLE = {
    "inbox_message": "resident_id is not null",
    "inbox_delivery": "message_id in (select id from inbox_message where resident_id is not null)",
}
