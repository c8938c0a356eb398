"""Nothing fits: a resident says in a sentence what would, and the community looks."""

from __future__ import annotations

from datetime import date

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.models import StaffRole
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.messages.send import tell
from jiamenkou.foundation.people.masking import scrub
from jiamenkou.foundation.people.models import Account, Resident
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.jobs import notices
from jiamenkou.services.jobs.actions.intentions import file_intention
from jiamenkou.services.jobs.models import Intention
from jiamenkou.services.jobs.states import FiledBy, IntentionState

NOTE_LENGTH = 300
# a community's workers, not everybody who happens to hold a role above it
TOLD_AT_MOST = 10


def ask_community(
    resident: Resident, text: str, *, by: Actor, filed_by: FiledBy, today: date, reason: str
) -> Intention:
    """The sentence stands on the wish, the newest first, and the workers of the community are told."""
    words = " ".join(text.split())
    if not words:
        raise Refused("请写一句想找什么样的活。", field="text", code="required")
    intention = Intention.objects.filter(
        resident=resident, state__in=[IntentionState.OPEN, IntentionState.PAUSED]
    ).first()
    if intention is None:
        intention = file_intention(
            resident, {"note": words[:NOTE_LENGTH]}, by=by, filed_by=filed_by, today=today, reason=reason
        )
    elif words not in intention.note:
        intention.state = IntentionState.OPEN
        intention.note = "；".join(part for part in (words, intention.note) if part)[:NOTE_LENGTH]
        intention.save()
    for account in _workers(resident.community_id):
        tell(notices.ASKED, account, href="/desk/", name=resident.name[:1] + "**", words=scrub(words, NOTE_LENGTH))
    return intention


def _workers(community: int) -> list[Account]:
    roles = (
        StaffRole.objects.current()
        .filter(role=Role.WORKER, place_id=community)
        .select_related("account")
        .order_by("id")
    )
    return [role.account for role in roles[:TOLD_AT_MOST]]
