"""Who may have a photo of this room that is not public: whoever sees the repair or the work it belongs to."""

from __future__ import annotations

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.files.models import StoredFile
from jiamenkou.services.stations.models import Repair, Work


def may_see(by: Actor, file: StoredFile) -> bool:
    """Row-level security decides which of them this visit sees."""
    return Repair.objects.filter(photo=file).exists() or Work.objects.filter(photo=file).exists()
