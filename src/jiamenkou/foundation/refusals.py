"""When an action cannot be done: said in the user's language, at a field where one is to blame."""

from __future__ import annotations


class Refused(Exception):
    """Nothing was changed. ``message`` is shown to the user; ``field`` names the input it belongs to."""

    def __init__(self, message: str, *, field: str | None = None, code: str = "refused") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code


class Conflict(Refused):
    """Somebody else was there first: the last place is gone, the row was changed meanwhile."""


class NotAllowed(Refused):
    """The actor may not do this here."""
