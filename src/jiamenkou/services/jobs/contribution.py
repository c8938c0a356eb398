"""What this room brings to the fronts."""

from __future__ import annotations

from jiamenkou.foundation.events.contributions import Room
from jiamenkou.services.jobs import notices  # noqa: F401  (registers the notice classes)


def room() -> Room:
    return Room(name="jobs", label="就业服务站", phone_prefix="jobs/")
