from jiamenkou.services.visits.models.conflict import VisitConflict
from jiamenkou.services.visits.models.plan import Plan
from jiamenkou.services.visits.models.visit import ProposedFact, Visit, VisitFile, VisitNeed, VisitPerson

__all__ = ["Plan", "ProposedFact", "Visit", "VisitConflict", "VisitFile", "VisitNeed", "VisitPerson"]
