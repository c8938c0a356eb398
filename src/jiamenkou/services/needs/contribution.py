"""What this room brings to the fronts."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.events.contributions import Door, Hit, MenuItem, ResidentAct, Room
from jiamenkou.services.needs import notices
from jiamenkou.services.needs.access import needs_for, projects_for
from jiamenkou.services.needs.desk.urls import urlpatterns as desk_urls
from jiamenkou.services.needs.due import due
from jiamenkou.services.needs.indicators import INDICATORS
from jiamenkou.services.needs.models.need import NeedQuerySet, Project
from jiamenkou.services.needs.permissions import GRANTS, NeedsPermission
from jiamenkou.services.needs.phone.answers import ANSWERS
from jiamenkou.services.needs.phone.entries import file_entries, timeline
from jiamenkou.services.needs.phone.urls import urlpatterns as phone_urls
from jiamenkou.services.needs.states import ProjectState

GROUP = "供需"


def _load_demo(say: Any) -> None:
    from jiamenkou.services.needs.demo.load import load  # only the worker that loads it pays for its import

    load(say)


def _file_need(resident: int) -> ResidentAct:
    return ResidentAct("登记需求", f"/desk/needs/for/{resident}/", "message-circle", NeedsPermission.EDIT)


def _planned(by: Actor) -> QuerySet[Project]:
    return projects_for(by).filter(state=ProjectState.PLANNED)


def _open_needs(by: Actor) -> NeedQuerySet:
    return needs_for(by, NeedsPermission.PEOPLE).counted().open()


def _projects_called(by: Actor, word: str) -> list[Hit]:
    """At most ten, the newest first."""
    if not by.may(NeedsPermission.VIEW):
        return []
    named = projects_for(by).filter(title__icontains=word).order_by("-id")[:10]
    return [Hit(one.title, one.category.label, f"/desk/needs/projects/{one.pk}/", "megaphone") for one in named]


def room() -> Room:
    notices.register_all()
    return Room(
        name="needs",
        label="网格与需求",
        phone_prefix="needs/",
        permissions=NeedsPermission,
        grants=GRANTS,
        phone_urls=phone_urls,
        desk_urls=desk_urls,
        timeline=[timeline],
        matters=(("needs_need", "resident_id"), ("needs_signup", "resident_id")),
        resident_tabs=[file_entries],
        resident_acts=[_file_need],
        due=[due],
        indicators=INDICATORS,
        desk_search=[_projects_called],
        answers=ANSWERS,
        demo=_load_demo,
        demo_order=30,
        doors=[Door(60, "说需要", "/needs/", "message-circle", "orange", "点一下，社区来办")],
        menu=[
            MenuItem(GROUP, 40, "缺口", "/desk/needs/gaps/", "scale", NeedsPermission.VIEW),
            MenuItem(GROUP, 42, "需求", "/desk/needs/", "message-circle", NeedsPermission.PEOPLE, _open_needs),
            MenuItem(GROUP, 44, "项目", "/desk/needs/projects/", "megaphone", NeedsPermission.VIEW, _planned),
        ],
    )
