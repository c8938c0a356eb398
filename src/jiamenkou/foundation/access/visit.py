"""A request as the views see it: with its actor."""

from __future__ import annotations

from django.http import HttpRequest

from jiamenkou.foundation.access.actor import Actor


class Visit(HttpRequest):
    """What the visit middleware makes of a request; a name for types only."""

    actor: Actor
    csp_nonce: str
