"""What the clients do. A scenario names its site, sends one command and lists what is stored."""

from __future__ import annotations

import http.client
from typing import Protocol

import psycopg

Database = psycopg.Connection[tuple[object, ...]]


class Scenario(Protocol):
    """``settings`` is the Django settings module of the site that ``up`` runs."""

    settings: str

    def send(self, connection: http.client.HTTPConnection, key: str) -> int:
        """One unsafe request that leaves exactly one row marked ``key``, however often it is sent; its status.

        May raise OSError and HTTPException: the outcome is then unknown.
        """

    def stored(self, database: Database) -> list[str]:
        """The marks of all rows, doubled ones doubled; ``database`` sees every row."""


class Notes:
    """The stand-in site of the host's tests: a row of text, unique."""

    settings = "tests.host.stub.settings"

    def send(self, connection: http.client.HTTPConnection, key: str) -> int:
        connection.request("POST", "/", key, {"Idempotency-Key": key})
        answer = connection.getresponse()
        answer.read()
        return answer.status

    def stored(self, database: Database) -> list[str]:
        return [str(row[0]) for row in database.execute("select text from note where text like 'chaos %'").fetchall()]


SCENARIOS: dict[str, type[Scenario]] = {"notes": Notes}
