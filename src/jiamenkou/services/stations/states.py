"""States of the room's nouns and the moves between them: one table each."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiamenkou.foundation.refusals import Conflict


class ThingState(models.TextChoices):
    FREE = "free", _("可借")
    RESERVED = "reserved", _("已预约")
    LENT = "lent", _("已借出")
    BROKEN = "broken", _("待维修")
    RETIRED = "retired", _("停用")

    @property
    def tone(self) -> str:
        return {"free": "green", "reserved": "blue", "lent": "orange", "broken": "red"}.get(self.value, "grey")


class RepairState(models.TextChoices):
    REGISTERED = "registered", _("已登记")
    MENDING = "mending", _("维修中")
    READY = "ready", _("待取件")
    COLLECTED = "collected", _("已取走")
    BEYOND = "beyond", _("修不了")
    RETURNED = "returned", _("没修好，已取走")

    @property
    def tone(self) -> str:
        return {"registered": "blue", "mending": "orange", "ready": "violet", "beyond": "red"}.get(self.value, "grey")

    @property
    def is_live(self) -> bool:
        return self in {self.REGISTERED, self.MENDING, self.READY, self.BEYOND}


class GiftState(models.TextChoices):
    COLLECTED = "collected", _("收来，等修")
    MENDED = "mended", _("修好了，可以送")
    PROMISED = "promised", _("说好送给")
    GIVEN = "given", _("送出去了")
    SCRAPPED = "scrapped", _("修不了，拆零件")


class CoupletState(models.TextChoices):
    ASKED = "asked", _("等着写")
    WRITTEN = "written", _("写好了，来取")
    COLLECTED = "collected", _("取走了")
    CANCELLED = "cancelled", _("不要了")


class CornerState(models.TextChoices):
    REGISTERED = "registered", _("登记了")
    PROPOSED = "proposed", _("有人出主意")
    VOTED = "voted", _("投好票了")
    CLAIMED = "claimed", _("有人认领")
    OPENED = "opened", _("开起来了")
    DROPPED = "dropped", _("不办了")


class HoursState(models.TextChoices):
    WAITING = "waiting", _("等对方点一下")
    CONFIRMED = "confirmed", _("记进账了")
    REFUSED = "refused", _("对方说不对")
    REVERSED = "reversed", _("改掉了")


class HoursWay(models.TextChoices):
    HELPED = "helped", _("受帮助的人确认")
    SIGNED = "signed", _("签到签退")
    STAFF = "staff", _("社区登记")


class StationKind(models.TextChoices):
    STAIRWELL = "stairwell", _("楼道驿站")
    HALL = "hall", _("邻里驿站")
    CULTURE = "culture", _("书画室")
    SERVICE = "service", _("服务点")


class FacilityKind(models.TextChoices):
    TOOLS = "tools", _("工具箱")
    WATER = "water", _("热水")
    PRINTING = "printing", _("免费打印")
    SHELF = "shelf", _("看书角")
    CHARGING = "charging", _("充电")
    REST = "rest", _("歇脚")
    MEDICINE = "medicine", _("小药箱")
    TOILET = "toilet", _("厕所")

    @property
    def icon(self) -> str:
        return {
            "tools": "wrench",
            "water": "droplets",
            "printing": "printer",
            "shelf": "book-open",
            "charging": "smartphone",
            "rest": "sofa",
            "medicine": "heart-pulse",
            "toilet": "door-open",
        }[self.value]


class ActivityKind(models.TextChoices):
    CLASS = "class", _("上课")
    PAINTING = "painting", _("画画")
    READING = "reading", _("看书")
    EXHIBITION = "exhibition", _("展览")
    MEETING = "meeting", _("聚一聚")
    DUTY = "duty", _("志愿值班")

    @property
    def icon(self) -> str:
        return {
            "class": "graduation-cap",
            "painting": "palette",
            "reading": "book-open",
            "exhibition": "image",
            "meeting": "users-round",
            "duty": "hand-helping",
        }[self.value]


MOVES: Mapping[type[models.TextChoices], Mapping[str, frozenset[str]]] = {
    RepairState: {
        "registered": frozenset({"mending", "ready", "beyond"}),
        "mending": frozenset({"ready", "beyond"}),
        "ready": frozenset({"collected", "mending"}),
        "beyond": frozenset({"returned", "mending"}),
    },
    GiftState: {
        "collected": frozenset({"mended", "scrapped"}),
        "mended": frozenset({"promised", "given"}),
        "promised": frozenset({"given", "mended"}),
    },
    CoupletState: {"asked": frozenset({"written", "cancelled"}), "written": frozenset({"collected", "cancelled"})},
    CornerState: {
        "registered": frozenset({"proposed", "dropped"}),
        "proposed": frozenset({"voted", "dropped"}),
        "voted": frozenset({"claimed", "dropped"}),
        "claimed": frozenset({"opened", "voted", "dropped"}),
    },
}


def check_move(kind: type[models.TextChoices], start: str, end: str) -> None:
    """Raises Conflict where the table has no such arrow."""
    if end not in MOVES[kind].get(start, frozenset()):
        raise Conflict(f"“{kind(start).label}”之后不能是“{kind(end).label}”。", code="no_such_move")
