"""What campaigns bring to the fronts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.asking import NOW, TODAY, Ask, Counted, columns, read
from jiamenkou.foundation.events.contributions import Due, MenuItem, Room
from jiamenkou.foundation.messages.campaigns.access import campaigns_for
from jiamenkou.foundation.messages.campaigns.counting import to_call
from jiamenkou.foundation.messages.models import Campaign, CampaignState
from jiamenkou.fronts.desk.campaigns.urls import urlpatterns as desk_urls
from jiamenkou.fronts.phone.news import urlpatterns as phone_urls

# so long after it went out people are given to look, before somebody phones
GIVEN = timedelta(days=2)
# and so long the round is worth a line on 今天
RECENT = timedelta(days=14)


def _qr(code: str) -> str | None:
    """Where a leaflet's code leads."""
    found = Campaign.objects.out().filter(code=code).exists() if code.startswith("n") else False
    return f"/news/{code}/?via=qr" if found else None


def _done(by: Actor) -> QuerySet[Campaign] | None:
    if not by.may(Permission.MESSAGES_SEND):
        return None
    done = campaigns_for(by, Permission.MESSAGES_SEND).filter(
        state__in=[CampaignState.DONE, CampaignState.STOPPED],
        confirmed_at__lt=NOW - GIVEN,
        confirmed_at__gte=NOW - RECENT,
    )
    return done.select_related("community").order_by("confirmed_at", "id")[:5]


def _left(campaign: list[int]) -> Counted:
    return Counted(to_call(Campaign(pk=campaign[0]), NOW, TODAY))


def _not_reached(by: Actor, campaigns: list[Campaign]) -> Iterable[Due]:
    """On 今天: people whom a campaign has not reached."""
    lefts = read([one for campaign in campaigns for one in columns([campaign.pk], [_left])]) if campaigns else []
    for campaign, left in zip(campaigns, lefts, strict=True):
        if left:
            yield Due(
                kind="群发",
                icon="phone-call",
                tone="violet",
                title=f"{campaign.title}：{left} 位没到",
                why="没看也没送到，打个电话",
                who=f"{left} 位",
                where=campaign.community.name,
                href=f"/desk/campaigns/{campaign.pk}/round/",
                act="打电话",
                due=None,
                group=True,
            )


def _load_demo(say: Any) -> None:
    from jiamenkou.fronts.desk.campaigns.demo import load  # only the worker that loads it pays for its import

    load(say)


def room() -> Room:
    return Room(
        name="campaigns",
        label="群发",
        phone_prefix="news/",
        phone_urls=phone_urls,
        desk_urls=desk_urls,
        qr_targets={"news": _qr},
        due=[Ask((_done,), _not_reached)],
        menu=[MenuItem("人与家", 40, "群发", "/desk/campaigns/", "megaphone", Permission.FIGURES_VIEW)],
        demo=_load_demo,
        demo_order=80,
    )
