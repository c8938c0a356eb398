"""What this room brings to the fronts."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Sum

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Permission
from jiamenkou.foundation.asking import TODAY
from jiamenkou.foundation.events.bus import on
from jiamenkou.foundation.events.contributions import Door, Hit, MenuItem, ResidentAct, ResidentFilter, Room, Supply
from jiamenkou.services.jobs import notices
from jiamenkou.services.jobs.access import applications_for, intentions_for, vacancies_for
from jiamenkou.services.jobs.api import register_api
from jiamenkou.services.jobs.desk.file import entries as file_entries
from jiamenkou.services.jobs.desk.urls import urlpatterns as desk_urls
from jiamenkou.services.jobs.due import DUE
from jiamenkou.services.jobs.indicators import INDICATORS
from jiamenkou.services.jobs.models import Intention, Vacancy
from jiamenkou.services.jobs.models.application import ApplicationQuerySet
from jiamenkou.services.jobs.models.intention import IntentionQuerySet
from jiamenkou.services.jobs.models.vacancy import VacancyQuerySet
from jiamenkou.services.jobs.permissions import GRANTS, JobsPermission
from jiamenkou.services.jobs.phone.answers import ANSWERS
from jiamenkou.services.jobs.phone.entries import TIMELINE
from jiamenkou.services.jobs.phone.home import CARD
from jiamenkou.services.jobs.phone.urls import urlpatterns as phone_urls
from jiamenkou.services.jobs.search import follow_vacancy, reindex
from jiamenkou.services.jobs.signals import VacancyChanged

GROUP = "供需"


def _open_here(community: int | None) -> VacancyQuerySet:
    return Vacancy.objects.open(TODAY).shown_in(community)


def _jobs_said(count: int) -> str:
    return f"{count} 个岗位" if count else "说一句，社区帮您找"


def _open_vacancies(by: Actor) -> VacancyQuerySet:
    return vacancies_for(by).open(TODAY)


def _open_places(by: Actor) -> int:
    """Places that can still be taken."""
    left = vacancies_for(by).open().aggregate(n=Sum(F("headcount") - F("taken"), default=0))
    return int(left["n"])


def _live_applications(by: Actor) -> ApplicationQuerySet:
    return applications_for(by, JobsPermission.VIEW).live()


def _stale(by: Actor) -> IntentionQuerySet:
    return intentions_for(by, JobsPermission.VIEW).stale(TODAY)


def _load_demo(say: Any) -> None:
    from jiamenkou.services.jobs.demo.load import load  # only the worker that loads it pays for its import

    load(say)


def _file_wish(resident: int) -> ResidentAct:
    return ResidentAct(
        "登记求职意向", f"/desk/jobs/intentions/for/{resident}/", "clipboard-pen", JobsPermission.PEOPLE
    )


def _vacancies_called(by: Actor, word: str) -> list[Hit]:
    """At most ten, the newest first."""
    if not by.may(JobsPermission.VIEW):
        return []
    named = vacancies_for(by).filter(Q(title__icontains=word) | Q(employer__name__icontains=word))
    return [
        Hit(one.title, one.employer.name, f"/desk/jobs/vacancies/{one.pk}/", "briefcase")
        for one in named.select_related("employer").order_by("-id")[:10]
    ]


def _has_wish() -> Q:
    return Q(Exists(Intention.objects.open().filter(resident=OuterRef("pk"))))


def _qr(code: str) -> str | None:
    """Where a poster's code leads."""
    pk = Vacancy.objects.filter(code=code).values_list("pk", flat=True).order_by("pk").first()
    return f"/jobs/{pk}/" if pk is not None else None


def room() -> Room:
    notices.register_all()
    on(VacancyChanged)(follow_vacancy)
    return Room(
        name="jobs",
        label="就业服务站",
        phone_prefix="jobs/",
        permissions=JobsPermission,
        grants=GRANTS,
        phone_urls=phone_urls,
        desk_urls=desk_urls,
        api=register_api,
        timeline=TIMELINE,
        resident_tabs=[file_entries],
        due=DUE,
        indicators=INDICATORS,
        demo=_load_demo,
        desk_search=[_vacancies_called],
        reindex=[reindex],
        resident_acts=[_file_wish],
        people_acts=[ResidentAct("推荐到岗位", "/desk/jobs/vacancies/?state=open", "send", JobsPermission.PEOPLE)],
        resident_filters=[ResidentFilter("wish", "有求职意向", _has_wish)],
        demo_order=10,
        home_cards=[CARD],
        answers=ANSWERS,
        qr_targets={"vacancy": _qr},
        supply=[Supply("work", "招聘中的名额", _open_places, "/desk/jobs/vacancies/?state=open")],
        doors=[Door(10, "找工作", "/jobs/", "briefcase", "green", _jobs_said, _open_here)],
        menu=[
            MenuItem(GROUP, 10, "岗位", "/desk/jobs/vacancies/", "briefcase", JobsPermission.VIEW, _open_vacancies),
            MenuItem(GROUP, 12, "单位", "/desk/jobs/employers/", "building-2", JobsPermission.VIEW),
            MenuItem(GROUP, 15, "求职意向", "/desk/jobs/intentions/", "clipboard-list", JobsPermission.VIEW, _stale),
            MenuItem(GROUP, 30, "数据源", "/desk/jobs/feeds/", "database", JobsPermission.EDIT),
            MenuItem(GROUP, 25, "上岗", "/desk/jobs/placements/", "circle-check", Permission.FIGURES_VIEW),
            MenuItem(GROUP, 20, "投递", "/desk/jobs/applications/", "send", JobsPermission.VIEW, _live_applications),
        ],
    )
