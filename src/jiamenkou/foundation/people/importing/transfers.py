"""Asking another community for a person whose number it holds. Whoever asks is shown nothing of the person."""

from __future__ import annotations

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.people.models import Identity, TransferRequest
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Refused
from jiamenkou.foundation.vault.service import blind_index


def request_transfer(number: str, to: Place, *, by: Actor, reason: str) -> None:
    """Ask, once, the community that holds ``number`` (normalised). Asking again changes nothing."""
    with scope(EVERYTHING):  # only whose row it is; the answer is the other community's
        held = (
            Identity.objects.filter(index=blind_index("identity", number))
            .exclude(resident__community=to)
            .order_by("pk")
            .values_list("resident_id", flat=True)
            .first()
        )
    if held is None:
        raise Refused("这个号码没有在其他社区登记。", code="not_elsewhere")
    TransferRequest.objects.get_or_create(
        resident_id=held, to_community=to, answered_at=None, defaults={"note": reason[:200]}
    )
