"""The log: rows are added and never changed; the database refuses anything else (migration 0002)."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.cases.folding import Fact
from jiamenkou.foundation.cases.models.case import Case
from jiamenkou.foundation.cases.states import EventKind
from jiamenkou.foundation.places.models import Place

# words may be emptied when a person is forgotten, and an account may go; what the fold reads never changes
_APPEND_ONLY = """
if tg_op = 'DELETE' then
    raise exception 'the log of a case is never cut' using errcode = 'insufficient_privilege';
end if;
if (old.case_id, old.seq, old.kind, old.at, old.data) is distinct from (new.case_id, new.seq, new.kind, new.at, new.data) then
    raise exception 'the log of a case is never changed' using errcode = 'insufficient_privilege';
end if;
return new;
"""


class CaseEvent(models.Model):
    """One move. ``data`` is what the fold needs; ``text`` is for people."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="events", verbose_name="办件")
    seq = models.PositiveIntegerField("第几步")
    kind = models.CharField("什么", max_length=20, choices=EventKind)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="谁")
    data = models.JSONField("内容", default=dict, encoder=DjangoJSONEncoder)
    text = models.CharField("说明", max_length=500, blank=True)
    told = models.BooleanField("已告诉报的人", default=False)
    community = models.ForeignKey(Place, models.RESTRICT, related_name="+", verbose_name="社区")
    grid = models.ForeignKey(Place, models.RESTRICT, null=True, related_name="+", verbose_name="网格")

    class Meta:
        verbose_name = "办件经过"
        verbose_name_plural = "办件经过"
        ordering = ["case_id", "seq"]
        triggers = [
            audited(),
            pgtrigger.Trigger(
                name="append_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_APPEND_ONLY,
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="case_event_in_order",
                fields=["case", "seq"],
                violation_error_message="别人刚动过这一件，请刷新看看。",
            )
        ]

    def fact(self) -> Fact:
        return Fact(self.seq, self.kind, self.at, self.by_id, self.data)
