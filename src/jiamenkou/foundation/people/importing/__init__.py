"""Rosters meet the register: lookups by blind index, and writing a plan in bulk."""

from __future__ import annotations

from jiamenkou.foundation.people.importing.apply import apply_plan
from jiamenkou.foundation.people.importing.register import CommunityRegister

__all__ = ["CommunityRegister", "apply_plan"]
