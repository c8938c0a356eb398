"""The nouns of people, one module each."""

from jiamenkou.foundation.people.models.account import Account, AccountResident, Relation
from jiamenkou.foundation.people.models.archive import ArchiveItem, ArchiveKind, Consent, ConsentPurpose, Evidence
from jiamenkou.foundation.people.models.household import Household, Membership
from jiamenkou.foundation.people.models.importing import ImportRun, ImportState
from jiamenkou.foundation.people.models.merge import MergeRecord, PairDecision, PairVerdict, TransferRequest
from jiamenkou.foundation.people.models.organisation import (
    LicenceState,
    Organisation,
    OrganisationKind,
    OrganisationMember,
)
from jiamenkou.foundation.people.models.resident import (
    Attachment,
    AttachmentKind,
    DisabilityLevel,
    EmploymentStatus,
    Identity,
    IdentityKind,
    Phone,
    Resident,
    Sex,
)

__all__ = [
    "Account",
    "AccountResident",
    "ArchiveItem",
    "ArchiveKind",
    "Attachment",
    "AttachmentKind",
    "Consent",
    "ConsentPurpose",
    "DisabilityLevel",
    "EmploymentStatus",
    "Evidence",
    "Household",
    "Identity",
    "IdentityKind",
    "ImportRun",
    "ImportState",
    "LicenceState",
    "Membership",
    "MergeRecord",
    "Organisation",
    "OrganisationKind",
    "OrganisationMember",
    "PairDecision",
    "PairVerdict",
    "Phone",
    "Relation",
    "Resident",
    "Sex",
    "TransferRequest",
]
