from jiamenkou.foundation.cases.models.case import Case, CaseCounter, CaseFile, CaseQuerySet
from jiamenkou.foundation.cases.models.event import CaseEvent
from jiamenkou.foundation.cases.models.follower import Follower, ProtectedSource
from jiamenkou.foundation.cases.models.tables import CalendarVersion, CatalogueVersion, OfficeHoursOf

__all__ = [
    "CalendarVersion",
    "Case",
    "CaseCounter",
    "CaseEvent",
    "CaseFile",
    "CaseQuerySet",
    "CatalogueVersion",
    "Follower",
    "OfficeHoursOf",
    "ProtectedSource",
]
