"""The nouns of the employment station."""

from jiamenkou.services.jobs.models.application import Application, ApplicationLog, FollowUp, Placement
from jiamenkou.services.jobs.models.employer import EmployerLink
from jiamenkou.services.jobs.models.family import FamilyLink
from jiamenkou.services.jobs.models.feed import Feed, FeedItem
from jiamenkou.services.jobs.models.intention import Call, Intention
from jiamenkou.services.jobs.models.vacancy import OccupationChoice, SavedVacancy, Vacancy, VacancyReport

__all__ = [
    "Application",
    "ApplicationLog",
    "Call",
    "EmployerLink",
    "FamilyLink",
    "Feed",
    "FeedItem",
    "FollowUp",
    "Intention",
    "OccupationChoice",
    "Placement",
    "SavedVacancy",
    "Vacancy",
    "VacancyReport",
]
