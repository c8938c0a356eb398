"""The room's nouns."""

from jiamenkou.services.stations.models.corner import Ballot, Claim, Corner, Proposal, SheetLine
from jiamenkou.services.stations.models.hours import MOST_MINUTES, Certificate, Help
from jiamenkou.services.stations.models.matters import (
    Couplet,
    Gift,
    Loan,
    Matter,
    Repair,
    RepairLog,
    Thing,
    ThingKind,
)
from jiamenkou.services.stations.models.station import Activity, Facility, Host, Room, Service, Station, Work

__all__ = [
    "MOST_MINUTES",
    "Activity",
    "Ballot",
    "Certificate",
    "Claim",
    "Corner",
    "Couplet",
    "Facility",
    "Gift",
    "Help",
    "Host",
    "Loan",
    "Matter",
    "Proposal",
    "Repair",
    "RepairLog",
    "Room",
    "Service",
    "SheetLine",
    "Station",
    "Thing",
    "ThingKind",
    "Work",
]
