"""The words of a visit: what came of it, what was needed, what may be proposed, where a plan stands."""

from __future__ import annotations

from django.db import models


class Outcome(models.TextChoices):
    MET = "met", "见到了"
    ABSENT = "absent", "没人在家"
    REFUSED = "refused", "不愿开门"
    MOVED = "moved", "搬走了"

    @property
    def tone(self) -> str:
        return {"met": "green", "absent": "orange", "refused": "red", "moved": "violet"}[self.value]

    @property
    def reaches(self) -> bool:
        """Whether the plan is done with it: who was not at home is visited again."""
        return self in {Outcome.MET, Outcome.MOVED}


class NeedKind(models.TextChoices):
    WORK = "work", "找工作"
    CARE = "care", "养老照护"
    HEALTH = "health", "看病吃药"
    AID = "aid", "生活困难"
    REPAIR = "repair", "修东西"
    CHILDREN = "children", "孩子"
    OTHER = "other", "别的"


class Fact(models.TextChoices):
    """What may be proposed at the door; a person confirms it on the desk."""

    PHONE = "phone", "电话换了"
    EMPLOYMENT = "employment", "工作变了"
    HOUSEHOLD = "household", "家里的人变了"


class FactState(models.TextChoices):
    OPEN = "open", "等确认"
    ACCEPTED = "accepted", "已改"
    REFUSED = "refused", "不改"


class Why(models.TextChoices):
    """By which rule somebody stands on the list."""

    CHOSEN = "chosen", "工作人员选的"
    OLD = "old", "80 岁以上"
    ALONE = "alone", "一人住"
    SILENT = "silent", "很久没走访"


class PlanState(models.TextChoices):
    OPEN = "open", "要走访"
    DONE = "done", "走访过了"
    DROPPED = "dropped", "不用去了"


class Attached(models.TextChoices):
    PHOTO = "photo", "照片"
    VOICE = "voice", "录音"
