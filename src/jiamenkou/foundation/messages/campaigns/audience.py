"""Who a campaign is for: residents in the sender's scope, narrowed as the list of residents narrows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.events.contributions import ResidentFilter, rooms
from jiamenkou.foundation.messages.campaigns.notice import NEWS
from jiamenkou.foundation.messages.models import Acceptance, Channel, OptOut, Way
from jiamenkou.foundation.people.access import residents_for
from jiamenkou.foundation.people.finding import Conditions, narrowed
from jiamenkou.foundation.people.models import Consent, ConsentPurpose, EmploymentStatus, Phone
from jiamenkou.foundation.people.models.resident import ResidentQuerySet

OLDEST = 120


def room_filters() -> dict[str, ResidentFilter]:
    """Conditions that rooms know, by key."""
    return {one.key: one for room in rooms() for one in room.resident_filters}


def audience(by: Actor, community: int, who: Mapping[str, Any], today: date) -> ResidentQuerySet:
    """``who`` is what the form of a campaign gives; what it does not name narrows nothing. One community only."""
    rows = residents_for(by, Permission.MESSAGES_SEND).present().filter(community_id=community)
    employment = who.get("employment", "")
    rows = narrowed(
        rows,
        Conditions(
            grid=who.get("grid") or None,
            employment=employment if employment in EmploymentStatus.values else "",
            category=who.get("category", ""),
            skill=who.get("skill", ""),
        ),
        today,
    )
    if who.get("age_from") is not None:
        rows = rows.filter(birth_date__lte=_years_before(today, int(who["age_from"])))
    if who.get("age_to") is not None:
        rows = rows.filter(birth_date__gt=_years_before(today, int(who["age_to"]) + 1))
    known = room_filters()
    for key in who.get("also", []):
        if key in known:
            rows = rows.filter(known[key].condition())
    return rows


def _years_before(day: date, years: int) -> date:
    """Born on this day or before, one is ``years`` old on ``day``."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return date(day.year - years, 2, 28)


# ---- who can be told how, as conditions over residents (``OuterRef`` names the resident's id)
def consented(resident: str = "pk") -> Q:
    """Has agreed to messages, and not switched this notice off."""
    given = Consent.objects.filter(
        resident=OuterRef(resident), purpose=ConsentPurpose.MESSAGES, withdrawn_at__isnull=True
    )
    off = OptOut.objects.filter(resident=OuterRef(resident), notice=NEWS.key, channel="")
    return Q(Exists(given)) & ~Q(Exists(off))


def may_wechat(resident: str = "pk") -> Q:
    off = OptOut.objects.filter(resident=OuterRef(resident), notice=NEWS.key, channel=Channel.WECHAT)
    has = Acceptance.objects.filter(resident=OuterRef(resident), template=NEWS.wechat, left__gt=0)
    return consented(resident) & Q(Exists(has)) & ~Q(Exists(off))


def may_sms(resident: str = "pk") -> Q:
    off = OptOut.objects.filter(resident=OuterRef(resident), notice=NEWS.key, channel=Channel.SMS)
    has = Phone.objects.filter(resident=OuterRef(resident), is_mobile=True)
    return consented(resident) & Q(Exists(has)) & ~Q(Exists(off))


def route_for(ways: list[str], *, wechat: bool, sms: bool) -> tuple[Channel, ...]:
    """The channels beyond the screen, in the order the notice tries them."""
    open_ways = {Channel.WECHAT: wechat and Way.WECHAT in ways, Channel.SMS: sms and Way.SMS in ways}
    return tuple(channel for channel in NEWS.order if open_ways.get(channel))
