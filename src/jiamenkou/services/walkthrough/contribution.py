"""What this room brings to the fronts."""

from __future__ import annotations

from jiamenkou.foundation.events.contributions import Room
from jiamenkou.services.walkthrough import notices
from jiamenkou.services.walkthrough.permissions import GRANTS, WalksPermission


def room() -> Room:
    notices.register_all()
    return Room(name="walkthrough", label="走流程", permissions=WalksPermission, grants=GRANTS)
