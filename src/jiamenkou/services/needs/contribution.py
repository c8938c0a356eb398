"""What this room brings to the fronts."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.asking import TODAY, Ask
from jiamenkou.foundation.events.contributions import Door, Hit, MenuItem, Reader, ResidentAct, Room
from jiamenkou.foundation.people.models import Resident
from jiamenkou.services.needs import notices
from jiamenkou.services.needs.access import open_surveys, projects_for
from jiamenkou.services.needs.desk.urls import urlpatterns as desk_urls
from jiamenkou.services.needs.due import DUE
from jiamenkou.services.needs.indicators import INDICATORS, open_needs
from jiamenkou.services.needs.models import Fair, Project, Survey
from jiamenkou.services.needs.permissions import GRANTS, NeedsPermission
from jiamenkou.services.needs.phone.answers import ANSWERS
from jiamenkou.services.needs.phone.entries import TIMELINE, file_entries
from jiamenkou.services.needs.phone.urls import urlpatterns as phone_urls
from jiamenkou.services.needs.states import ProjectState, SurveyState

GROUP = "供需"


def _load_demo(say: Any) -> None:
    from jiamenkou.services.needs.demo.load import load  # only the worker that loads it pays for its import

    load(say)


def _file_need(resident: int) -> ResidentAct:
    return ResidentAct("登记需求", f"/desk/needs/for/{resident}/", "message-circle", NeedsPermission.EDIT)


def _planned(by: Actor) -> QuerySet[Project]:
    return projects_for(by).filter(state=ProjectState.PLANNED)


def _projects_called(by: Actor, word: str) -> list[Hit]:
    """At most ten, the newest first."""
    if not by.may(NeedsPermission.VIEW):
        return []
    named = projects_for(by).filter(title__icontains=word).order_by("-id")[:10]
    return [Hit(one.title, one.category.label, f"/desk/needs/projects/{one.pk}/", "megaphone") for one in named]


def _asked(community: int | None) -> QuerySet[Survey]:
    """Surveys that are open there: the home asks for the card only where there is one."""
    return open_surveys(community, TODAY)


def _door(surveys: int) -> str:
    return f"{surveys} 份问卷在问" if surveys else "点一下，社区来办"


def _survey(code: str) -> str | None:
    pk = Survey.objects.filter(code=code).values_list("pk", flat=True).first()
    return f"/needs/surveys/{pk}/" if pk is not None else None


def _fair(code: str) -> str | None:
    return f"/needs/fairs/in/{code}/" if Fair.objects.filter(code=code).exists() else None


def _survey_asked(reader: Reader) -> QuerySet[Survey]:
    """A survey of their community that this person has not filled in yet."""
    theirs = Resident.objects.filter(pk=reader.person).values("community_id")
    asked = Survey.objects.filter(community_id__in=theirs, state=SurveyState.OPEN, closes_on__gte=TODAY)
    return asked.exclude(answers__resident_id=reader.person).order_by("closes_on", "id")[:1]


def _home(request: HttpRequest, surveys: list[Survey]) -> list[str]:
    return [
        render_to_string("needs/phone/_home.html", {"survey": survey, "href": f"/needs/surveys/{survey.pk}/"}, request)
        for survey in surveys
    ]


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
        timeline=TIMELINE,
        resident_tabs=[file_entries],
        resident_acts=[_file_need],
        due=DUE,
        indicators=INDICATORS,
        desk_search=[_projects_called],
        answers=ANSWERS,
        home_cards=[Ask((_survey_asked,), _home)],
        qr_targets={"survey": _survey, "fair": _fair},
        demo=_load_demo,
        demo_order=30,
        doors=[Door(60, "说需要", "/needs/", "message-circle", "orange", _door, _asked)],
        helps=[
            Door(40, "谁管我家这一片", "/needs/net/", "map-pin", "teal", "网格员、楼栋长、物业，点一下就打"),
        ],
        menu=[
            MenuItem(GROUP, 40, "缺口", "/desk/needs/gaps/", "scale", NeedsPermission.VIEW),
            MenuItem(GROUP, 42, "需求", "/desk/needs/", "message-circle", NeedsPermission.PEOPLE, open_needs),
            MenuItem(GROUP, 44, "项目", "/desk/needs/projects/", "megaphone", NeedsPermission.VIEW, _planned),
            MenuItem(GROUP, 46, "问卷", "/desk/needs/surveys/", "clipboard-pen", NeedsPermission.VIEW),
            MenuItem(GROUP, 48, "市集", "/desk/needs/fairs/", "tent", NeedsPermission.VIEW),
            MenuItem("人与家", 30, "网格", "/desk/needs/net/", "map-pin", NeedsPermission.VIEW),
        ],
    )
