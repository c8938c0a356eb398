"""States and the one table of what may follow what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Party(StrEnum):
    """On whose behalf a need is moved."""

    RESIDENT = "resident"
    WORKER = "worker"
    SYSTEM = "system"


class NeedState(models.TextChoices):
    OPEN = "open", _("等回音")
    PLANNED = "planned", _("正在张罗")
    ANSWERED = "answered", _("开好了，等您说")
    MET = "met", _("用上了")
    CANNOT = "cannot", _("眼下办不到")
    WITHDRAWN = "withdrawn", _("不需要了")

    @property
    def tone(self) -> str:
        return _TONES[self]


_TONES = {
    NeedState.OPEN: "orange",
    NeedState.PLANNED: "blue",
    NeedState.ANSWERED: "violet",
    NeedState.MET: "green",
    NeedState.CANNOT: "grey",
    NeedState.WITHDRAWN: "grey",
}
# still counted as demand
LIVE = frozenset({NeedState.OPEN, NeedState.PLANNED, NeedState.ANSWERED})


@dataclass(frozen=True, slots=True)
class Move:
    start: NeedState
    end: NeedState
    parties: frozenset[Party]
    reason: bool = False


def _moves(start: str, ends: str, parties: str, *, reason: bool = False) -> list[Move]:
    who = frozenset(Party(p) for p in parties.split())
    return [Move(NeedState(start), NeedState(end), who, reason) for end in ends.split()]


MOVES: tuple[Move, ...] = (
    *_moves("open", "planned answered", "worker system"),
    *_moves("open", "withdrawn", "resident worker system"),
    *_moves("planned", "answered", "worker system"),
    *_moves("planned", "withdrawn", "resident worker system"),
    *_moves("planned", "open", "worker system", reason=True),
    *_moves("open", "cannot", "worker", reason=True),
    *_moves("planned", "cannot", "worker", reason=True),
    *_moves("answered", "met open withdrawn", "resident worker"),
    *_moves("cannot", "open", "worker resident"),
    *_moves("answered", "cannot", "worker", reason=True),
)
_TABLE = {(move.start, move.end): move for move in MOVES}


def move(start: str, end: str) -> Move | None:
    """The arrow from ``start`` to ``end``, or None where there is none."""
    return _TABLE.get((NeedState(start), NeedState(end)))


def open_moves(start: str, party: Party) -> list[Move]:
    """What ``party`` may do next, in the table's order."""
    return [arrow for arrow in MOVES if arrow.start == start and party in arrow.parties]


class Channel(models.TextChoices):
    DOOR = "door", _("上门走访")
    PHONE = "phone", _("居民手机")
    SURVEY = "survey", _("问卷")
    FAIR = "fair", _("市集")
    DESK = "desk", _("社区登记")
    SHEET = "sheet", _("Excel 导入")


class FiledBy(models.TextChoices):
    SELF = "self", _("本人")
    WORKER = "worker", _("社区代办")
    FAMILY = "family", _("家人代办")


class Group(models.TextChoices):
    LEARN = "learn", _("学技能")
    WORK = "work", _("找活干")
    SERVICE = "service", _("家政维修")
    ELDER = "elder", _("老人")
    CHILD = "child", _("孩子")
    SPACE = "space", _("空间活动")
    HEALTH = "health", _("健康")
    ERRAND = "errand", _("办事")


class ProjectKind(models.TextChoices):
    CLASS = "class", _("开班")
    POST = "post", _("找岗位")
    SERVICE = "service", _("引进服务")
    ROOM = "room", _("开放空间")
    EVENT = "event", _("办活动")


class ProjectState(models.TextChoices):
    PLANNED = "planned", _("张罗中")
    OPEN = "open", _("开好了")
    DONE = "done", _("办完了")
    DROPPED = "dropped", _("没办成")


PROJECT_MOVES: dict[str, frozenset[str]] = {
    ProjectState.PLANNED: frozenset({ProjectState.OPEN, ProjectState.DROPPED}),
    ProjectState.OPEN: frozenset({ProjectState.DONE, ProjectState.DROPPED}),
    ProjectState.DONE: frozenset(),
    ProjectState.DROPPED: frozenset(),
}


class DutyRole(models.TextChoices):
    GRID_WORKER = "grid_worker", _("网格员")
    BUILDING_HEAD = "building_head", _("楼栋长")
    STEWARD = "steward", _("物业管家")
    STAFF = "staff", _("社区工作者")
    PARTY = "party", _("党组织")
    VOLUNTEER = "volunteer", _("志愿者")


class SurveyState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    OPEN = "open", _("进行中")
    CLOSED = "closed", _("已结束")


class FairState(models.TextChoices):
    PLANNED = "planned", _("报名中")
    OVER = "over", _("办完了")
    CANCELLED = "cancelled", _("取消了")


class SignUpState(models.TextChoices):
    COMING = "coming", _("报上名了")
    WAITING = "waiting", _("排队")
    HERE = "here", _("到了")
    CANCELLED = "cancelled", _("不来了")
