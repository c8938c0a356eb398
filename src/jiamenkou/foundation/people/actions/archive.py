"""The skills archive and consents."""

from __future__ import annotations

from datetime import date, datetime

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.events.kinds import CertificateEarned
from jiamenkou.foundation.people.models import ArchiveItem, ArchiveKind, Consent, ConsentPurpose, Evidence, Resident
from jiamenkou.foundation.refusals import Refused

# the texts of docs/resident/ carry the same version
CONSENT_VERSION = "2026-11"


def note_item(
    resident: Resident,
    kind: ArchiveKind,
    text: str,
    *,
    by: Actor,
    reason: str,
    evidence: Evidence = Evidence.SELF_SAID,
    valid_until: date | None = None,
) -> ArchiveItem:
    """One entry; said again with better evidence it is raised, never lowered."""
    words = " ".join(text.split())[:60]
    if not words:
        raise Refused("请写明内容。", field="text", code="required")
    item, made = ArchiveItem.objects.get_or_create(
        resident=resident, kind=kind, text=words, defaults={"evidence": evidence, "valid_until": valid_until}
    )
    order = [Evidence.SELF_SAID, Evidence.SEEN, Evidence.CERTIFIED]
    if not made and order.index(evidence) >= order.index(Evidence(item.evidence)):
        item.evidence, item.valid_until = evidence, valid_until or item.valid_until
        item.save()
    if kind == ArchiveKind.CERTIFICATE and evidence == Evidence.CERTIFIED:
        publish(CertificateEarned(resident.pk, words, item.valid_until))
    return item


def drop_item(item: ArchiveItem, *, by: Actor, reason: str) -> None:
    item.delete()


def give_consent(resident: Resident, purpose: ConsentPurpose, *, how: str, by: Actor, reason: str) -> Consent:
    """The current consent, made where there is none."""
    consent, _ = Consent.objects.get_or_create(
        resident=resident,
        purpose=purpose,
        withdrawn_at=None,
        defaults={"version": CONSENT_VERSION, "how": how},
    )
    return consent


def withdraw_consent(resident: Resident, purpose: ConsentPurpose, *, by: Actor, now: datetime, reason: str) -> int:
    """As easy as giving it: one call, no question. Returns how many were withdrawn (0 or 1)."""
    withdrawn = 0
    for consent in Consent.objects.filter(resident=resident, purpose=purpose, withdrawn_at__isnull=True).order_by(
        "id"
    ):
        consent.withdrawn_at = now
        consent.save()
        withdrawn += 1
    return withdrawn


def has_consent(resident: int, purpose: ConsentPurpose) -> bool:
    return Consent.objects.filter(resident_id=resident, purpose=purpose, withdrawn_at__isnull=True).exists()
