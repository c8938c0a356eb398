"""What came with a form of the desk, as the actions want it."""

from __future__ import annotations

from typing import Any

from jiamenkou.foundation.access.visit import Visit


def how(request: Visit, reason: str) -> dict[str, Any]:
    return {"by": request.actor, "reason": reason}


def number(request: Visit, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdigit() and len(text) < 18 else 0
