"""The net of a community: who belongs to a Party organisation, a partner unit or a band of volunteers, and as what.

政治面貌 is sensitive: it has a table of its own, so that no page about residents brings it along by accident, and a
permission of its own (``residents.politics``). Belonging to a Party organisation says the same and is held the same way.
"""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from jiamenkou.foundation.audit.triggers import audited
from jiamenkou.foundation.people.models.organisation import Organisation, OrganisationKind
from jiamenkou.foundation.people.models.resident import Resident


class Politics(models.TextChoices):
    """GB/T 4762 in the part that communities keep."""

    MEMBER = "member", "中共党员"
    PROBATIONARY = "probationary", "中共预备党员"
    LEAGUE = "league", "共青团员"
    OTHER_PARTY = "other_party", "民主党派"
    NONE = "none", "群众"


class PoliticalStatus(models.Model):
    """政治面貌 of one resident, as somebody who may know it wrote it down."""

    resident = models.OneToOneField(Resident, models.CASCADE, related_name="politics", verbose_name="居民")
    status = models.CharField("政治面貌", max_length=14, choices=Politics)
    joined_on = models.DateField("加入日期", null=True, blank=True)
    noted_at = models.DateTimeField("登记时间", default=timezone.now)

    class Meta:
        verbose_name = "政治面貌"
        verbose_name_plural = "政治面貌"
        triggers = [audited()]


class NetRole(models.TextChoices):
    """What somebody is in an organisation of the net."""

    LEAD = "lead", "书记 / 队长"
    DEPUTY = "deputy", "委员 / 副队长"
    CONTACT = "contact", "联络员"
    MEMBER = "member", "成员"


class NetMemberQuerySet(models.QuerySet["NetMember"]):
    def current(self, on: date) -> Self:
        return self.filter(Q(until__isnull=True) | Q(until__gte=on), since__lte=on)

    def open_to_all_staff(self) -> Self:
        """Without those of Party organisations, who are seen with ``residents.politics`` only."""
        return self.exclude(organisation__kinds__contains=[OrganisationKind.PARTY_BRANCH])


class NetMember(models.Model):
    """A resident in an organisation of the net, from when to when."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="net", verbose_name="组织")
    resident = models.ForeignKey(Resident, models.CASCADE, related_name="net", verbose_name="居民")
    role = models.CharField("职务", max_length=10, choices=NetRole, default=NetRole.MEMBER)
    since = models.DateField("从", default=timezone.localdate)
    until = models.DateField("到", null=True, blank=True)

    objects = NetMemberQuerySet.as_manager()

    class Meta:
        verbose_name = "组织成员"
        verbose_name_plural = "组织成员"
        triggers = [audited()]
        constraints = [
            models.UniqueConstraint(
                name="one_current_net_member",
                fields=["organisation", "resident"],
                condition=Q(until__isnull=True),
                violation_error_message="这位已经在这个组织里了。",
            ),
            models.CheckConstraint(
                name="net_member_ends_after_start",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ]
