"""Rosters meet the register: lookups by blind index, and writing a plan in bulk."""

from __future__ import annotations

from jiamenkou.foundation.people.importing.apply import apply_plan
from jiamenkou.foundation.people.importing.register import CommunityRegister
from jiamenkou.foundation.people.importing.transfers import request_transfer

__all__ = ["CommunityRegister", "apply_plan", "request_transfer"]
