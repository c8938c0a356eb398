"""The nouns of this room."""

from jiamenkou.services.walkthrough.models.errand import Errand, ErrandVersion, ServicePoint
from jiamenkou.services.walkthrough.models.finding import Finding, FindingQuerySet
from jiamenkou.services.walkthrough.models.officer import Officer, OfficerQuerySet, RoundOfficer
from jiamenkou.services.walkthrough.models.round import Round
from jiamenkou.services.walkthrough.models.walk import Walk, WalkQuerySet, WalkStep

__all__ = [
    "Errand",
    "ErrandVersion",
    "Finding",
    "FindingQuerySet",
    "Officer",
    "OfficerQuerySet",
    "Round",
    "RoundOfficer",
    "ServicePoint",
    "Walk",
    "WalkQuerySet",
    "WalkStep",
]
