"""Sessions in PostgreSQL with their account on the row (``SESSION_ENGINE``)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection
from django.utils import timezone

from jiamenkou.foundation.rows import columns, made, width

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
        from jiamenkou.foundation.people.models import Account

        with connection.cursor() as cursor:
            cursor.execute(
                f"""select {columns(self.model, "s")}, {columns(Account, "a")}
                      from access_session s left join people_account a on a.id = s.account_id
                     where s.session_key = %s and s.expire_date > %s""",  # noqa: S608 - our own columns
                [self.session_key, timezone.now()],
            )
            found = cursor.fetchone()
        if found is None:
            self._session_key = None
            return None
        own = width(self.model)
        row: Any = made(self.model, found[:own])
        row.account = made(Account, found[own:]) if row.account_id is not None else None
        return row

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
