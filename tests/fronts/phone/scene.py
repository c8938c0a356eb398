"""One resident with a life: a mother, a wish, vacancies for and against it, applications, messages, an archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from jiamenkou.foundation.access.models import Reveal
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.messages.models import Message
from jiamenkou.foundation.people.models import (
    Account,
    AccountResident,
    ArchiveItem,
    ArchiveKind,
    Consent,
    ConsentPurpose,
    Evidence,
    Household,
    Resident,
)
from jiamenkou.foundation.places.models import Place, PlaceKind
from jiamenkou.services.jobs.actions.applications import recommend
from jiamenkou.services.jobs.models import Application, Intention, Vacancy
from jiamenkou.services.jobs.states import ApplicationState, Settle, VacancyKind
from tests.people import Town, actor, make_employer, make_resident, make_signed_up, make_staff
from tests.services.jobs.make import make_intention, make_vacancy

WEEKDAYS = 31


@dataclass(frozen=True)
class Scene:
    """Who and what the pages are about. ``vacancies``: carer, kitchen, cleaning, home, far, expired."""

    resident: Resident
    mother: Resident
    account: Account
    worker: Account
    intention: Intention
    vacancies: list[Vacancy]
    recommended: Application
    interview: Application
    sent: Application
    refused: Application


def make_scene(town: Town, *, stale: bool = False) -> Scene:
    unit = Place.plant(
        town.grids[0], code="32-1-1-1-6", kind=PlaceKind.UNIT, name="6 栋 2 单元", latitude=31.781, longitude=119.971
    )
    household = Household.objects.create(
        community=town.community, grid=town.grids[0], unit=unit, room="501", door="6-2-501"
    )
    resident = make_resident(
        town.community, town.grids[0], name="周晓禾", household=household, phone_masked="138****0000"
    )
    mother = make_resident(
        town.community, town.grids[0], name="沈玉兰", household=household, birth_date=date(1955, 5, 1)
    )
    account = make_signed_up(resident, display_name="周晓禾", phone_masked="138****0000")
    AccountResident.objects.create(account=account, resident=mother, relation="parent", proof="户口本")
    worker = make_staff(Role.WORKER, town.community, display_name="林知夏")
    intention = make_intention(
        resident,
        wanted="护理员、帮厨",
        school_run=True,
        max_walk_minutes=20,
        min_pay_fen=380000,
        min_pay_unit="month",
        renew_on=timezone.localdate() + timedelta(days=-1 if stale else 40),
    )
    for kind, text, evidence in (
        (ArchiveKind.CERTIFICATE, "养老护理员证", Evidence.CERTIFIED),
        (ArchiveKind.SKILL, "会钩针", Evidence.SELF_SAID),
        (ArchiveKind.TRAINING_NEED, "想学康复护理", Evidence.SELF_SAID),
    ):
        ArchiveItem.objects.create(resident=resident, kind=kind, text=text, evidence=evidence)
    for purpose in (ConsentPurpose.SERVICE, ConsentPurpose.MESSAGES):
        Consent.objects.create(resident=resident, purpose=purpose, version="2026-11", how="登录时同意")
    Reveal.objects.create(resident=resident, by=worker, field="手机号", reason="约面试，打电话说一声")
    vacancies = _vacancies(town)
    applications = _applications(resident, worker, vacancies)
    Message.objects.create(
        notice="jobs.refused",
        resident=resident,
        community=town.community,
        title="邻里超市这次没录用",
        body="理货员：已经招满。社区接着帮您找。",
        icon="info",
        tone="orange",
        href=f"/jobs/applications/{applications[3].pk}/",
        made_at=timezone.now() - timedelta(days=1),
    )
    return Scene(resident, mother, account, worker, intention, vacancies, *applications)


def _vacancies(town: Town) -> list[Vacancy]:
    here = {"community": town.community, "latitude": 31.7835, "longitude": 119.9725}
    centre = make_employer("桂花园日间照料中心", phone="0519-00005678")
    canteen = make_employer("桂花园社区食堂")
    return [
        make_vacancy(
            **here,
            employer=centre,
            weekdays=WEEKDAYS,
            start_minute=480,
            end_minute=930,
            benefits=["缴五险", "管午饭"],
            certificates=["养老护理员证"],
            landmark="小区东门→幼儿园右拐→绿招牌一楼",
            address="桂花路 18 号",
            description="陪 12 位老人吃饭、活动、量血压，两人一班。",
            phone="0519-00005678",
            contact="顾主任",
            closes_on=timezone.localdate() + timedelta(days=20),
        ),
        make_vacancy(
            **here,
            employer=canteen,
            title="食堂帮厨（钟点）",
            kind=VacancyKind.GIG,
            pay_min_fen=2200,
            pay_max_fen=2200,
            pay_unit="hour",
            settle=Settle.DAILY,
            weekdays=127,
            start_minute=600,
            end_minute=810,
            headcount=3,
            certificates=["健康证"],
        ),
        make_vacancy(
            **here,
            title="楼道保洁协管员",
            employer=make_employer("桂花园社区物业服务站"),
            kind=VacancyKind.PUBLIC_WELFARE,
            pay_min_fen=249000,
            pay_max_fen=249000,
            weekdays=WEEKDAYS,
            start_minute=450,
            end_minute=690,
            headcount=1,
        ),
        make_vacancy(
            title="手工串珠",
            employer=make_employer("巧手工坊"),
            kind=VacancyKind.HOME_BASED,
            pay_min_fen=600,
            pay_max_fen=800,
            pay_unit="piece",
            headcount=10,
        ),
        make_vacancy(
            title="超市理货员",
            employer=make_employer("惠邻生鲜超市东门店"),
            weekdays=127,
            start_minute=840,
            end_minute=1320,
            headcount=4,
        ),
        make_vacancy(
            **here,
            title="护工（夜班）",
            employer=centre,
            closes_on=timezone.localdate() - timedelta(days=1),
        ),
    ]


def _applications(resident: Resident, worker: Account, vacancies: list[Vacancy]) -> list[Application]:
    """Recommended, in interview, sent, refused."""
    by, now = actor(worker), timezone.now()
    where = {"resident": resident, "community_id": resident.community_id, "grid_id": resident.grid_id}
    asked = recommend(vacancies[1], resident, by=by, now=now, reason="推荐", word="离您家近，早上送完孩子来得及")
    others = [
        Application.objects.create(
            vacancy=vacancies[2],
            state=ApplicationState.INTERVIEW,
            filed_by="self",
            interview_at=now + timedelta(days=1),
            interview_place="社区二楼会议室",
            **where,
        ),
        Application.objects.create(
            vacancy=vacancies[3],
            state=ApplicationState.SENT,
            filed_by="self",
            answer_due_at=now + timedelta(days=2),
            **where,
        ),
        Application.objects.create(
            vacancy=vacancies[4],
            state=ApplicationState.REFUSED,
            filed_by="self",
            reason="full",
            moved_at=now - timedelta(days=2),
            **where,
        ),
    ]
    return [asked, *others]
