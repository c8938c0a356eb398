"""Sessions in PostgreSQL with their account on the row (``SESSION_ENGINE``)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.core.exceptions import SuspiciousOperation
from django.utils import timezone

MARKS = "signin"


class SessionStore(DatabaseStore):
    """Django's own store; the columns beside the payload are ours, and the account comes with the row."""

    # read together with the session, for the middleware that judges the sign-in
    account: Any = None

    def load(self) -> dict[str, Any]:
        row = self._get_session_from_db()
        self.account = row.account if row is not None else None
        return self.decode(row.session_data) if row is not None else {}

    def _get_session_from_db(self) -> Any:
        rows: Any = self.model.objects
        try:
            return rows.select_related("account").get(session_key=self.session_key, expire_date__gt=timezone.now())
        except (self.model.DoesNotExist, SuspiciousOperation):
            self._session_key = None
            return None

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
