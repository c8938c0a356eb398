"""What this room brings to the fronts."""

from __future__ import annotations

from jiamenkou.foundation.events.contributions import Room
from jiamenkou.services.needs import notices
from jiamenkou.services.needs.permissions import GRANTS, NeedsPermission


def room() -> Room:
    notices.register_all()
    return Room(name="needs", label="网格与需求", permissions=NeedsPermission, grants=GRANTS)
