"""Who holds which role where, and the short-lived things that signing in needs."""

from jiamenkou.foundation.access.models.grants import Reveal, StaffRole
from jiamenkou.foundation.access.models.limits import Counter
from jiamenkou.foundation.access.models.signin import OneTimeLink, PhoneCode, StoredAnswer

__all__ = ["Counter", "OneTimeLink", "PhoneCode", "Reveal", "StaffRole", "StoredAnswer"]
