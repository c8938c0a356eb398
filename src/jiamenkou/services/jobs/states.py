"""States and the one table of what may follow what, who may do it, and whether a reason is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Party(StrEnum):
    """On whose behalf an application is moved."""

    RESIDENT = "resident"
    WORKER = "worker"
    EMPLOYER = "employer"
    SYSTEM = "system"


class IntentionState(models.TextChoices):
    OPEN = "open", _("在找")
    PAUSED = "paused", _("暂时不找")
    PLACED = "placed", _("已上岗")
    CLOSED = "closed", _("不找了")


class VacancyState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    OPEN = "open", _("招聘中")
    PAUSED = "paused", _("暂停")
    FILLED = "filled", _("招满了")
    EXPIRED = "expired", _("过期了")
    TAKEN_DOWN = "taken_down", _("已下架")


class ApplicationState(models.TextChoices):
    ASKED = "asked", _("等家里人点头")
    RECOMMENDED = "recommended", _("社区推荐，等本人点头")
    SENT = "sent", _("等单位回话")
    INTERVIEW = "interview", _("约了面试")
    HIRED = "hired", _("录用，等上岗")
    PLACED = "placed", _("已上岗")
    REFUSED = "refused", _("没录用")
    DECLINED = "declined", _("本人不去")
    WITHDRAWN = "withdrawn", _("撤回")
    NO_ANSWER = "no_answer", _("单位没回话，已关闭")
    GONE = "gone", _("岗位已下架")

    @property
    def is_live(self) -> bool:
        return self in LIVE

    @property
    def tone(self) -> str:
        return _TONES[self]


_TONES = {
    ApplicationState.ASKED: "orange",
    ApplicationState.RECOMMENDED: "orange",
    ApplicationState.SENT: "blue",
    ApplicationState.INTERVIEW: "violet",
    ApplicationState.HIRED: "green",
    ApplicationState.PLACED: "green",
    ApplicationState.REFUSED: "grey",
    ApplicationState.DECLINED: "grey",
    ApplicationState.WITHDRAWN: "grey",
    ApplicationState.NO_ANSWER: "grey",
    ApplicationState.GONE: "grey",
}
# waiting for somebody
LIVE = frozenset(
    {
        ApplicationState.ASKED,
        ApplicationState.RECOMMENDED,
        ApplicationState.SENT,
        ApplicationState.INTERVIEW,
        ApplicationState.HIRED,
    }
)
# the post is being looked at: one more of these than places × factor and the lane is full
IN_PLAY = LIVE
SUCCESS = frozenset({ApplicationState.PLACED})


@dataclass(frozen=True, slots=True)
class Move:
    """One arrow. ``parties`` may take it; ``reason`` says whether one of :class:`ApplicationReason` is asked for."""

    start: ApplicationState
    end: ApplicationState
    parties: frozenset[Party]
    reason: bool = False


class ApplicationReason(models.TextChoices):
    """Why an application ended, as employers and residents say it. Free text may stand beside it."""

    FULL = "full", _("已经招满")
    HOURS = "hours", _("时间对不上")
    SKILL = "skill", _("技能或证书不符")
    NO_SHOW = "no_show", _("约好没来")
    UNREACHABLE = "unreachable", _("联系不上")
    PAY = "pay", _("工资谈不拢")
    DISTANCE = "distance", _("离家太远")
    FOUND_OTHER = "found_other", _("找到别的工作")
    FAMILY = "family", _("家里有事")
    POST_GONE = "post_gone", _("岗位不招了")
    SILENCE = "silence", _("到期没有回话")
    OTHER = "other", _("其他")


def _moves(start: str, ends: str, parties: str, *, reason: bool = False) -> list[Move]:
    who = frozenset(Party(p) for p in parties.split())
    return [Move(ApplicationState(start), ApplicationState(end), who, reason) for end in ends.split()]


MOVES: tuple[Move, ...] = (
    # a relative asks: the person's own yes sends it, nobody else's
    *_moves("asked", "sent", "resident worker"),
    *_moves("asked", "declined withdrawn", "resident worker", reason=True),
    *_moves("asked", "no_answer", "system"),
    *_moves("asked", "gone", "system worker"),
    *_moves("recommended", "sent", "resident worker"),
    *_moves("recommended", "declined", "resident worker", reason=True),
    *_moves("sent", "interview hired", "employer worker"),
    *_moves("sent", "refused", "employer worker", reason=True),
    *_moves("interview", "hired", "employer worker"),
    *_moves("interview", "refused", "employer worker", reason=True),
    *_moves("hired", "placed", "employer worker resident"),
    *_moves("hired", "refused declined", "employer worker resident", reason=True),
    *_moves("sent", "withdrawn", "resident worker", reason=True),
    *_moves("interview", "withdrawn", "resident worker", reason=True),
    *_moves("sent", "no_answer", "system"),
    *_moves("recommended", "no_answer", "system"),
    *_moves("recommended", "gone", "system worker"),
    *_moves("sent", "gone", "system worker"),
    *_moves("interview", "gone", "system worker"),
    # undo within minutes: a worker takes back a slip of the finger
    *_moves("interview", "sent", "worker", reason=True),
    *_moves("refused", "sent", "worker", reason=True),
    *_moves("no_answer", "sent", "worker employer"),
)
_TABLE = {(move.start, move.end): move for move in MOVES}


def move(start: str, end: str) -> Move | None:
    """The arrow from ``start`` to ``end``, or None where there is none."""
    return _TABLE.get((ApplicationState(start), ApplicationState(end)))


def open_moves(start: str, party: Party) -> list[Move]:
    """What ``party`` may do next, in the table's order."""
    return [arrow for arrow in MOVES if arrow.start == start and party in arrow.parties]


class VacancyKind(models.TextChoices):
    FULL_TIME = "full_time", _("全职")
    PART_TIME = "part_time", _("兼职")
    GIG = "gig", _("零工")
    PUBLIC_WELFARE = "public_welfare", _("公益岗")
    HOME_BASED = "home_based", _("在家做")


class PayUnit(models.TextChoices):
    HOUR = "hour", _("小时")
    DAY = "day", _("天")
    MONTH = "month", _("月")
    YEAR = "year", _("年")
    PIECE = "piece", _("件")


class Settle(models.TextChoices):
    DAILY = "daily", _("日结")
    WEEKLY = "weekly", _("周结")
    MONTHLY = "monthly", _("月结")


class Source(models.TextChoices):
    FORM = "form", _("手工登记")
    SHEET = "sheet", _("Excel 导入")
    FEED = "feed", _("人社数据")
    PASTE = "paste", _("粘贴")
    EMPLOYER = "employer", _("单位自己发")


class FiledBy(models.TextChoices):
    SELF = "self", _("本人")
    WORKER = "worker", _("社区代办")
    FAMILY = "family", _("家人代办")


class CallOutcome(models.TextChoices):
    """What came of a call in a phone round."""

    RENEWED = "renewed", _("还在找")
    NO_ANSWER = "no_answer", _("未接")
    WRONG_NUMBER = "wrong_number", _("空号")
    LATER = "later", _("改期再打")
    STOPPED = "stopped", _("不找了")
    FOUND = "found", _("已经上班")


class FollowUpOutcome(models.TextChoices):
    WORKING = "working", _("还在岗")
    LEFT = "left", _("离开了")
    UNREACHED = "unreached", _("没联系上")
