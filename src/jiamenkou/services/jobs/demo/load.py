"""Loads the catalogue through the room's own actions, then lets a month pass."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.links import DEMO_PREFIX
from jiamenkou.foundation.people.actions.archive import note_item
from jiamenkou.foundation.people.actions.organisations import check_licence, register_organisation
from jiamenkou.foundation.people.demo.load import make_member
from jiamenkou.foundation.people.models import (
    Account,
    ArchiveKind,
    EmploymentStatus,
    Evidence,
    LicenceState,
    Organisation,
    Resident,
)
from jiamenkou.foundation.places.demo import COMMUNITIES
from jiamenkou.foundation.places.models import Place
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.jobs import matching
from jiamenkou.services.jobs.actions import applications as acts
from jiamenkou.services.jobs.actions import intentions as wishes
from jiamenkou.services.jobs.actions import vacancies as posts
from jiamenkou.services.jobs.demo.catalogue import FIRMS, POSTS, Post, firm_for
from jiamenkou.services.jobs.models import FollowUp, Intention, Vacancy
from jiamenkou.services.jobs.states import ApplicationState, FiledBy, FollowUpOutcome, Party, Source, VacancyState

REASON = "示范数据"
WANTED = [
    "护理员",
    "保洁",
    "缝纫",
    "帮厨、服务员",
    "育婴",
    "收银、理货",
    "保安",
    "文员、客服",
    "在家做手工",
    "家政",
    "",
]
VACANCIES = 120


def load(say: Any) -> None:
    """Everything of this room. ``say`` takes one sentence about what is being done."""
    random = Random(20261122)  # noqa: S311 - invented people
    today = timezone.localdate()
    by = Actor(Account.objects.get(username="demo-worker-1"))
    say("登记用人单位")
    firms = [_firm(number, by) for number in range(len(FIRMS))]
    say("发布岗位")
    vacancies = _vacancies(firms, by, today, random)
    say("登记求职意向")
    intentions = _intentions(by, today, random)
    say("走完一个月的推荐、面试、上岗")
    _month(vacancies, intentions, by, today, random)
    say("给示范居民安排几件在办的事")
    for account in Account.objects.filter(username__startswith=f"{DEMO_PREFIX}resident").order_by("username"):
        _own_matters(account, vacancies, by, today)


def _own_matters(account: Account, vacancies: list[Vacancy], by: Actor, today: date) -> None:
    """A wish, a certificate, an interview ahead and a recommendation that waits for a yes."""
    link = account.links.select_related("resident__community", "resident__household__unit").order_by("id").first()
    if link is None:
        return
    person, me = link.resident, Actor(account)
    mother = "graduate" not in account.username
    if not Intention.objects.filter(resident=person, state__in=["open", "paused"]).exists():
        fields = {"wanted": "护理员、保育员", "school_run": True} if mother else {"wanted": "文员、客服"}
        wishes.file_intention(
            person, fields | {"max_walk_minutes": 30}, by=me, filed_by=FiledBy.SELF, today=today, reason=REASON
        )
    if mother:
        for certificate in ("养老护理员证", "健康证"):
            note_item(
                person, ArchiveKind.CERTIFICATE, certificate, by=by, reason=REASON, evidence=Evidence.SEEN,
                valid_until=date(today.year + 2, 6, 30),
            )  # fmt: skip
    seeker = matching.resident_seeker(person, today)
    if seeker is None:
        return
    fresh = Vacancy.objects.open(today).with_employer().filter(pk__in=[v.pk for v in vacancies]).order_by("id")
    best = [vacancy for vacancy, _ in matching.best_vacancies(seeker, fresh)][:3]
    now = timezone.now()
    for order, vacancy in enumerate(best[:2]):
        try:
            if order:
                acts.recommend(vacancy, person, by=by, now=now, reason=REASON, word="离家近，能顾上家")
                continue
            sent = acts.apply_for(
                vacancy, person, by=me, filed_by=FiledBy.SELF, now=now - timedelta(days=2), reason=REASON
            )
            tomorrow = timezone.make_aware(datetime.combine(today + timedelta(days=1), time(9, 30)))
            acts.move_application(
                sent, ApplicationState.INTERVIEW, party=Party.EMPLOYER, by=by, reason=REASON,
                interview_at=tomorrow, interview_place=vacancy.address,
            )  # fmt: skip
        except Refused:
            continue


def _firm(number: int, by: Actor) -> Organisation:
    firm = FIRMS[number]
    plan = COMMUNITIES[0]
    organisation = register_organisation(
        firm.name,
        kind="employer",
        community=Place.objects.get(code=plan.code),
        by=by,
        reason=REASON,
        contact=firm.contact,
        phone=f"1370000{number + 1:04d}",
        address=firm.address,
        latitude=plan.latitude + firm.north,
        longitude=plan.longitude + firm.east,
    )
    if firm.checked:
        check_licence(
            organisation,
            LicenceState.CHECKED,
            until=date(timezone.localdate().year + 1, 12, 31),
            note="",
            by=by,
            reason=REASON,
        )
        if number < 4:
            make_member(organisation, f"employer-{number + 1}", firm.contact)
    return organisation


def _vacancies(firms: list[Organisation], by: Actor, today: date, random: Random) -> list[Vacancy]:
    """The catalogue again and again, with other days and pay, until there are about 120."""
    made: list[Vacancy] = []
    while len(made) < VACANCIES:
        post = POSTS[len(made) % len(POSTS)]
        turn = len(made) // len(POSTS)
        firm = firms[firm_for(post, turn)]
        published = timezone.make_aware(datetime.combine(today - timedelta(days=random.randint(0, 27)), time(9, 5)))
        fields = _fields(post, firm, turn, today, random)
        suspicious = post.firm == len(FIRMS) - 1
        fields["warnings"] = ["先交 98 元培训费"] if suspicious else []
        source = Source.FEED if post.firm == 15 else random.choice([Source.FORM, Source.PASTE, Source.SHEET])
        vacancy = posts.draft_vacancy(firm, fields, by=by, source=source, reason=REASON)
        if not suspicious and (turn or len(made) % 17 != 16):
            posts.publish_vacancy(vacancy, by=by, now=published, reason=REASON)
        made.append(vacancy)
    return made


def _fields(post: Post, firm: Organisation, turn: int, today: date, random: Random) -> dict[str, Any]:
    more = 1 + turn * 0.04
    fen = [
        round(value * more * 100 / 50) * 50 if value >= 100 else round(value * 100) for value in (post.low, post.high)
    ]
    if post.unit in {"month", "day"}:
        fen = [value // 1000 * 1000 for value in fen]
    if post.kind == "public_welfare":
        fen = [249000, 249000]
    days, start, end = post.hours or (None, None, None)
    return {
        "title": post.title,
        "community": None if post.firm == 15 else firm.community,
        # the bureau's posts are the district's, shown to everybody
        "owner": _district(firm) if post.firm == 15 else firm.community,
        "kind": post.kind,
        "occupation_code": post.code,
        "occupation_name": post.occupation,
        "headcount": post.headcount,
        "pay_min_fen": fen[0],
        "pay_max_fen": max(fen),
        "pay_unit": post.unit,
        "settle": post.settle,
        "weekdays": days,
        "start_minute": start,
        "end_minute": end,
        "rest": post.rest,
        "address": firm.address,
        "landmark": "",
        "latitude": firm.latitude,
        "longitude": firm.longitude,
        "requirements": [part for part in post.requirements.split("，") if part],
        "benefits": [part for part in post.benefits.split("、") if part],
        "certificates": [part for part in post.certificates.split("、") if part],
        "contact": firm.contact,
        "phone": firm.phone,
        "closes_on": today + timedelta(days=random.randint(8, 45)),
    }


def _district(firm: Organisation) -> Place:
    assert firm.community is not None
    district: Place = Place.objects.get(path=firm.community.ancestor_path(1))
    return district


def _intentions(by: Actor, today: date, random: Random) -> list[Intention]:
    """Three hundred wishes over the communities; a fifth of them due to be asked again."""
    seeking = [EmploymentStatus.LOOKING, EmploymentStatus.UNEMPLOYED, EmploymentStatus.HOME, EmploymentStatus.FLEXIBLE]
    people = list(
        Resident.objects.present()
        .filter(employment__in=seeking)
        .select_related("community")
        .order_by("community", "id")
    )
    random.shuffle(people)
    made = []
    for resident in people[:320]:
        asked = today - timedelta(days=random.choices([3, 20, 45, 70], [3, 3, 2, 2])[0] + random.randint(0, 9))
        mother = resident.sex == "female" and random.random() < 0.4
        fields = {
            "wanted": random.choice(WANTED),
            "max_walk_minutes": random.choice([10, 15, 20, 30, None]),
            "school_run": mother,
            "not_after": 930 if mother else None,
            "kinds": ["part_time", "gig", "home_based"] if mother and random.random() < 0.4 else [],
            "weekdays": 31 if mother else 127,
            "min_pay_fen": random.choice([None, None, 250000, 300000, 350000]),
            "min_pay_unit": "month",
            "cannot": ["night"] if random.random() < 0.3 else [],
        }
        if fields["min_pay_fen"] is None:
            fields["min_pay_unit"] = ""
        intention = wishes.file_intention(
            resident, fields, by=by, filed_by=random.choice([FiledBy.WORKER, FiledBy.SELF]), today=asked, reason=REASON
        )
        made.append(intention)
        if random.random() < 0.35:
            certificate = random.choice(["养老护理员证", "健康证", "育婴员证", "电工证", "保育员证"])
            note_item(
                resident, ArchiveKind.CERTIFICATE, certificate, by=by, reason=REASON, evidence=Evidence.SEEN,
                valid_until=date(today.year + 2, 6, 30),
            )  # fmt: skip
    return made


def _month(vacancies: list[Vacancy], intentions: list[Intention], by: Actor, today: date, random: Random) -> None:
    """Recommend the best three for each post of the first weeks, and let employers answer, or not."""
    rows = list(
        Intention.objects.filter(pk__in=[i.pk for i in intentions])
        .open()
        .select_related("resident__household__unit", "resident__community")
        .order_by("id")
    )
    for number, vacancy in enumerate(v for v in vacancies if v.state == VacancyState.OPEN):
        if number % 2:
            continue
        people = matching.best_people(vacancy, rows, today)
        for order, (intention, _) in enumerate(people[: 3 if number % 3 else 2]):
            began = max(vacancy.published_at or timezone.now(), timezone.now() - timedelta(days=26))
            began += timedelta(hours=order * 3)
            if began < timezone.now():
                _follow(vacancy, intention, began, by, today, random)
    _age_follow_ups(by, today)
    # the hourly task as it would have run: silence is reminded of, then closed and told
    acts.remind_employers(timezone.now(), by=by, reason=REASON)
    acts.close_silent(timezone.now(), by=by, reason=REASON)


def _follow(vacancy: Vacancy, intention: Intention, began: datetime, by: Actor, today: date, random: Random) -> None:
    """One application as it may have gone."""
    try:
        if random.random() < 0.5:
            application = acts.recommend(
                vacancy, intention.resident, by=by, now=began, reason=REASON, word="邻居都说她做事细"
            )
            if random.random() < 0.15:
                return
            acts.move_application(
                application,
                ApplicationState.SENT,
                party=Party.RESIDENT,
                by=by,
                reason=REASON,
                now=began + timedelta(hours=5),
            )
        else:
            application = acts.apply_for(
                vacancy, intention.resident, by=by, filed_by=FiledBy.SELF, now=began, reason=REASON
            )
        fate = random.random()
        answered = began + timedelta(days=2)
        if fate < 0.25 or answered > timezone.now():
            return
        if fate < 0.4:
            acts.move_application(
                application,
                ApplicationState.REFUSED,
                party=Party.EMPLOYER,
                by=by,
                reason=REASON,
                why="hours",
                now=answered,
            )
            return
        meeting = answered + timedelta(days=2)
        acts.move_application(
            application, ApplicationState.INTERVIEW, party=Party.EMPLOYER, by=by, reason=REASON, now=answered,
            interview_at=meeting, interview_place=vacancy.address,
        )  # fmt: skip
        if fate < 0.55 or meeting > timezone.now():
            return
        begins = timezone.localdate(meeting) + timedelta(days=2)
        acts.move_application(
            application,
            ApplicationState.HIRED,
            party=Party.EMPLOYER,
            by=by,
            reason=REASON,
            now=meeting,
            starts_on=begins,
        )
        if fate < 0.95 and begins <= today:
            acts.confirm_start(application, begins, party=Party.WORKER, by=by, reason=REASON)
    except Refused:
        # the lane is full or the post filled meanwhile: so it goes
        return


def _age_follow_ups(by: Actor, today: date) -> None:
    """Those that were due were asked, but for the newest."""
    for follow_up in FollowUp.objects.due(today - timedelta(days=2)).select_related("placement").order_by("id"):
        outcome = FollowUpOutcome.LEFT if follow_up.pk % 9 == 0 else FollowUpOutcome.WORKING
        acts.record_follow_up(follow_up, outcome, by=by, now=timezone.now(), reason=REASON)
