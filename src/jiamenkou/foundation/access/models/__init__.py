"""Who holds which role where, and the short-lived things that signing in needs."""

from jiamenkou.foundation.access.models.grants import Reveal, StaffRole
from jiamenkou.foundation.access.models.limits import Counter, Recent
from jiamenkou.foundation.access.models.session import Session
from jiamenkou.foundation.access.models.signin import OneTimeLink, PhoneCode, StoredAnswer

__all__ = ["Counter", "OneTimeLink", "PhoneCode", "Recent", "Reveal", "Session", "StaffRole", "StoredAnswer"]
