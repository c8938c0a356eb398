"""Sessions in PostgreSQL with their account on the row (``SESSION_ENGINE``)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

MARKS = "signin"


class SessionStore(DatabaseStore):
    """Django's own store; only the columns beside the payload are ours."""

    @classmethod
    def get_model_class(cls) -> Any:
        from jiamenkou.foundation.access.models import Session

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        marks = data.get(MARKS)
        if marks and data.get(SESSION_KEY):
            row.account_id = int(data[SESSION_KEY])
            row.started_at = datetime.fromtimestamp(marks["at"], UTC)
            row.seen_at = datetime.fromtimestamp(marks["seen"], UTC)
            row.device = marks["device"]
            row.way = marks["way"]
        return row
