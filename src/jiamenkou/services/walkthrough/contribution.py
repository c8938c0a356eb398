"""What this room brings to the fronts."""

from __future__ import annotations

from typing import Any

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.events.contributions import Indicator, MenuItem, Room
from jiamenkou.services.walkthrough import notices
from jiamenkou.services.walkthrough.access import findings_for
from jiamenkou.services.walkthrough.desk.urls import urlpatterns as desk_urls
from jiamenkou.services.walkthrough.due import due
from jiamenkou.services.walkthrough.permissions import GRANTS, WalksPermission
from jiamenkou.services.walkthrough.phone.urls import urlpatterns as phone_urls
from jiamenkou.services.walkthrough.states import FindingState

GROUP = "走流程"
VIEW = WalksPermission.VIEW


def _open(by: Actor) -> int:
    return findings_for(by).exclude(state__in=[FindingState.SOLVED, FindingState.CANNOT]).count()


def _found(by: Actor) -> int:
    return findings_for(by).count()


def _solved(by: Actor) -> int:
    return findings_for(by).solved().count()


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
        due=[due],
        indicators=[
            Indicator("walks.found", "走流程发现的问题", "项", _found, "/desk/walks/findings/", ""),
            Indicator(
                "walks.solved", "发现人说解决了", "项", _solved, "/desk/walks/findings/?state=solved", "复核过才算"
            ),
        ],
        demo=_load_demo,
        demo_order=60,
        menu=[
            MenuItem(GROUP, 10, "问题", "/desk/walks/findings/", "footprints", VIEW, _open),
            MenuItem(GROUP, 20, "期", "/desk/walks/rounds/", "calendar-days", VIEW),
            MenuItem(GROUP, 30, "走访", "/desk/walks/visits/", "route", VIEW),
            MenuItem(GROUP, 40, "体验员", "/desk/walks/officers/", "users-round", VIEW),
            MenuItem(GROUP, 50, "事项", "/desk/walks/errands/", "clipboard-list", VIEW),
            MenuItem(GROUP, 60, "窗口", "/desk/walks/points/", "store", VIEW),
        ],
    )
