"""The nouns of this room."""

from jiamenkou.services.needs.models.fair import Fair, SignUp, Stand
from jiamenkou.services.needs.models.need import Category, LocalSupply, Need, NeedLog, Project
from jiamenkou.services.needs.models.net import Duty
from jiamenkou.services.needs.models.survey import Survey, SurveyAnswer

__all__ = [
    "Category",
    "Duty",
    "Fair",
    "LocalSupply",
    "Need",
    "NeedLog",
    "Project",
    "SignUp",
    "Stand",
    "Survey",
    "SurveyAnswer",
]
