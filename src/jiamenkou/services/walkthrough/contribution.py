"""What this room brings to the fronts."""

from __future__ import annotations

from typing import Any

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.events.contributions import Door, Indicator, MenuItem, Room, Told
from jiamenkou.services.walkthrough import notices
from jiamenkou.services.walkthrough.access import findings_for
from jiamenkou.services.walkthrough.desk.urls import urlpatterns as desk_urls
from jiamenkou.services.walkthrough.due import DUE
from jiamenkou.services.walkthrough.models import FindingQuerySet
from jiamenkou.services.walkthrough.permissions import GRANTS, WalksPermission
from jiamenkou.services.walkthrough.phone.urls import urlpatterns as phone_urls
from jiamenkou.services.walkthrough.timeline import ICON, TONE, officers_part, together

GROUP = "办件"
VIEW = WalksPermission.VIEW


def _open(by: Actor) -> FindingQuerySet:
    return findings_for(by).still_open()


def _found(by: Actor) -> FindingQuerySet:
    return findings_for(by)


def _solved(by: Actor) -> FindingQuerySet:
    return findings_for(by).solved()


def _load_demo(say: Any) -> None:
    from jiamenkou.services.walkthrough.demo.load import load  # only the worker that loads it pays for its import

    load(say)


def room() -> Room:
    notices.register_all()
    return Room(
        name="walkthrough",
        label="走流程",
        phone_prefix="walks/",
        phone_urls=phone_urls,
        desk_urls=desk_urls,
        permissions=WalksPermission,
        grants=GRANTS,
        due=DUE,
        timeline=[
            Told(officers_part, (("walkthrough_officer", "resident_id"),)),
            Told(together, (("walkthrough_walk", "resident_id"),)),
        ],
        helps=[Door(30, "走流程", "/walks/", ICON, TONE, "陪居民把事办一遍，哪里不顺改哪里")],
        indicators=[
            Indicator("walks.found", "走流程发现的问题", "项", _found, "/desk/walks/findings/", "", VIEW),
            Indicator(
                "walks.solved",
                "发现人说解决了",
                "项",
                _solved,
                "/desk/walks/findings/?state=solved",
                "复核过才算",
                VIEW,
            ),
        ],
        demo=_load_demo,
        demo_order=60,
        menu=[
            MenuItem(GROUP, 30, "走流程", "/desk/walks/", ICON, VIEW, _open),
        ],
    )
