"""The number of somebody who reported and is not in the roster: for a reason, in the log of the case, a few a day."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.limits import spend
from jiamenkou.foundation.access.reveal import SHOWN_FOR, Shown
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.cases.actions.opening import PHONE
from jiamenkou.foundation.cases.models import Case, Follower
from jiamenkou.foundation.cases.recording import lock, record
from jiamenkou.foundation.cases.states import EventKind
from jiamenkou.foundation.refusals import NotAllowed, Refused
from jiamenkou.foundation.vault.service import open_field

LONGEST = 100


def number_of(case: Case, follower: Follower, *, by: Actor, reason: str, now: datetime | None = None) -> Shown:
    """Written down before it is shown. Looking is not handling: whoever looks may still call back.

    ``follower`` is one of this case (or of one merged into it). Raises NotAllowed, Refused, ``TooMany``.
    """
    moment = now or timezone.now()
    if by.account is None or not by.may(Permission.RESIDENTS_REVEAL, case.community_id, case.grid_id):
        raise NotAllowed("您不能看号码。", code="no_reveal")
    if follower.protected or follower.phone is None:
        raise NotAllowed("这位没有留下号码。", code="no_number")
    if len(reason.strip()) < 2:
        raise Refused("请写明为什么要看。", field="reason", code="required")
    spend("reveal", by.account.pk, settings.REVEALS_PER_DAY)
    record(lock(case), EventKind.LOOKED, by=by, at=moment, text=reason.strip()[:LONGEST])
    return Shown(open_field(follower.uid, PHONE, bytes(follower.phone)), moment + SHOWN_FOR)
