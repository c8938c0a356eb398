"""What can happen to a campaign: written, confirmed, stopped, gone on with, opened; and a call to somebody."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import Any

from django.db import connection

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.messages.campaigns.audience import audience
from jiamenkou.foundation.messages.campaigns.counting import preview
from jiamenkou.foundation.messages.models import CallResult, Campaign, CampaignCall, CampaignState, Recipient
from jiamenkou.foundation.people.masking import scrub
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused

# beyond so many people the number has to be typed
MANY = 50
MOST_PEOPLE = 20_000
# a mobile number or a number of identity; landlines of offices are public
_PERSONAL = re.compile(r"(?<!\d)(1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")


def write_campaign(community: Place, *, by: Actor, reason: str, **fields: Any) -> Campaign:
    """A draft; nobody is told anything."""
    if by.account is None or not by.may(Permission.MESSAGES_SEND, community.pk):
        raise NotAllowed("您不能在这个社区群发。")
    return Campaign.objects.create(community=community, by=by.account, **_clean(fields))


def change_campaign(campaign: Campaign, *, by: Actor, reason: str, **fields: Any) -> Campaign:
    campaign = _locked(campaign, CampaignState.DRAFT)
    for name, value in _clean(fields).items():
        setattr(campaign, name, value)
    campaign.save()
    return campaign


def _clean(fields: dict[str, Any]) -> dict[str, Any]:
    """News is public: what could be somebody's number is no part of it, but for the community's own phone."""
    for name in ("title", "body"):
        if _PERSONAL.search(re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", fields.get(name, "")))):
            raise Refused("正文里好像有号码。请去掉；要留电话，写社区的座机。", field=name, code="number")
    return fields


def confirm_campaign(
    campaign: Campaign, *, typed: str, by: Actor, now: datetime, today: date, reason: str
) -> Campaign:
    """The people are written down, once each, and the worker begins. ``typed``: how many people, as the sender saw it.

    Raises :class:`Refused` where nobody is in it, the money is not enough, or the number is not the one that is true.
    """
    campaign = _locked(campaign, CampaignState.DRAFT)
    seen = preview(campaign, by=by, today=today)
    if not seen.people:
        raise Refused("没有人符合这些条件，先放宽一个条件。", code="nobody")
    if seen.people > MOST_PEOPLE:
        raise Refused(f"一次最多 {MOST_PEOPLE:,} 位，请按网格分开发。", code="too_many")
    if not seen.fits:
        raise Refused("短信费用超过这个月剩下的额度。减少人数、去掉短信，或者请负责人加额度。", code="budget")
    if seen.people > MANY and typed.strip().replace(",", "").replace("，", "") != str(seen.people):
        raise Refused(f"请输入人数 {seen.people}，确认发给这么多人。", field="typed", code="typed")
    people = audience(by, campaign.community_id, campaign.who, today).order_by("id").values_list("pk", flat=True)
    Recipient.objects.bulk_create(
        (Recipient(campaign=campaign, resident_id=pk) for pk in people), batch_size=1000, ignore_conflicts=True
    )
    campaign.state, campaign.confirmed_at = CampaignState.SENDING, now
    campaign.save()
    _start(campaign)
    return campaign


def stop_campaign(campaign: Campaign, *, by: Actor, reason: str) -> Campaign:
    """After the batch that is under way nobody else is told."""
    campaign = _locked(campaign, CampaignState.SENDING)
    campaign.state = CampaignState.STOPPED
    campaign.save()
    return campaign


def resume_campaign(campaign: Campaign, *, by: Actor, reason: str) -> Campaign:
    """Goes on with those who are still waiting."""
    campaign = _locked(campaign, CampaignState.STOPPED)
    campaign.state = CampaignState.SENDING
    campaign.save()
    _start(campaign)
    return campaign


def record_call(
    recipient: Recipient,
    result: CallResult,
    *,
    seen_calls: int,
    again_on: date | None,
    note: str,
    by: Actor,
    now: datetime,
    today: date,
    reason: str,
) -> CampaignCall:
    """What came of a call. ``seen_calls``: how many calls the page showed; a colleague's call in between is said."""
    if by.account is None:
        raise NotAllowed("请先登录。")
    if result == CallResult.LATER and (again_on is None or again_on <= today):
        raise Refused("改到哪一天？请填今天以后的日子。", field="again_on", code="required")
    changes: dict[str, Any] = {"calls": seen_calls + 1, "call_again_on": None}
    if result == CallResult.TOLD:
        changes["told_by_call_at"] = now
    elif result == CallResult.WRONG:
        changes["wrong_number"] = True
    elif result == CallResult.LATER:
        changes["call_again_on"] = again_on
    if not Recipient.objects.filter(pk=recipient.pk, calls=seen_calls).update(**changes):
        raise Conflict("同事刚刚打过这一位，已经记下了。", code="called")
    return CampaignCall.objects.create(
        recipient=recipient,
        resident_id=recipient.resident_id,
        result=result,
        note=scrub(note, 100),
        by=by.account,
        at=now,
    )


def count_opening(campaign: Campaign, day: date, *, by_code: bool) -> None:
    """One more look at the page. Says nothing about whose it was."""
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into inbox_opening as o (campaign_id, day, by_code, count) values (%s, %s, %s, 1)
            on conflict (campaign_id, day, by_code) do update set count = o.count + 1""",
            [campaign.pk, day, by_code],
        )


def _locked(campaign: Campaign, state: CampaignState) -> Campaign:
    row = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if row.state != state:
        raise Conflict(f"这次群发{row.get_state_display()}，不能这样做了。", code="state")
    return row


def _start(campaign: Campaign) -> None:
    from jiamenkou.foundation.messages.tasks import send_campaign

    send_campaign.defer(campaign=campaign.pk)
