"""The words of this room that are stored."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiamenkou.foundation.cases.states import CaseState, Outcome


class OfficerState(models.TextChoices):
    ASKED = "asked", _("等审核")
    ACTIVE = "active", _("在岗")
    REFUSED = "refused", _("没通过")
    LEFT = "left", _("已退出")


class WalkOutcome(models.TextChoices):
    DONE = "done", _("办成了")
    PARTLY = "partly", _("办了一半")
    NOT_DONE = "not_done", _("没办成")
    GIVEN_UP = "given_up", _("中途不走了")


class FindingKind(models.TextChoices):
    TRIPS = "trips", _("多跑路")
    PAPERS = "papers", _("材料多")
    WAITING = "waiting", _("等太久")
    UNCLEAR = "unclear", _("说不清")
    FACILITY = "facility", _("设施不便")
    ATTITUDE = "attitude", _("态度")
    SYSTEM = "system", _("系统")
    OTHER = "other", _("其他")

    @property
    def category(self) -> str:
        """The category of the catalogue its case is filed under."""
        return "errand" if self in {FindingKind.TRIPS, FindingKind.PAPERS, FindingKind.SYSTEM} else "service"


class Severity(models.IntegerChoices):
    SMALL = 1, _("小事")
    MIDDLE = 2, _("不方便")
    LARGE = 3, _("办不成事")


class FindingState(models.TextChoices):
    """Follows from the case; the last three are the finder's word, not the handler's."""

    WAITING = "waiting", _("待派")
    FIXING = "fixing", _("整改中")
    CHECKING = "checking", _("待复核")
    SOLVED = "solved", _("已解决")
    CANNOT = "cannot", _("暂时解决不了")

    @property
    def tone(self) -> str:
        return {"waiting": "red", "fixing": "orange", "checking": "violet", "solved": "green"}.get(self.value, "grey")

    @property
    def icon(self) -> str:
        icons = {"waiting": "inbox", "fixing": "wrench", "checking": "eye", "solved": "circle-check"}
        return icons.get(self.value, "circle-minus")


def state_of(case_state: str, outcome: str, accepted: bool | None) -> FindingState:
    """What a finding is while its case is in this state. ``accepted``: the finder said it is fixed, is not, or nothing yet.

    A case that was closed because nobody answered is not solved: it goes on waiting for its check.
    """
    match CaseState(case_state):
        case CaseState.WORKING | CaseState.WAITING:
            return FindingState.FIXING
        case CaseState.HANDLED:
            return FindingState.CHECKING
        case CaseState.CLOSED if outcome == Outcome.CANNOT:
            return FindingState.CANNOT
        case CaseState.CLOSED:
            return FindingState.SOLVED if accepted else FindingState.CHECKING
        case CaseState.DECLINED | CaseState.WITHDRAWN:
            return FindingState.CANNOT
        case _:
            return FindingState.WAITING
