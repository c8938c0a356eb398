"""Employers: links without an account, what they see of whom, their answers, and the desk's page about them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from tests.people import (
    Town,
    actor,
    make_account,
    make_employer,
    make_resident,
    make_signed_up,
    make_staff,
)
from tests.services.jobs.make import make_vacancy

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.asking import told
from jiamenkou.foundation.audit.models import AuditEntry
from jiamenkou.foundation.messages import channels
from jiamenkou.foundation.messages.models import Delivery, DeliveryState, Message
from jiamenkou.foundation.people.actions.register import read_numbers, set_numbers
from jiamenkou.foundation.people.models import ArchiveItem, Organisation, OrganisationMember, Resident
from jiamenkou.services.jobs.actions.applications import apply_for
from jiamenkou.services.jobs.actions.employers import link_path, make_employer_link
from jiamenkou.services.jobs.due import DUE
from jiamenkou.services.jobs.models import Application, ApplicationLog, EmployerLink, Placement, Vacancy
from jiamenkou.services.jobs.states import FiledBy

SOON = "2030-05-06T09:30"


@pytest.fixture
def employer(town: Town) -> Organisation:
    return make_employer("颐安居养老服务中心", community=town.community)


@pytest.fixture
def applicant(town: Town) -> Resident:
    person = make_resident(town.community, town.grids[0], name="褚云岫")
    numbers = read_numbers("", "13800007788", timezone.localdate())
    set_numbers(person, numbers, by=Actor(None), reason="测试")
    ArchiveItem.objects.create(resident=person, kind="certificate", text="养老护理员证", evidence="certified")
    return person


@pytest.fixture
def application(employer: Organisation, applicant: Resident) -> Application:
    return sent(make_vacancy(employer=employer), applicant)


@pytest.fixture
def base(employer: Organisation) -> str:
    return link_path(make_employer_link(employer, by=Actor(None), reason="测试"))


def sent(vacancy: Vacancy, person: Resident) -> Application:
    by = actor(make_signed_up(person))
    return apply_for(vacancy, person, by=by, filed_by=FiledBy.SELF, now=timezone.now(), reason="投递")


def say(client: Client, base: str, application: Application, to: str, **said: str) -> Any:
    return client.post(f"{base}applications/{application.pk}/answer/", {"to": to} | said)


def test_link_shows_surname_and_proofs_and_no_number(client: Client, base: str, application: Application) -> None:
    answer = client.get(base)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "褚**" in page and "养老护理员证" in page
    assert "云岫" not in page and "7788" not in page


def test_looking_changes_nothing(client: Client, base: str, application: Application) -> None:
    before = (AuditEntry.objects.count(), ApplicationLog.objects.count())
    client.get(base)
    assert (AuditEntry.objects.count(), ApplicationLog.objects.count()) == before
    assert EmployerLink.objects.get().opened_at is None
    assert client.get(f"{base}applications/{application.pk}/answer/").status_code == 405


def test_token_is_stored_nowhere(base: str) -> None:
    token = base.split("/")[-2]
    link = EmployerLink.objects.get()
    assert token.encode() not in bytes(link.token_hash)
    assert not any(token in str(entry) for entry in AuditEntry.objects.order_by("pk").values())


@pytest.mark.parametrize("spoilt", ["forged", "expired", "revoked", "long"])
def test_links_that_are_no_good_say_what_to_do(
    client: Client, base: str, application: Application, spoilt: str
) -> None:
    now = timezone.now()
    match spoilt:
        case "forged":
            base = base[:-2] + ("A" if base[-2] != "A" else "B") + "/"
        case "expired":
            EmployerLink.objects.update(expires_at=now - timedelta(seconds=1))
        case "revoked":
            EmployerLink.objects.update(revoked_at=now)
        case "long":
            base = f"/jobs/employer/{'a' * 3000}/"
    answer = client.get(base)
    assert answer.status_code == 410
    assert "链接不能用了" in answer.content.decode() and "打电话给社区" in answer.content.decode()
    assert say(client, base, application, "hired").status_code == 410
    application.refresh_from_db()
    assert application.state == "sent"


def test_eight_days(employer: Organisation, base: str) -> None:
    link = EmployerLink.objects.get()
    assert link.expires_at - link.made_at == pytest.approx(timedelta(days=8), abs=timedelta(minutes=1))


def test_from_interview_to_a_counted_start(client: Client, base: str, application: Application) -> None:
    assert (
        say(client, base, application, "interview", interview_at=SOON, interview_place="颐安居二楼").status_code == 302
    )
    page = client.get(base).content.decode()
    assert "褚云岫" in page and "5月6日 09:30 颐安居二楼" in page and "7788" not in page
    assert EmployerLink.objects.get().opened_at is not None
    shown = client.post(f"{base}applications/{application.pk}/phone/").content.decode()
    assert "138 0000 7788" in shown
    assert ApplicationLog.objects.filter(application=application, text="单位看了电话", party="employer").count() == 1
    assert say(client, base, application, "hired", starts_on="2030-05-10").status_code == 302
    today = timezone.localdate().isoformat()
    assert say(client, base, application, "placed", started_on=today).status_code == 302
    assert Placement.objects.get().resident_id == application.resident_id
    assert Message.objects.filter(resident=application.resident, notice="jobs.interview").exists()


def test_an_agreed_day_that_has_passed_asks_how_it_went(client: Client, base: str, application: Application) -> None:
    say(client, base, application, "interview", interview_at=SOON, interview_place="颐安居二楼")
    asked = "约的日子过了，怎么样了"
    assert asked not in client.get(base).content.decode()
    Application.objects.filter(pk=application.pk).update(interview_at=timezone.now() - timedelta(days=1))
    page = client.get(base).content.decode()
    assert asked in page and page.count("褚云岫") == 1 and "约好的" not in page


def test_number_is_not_shown_before_an_interview(client: Client, base: str, application: Application) -> None:
    answer = client.post(f"{base}applications/{application.pk}/phone/")
    assert answer.status_code == 409
    assert "7788" not in answer.content.decode()


@pytest.mark.parametrize(
    ("to", "said", "says"),
    [
        ("refused", {}, "请选一个原因"),
        ("interview", {"interview_place": "门口"}, "请填面试时间"),
        ("interview", {"interview_at": "明天"}, "输入"),
        ("placed", {}, "必填"),
    ],
)
def test_what_is_missing_is_said_beside_the_field(
    client: Client, base: str, application: Application, to: str, said: dict[str, str], says: str
) -> None:
    if to == "placed":
        say(client, base, application, "hired")
    answer = say(client, base, application, to, **said)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    application.refresh_from_db()
    assert application.state == ("hired" if to == "placed" else "sent")


@pytest.mark.parametrize("to", ["recommended", "withdrawn", "gone", "?", ""])
def test_only_the_employers_own_answers(client: Client, base: str, application: Application, to: str) -> None:
    assert say(client, base, application, to).status_code == 404


def test_other_employers_applicants_do_not_exist(client: Client, base: str, town: Town) -> None:
    other = sent(make_vacancy(), make_resident(town.community, name="耿慕白"))
    assert "耿" not in client.get(base).content.decode()
    assert say(client, base, other, "hired").status_code == 404
    assert client.post(f"{base}applications/{other.pk}/phone/").status_code == 404


def test_recommendation_nobody_agreed_to_is_not_shown(client: Client, base: str, application: Application) -> None:
    Application.objects.update(state="recommended")
    assert "褚" not in client.get(base).content.decode()


def test_member_has_the_same_page(client_for: Any, employer: Organisation, application: Application) -> None:
    account = make_account()
    OrganisationMember.objects.create(organisation=employer, account=account)
    member = client_for(account)
    assert "褚**" in member.get("/jobs/employer/").content.decode()
    assert say(member, "/jobs/employer/", application, "refused", why="skill").status_code == 302
    application.refresh_from_db()
    assert (application.state, application.reason) == ("refused", "skill")


def test_strangers_find_nothing_at_the_door(client: Client, client_for: Any, applicant: Resident) -> None:
    assert client.get("/jobs/employer/").status_code == 302
    assert client_for(make_signed_up(applicant)).get("/jobs/employer/").status_code == 404


def test_employer_writes_a_draft(client: Client, base: str, employer: Organisation, town: Town) -> None:
    assert client.get(f"{base}vacancies/new/").status_code == 200
    said = {"title": "夜班护理员", "kind": "full_time", "headcount": "2", "answer_days": "3", "negotiable": "on"}
    assert client.post(f"{base}vacancies/new/", said | {"headcount": "0"}).status_code == 422
    assert client.post(f"{base}vacancies/new/", said).status_code == 302
    vacancy = Vacancy.objects.get(title="夜班护理员")
    assert (vacancy.state, vacancy.source, vacancy.employer, vacancy.community) == (
        "draft",
        "employer",
        employer,
        town.community,
    )
    assert "等社区核对" in client.get(base).content.decode()
    waiting = [row.title for row in told(actor(make_staff(Role.WORKER, town.community)), DUE)]
    assert waiting == ["颐安居养老服务中心写了一个岗位，等核对"]


def test_text_message_carries_a_link_that_no_row_holds(
    client: Client, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    went_out: list[dict[str, str]] = []

    class Listening:
        def prepare(self, delivery: Delivery) -> channels.Errand:
            went_out.append(dict(delivery.message.variables))
            return lambda: channels.Outcome(DeliveryState.SENT, "1")

    monkeypatch.setitem(channels._channels, "sms", Listening())
    channels.take(Delivery.objects.get(channel="sms", message__notice="jobs.applied").pk)
    link = went_out[0]["link"]
    assert link.startswith(f"{settings.PUBLIC_URL}/jobs/employer/")
    assert not any("link" in m.variables for m in Message.objects.order_by("pk"))
    assert client.get(link.removeprefix(settings.PUBLIC_URL)).status_code == 200


def test_desk_lists_checks_and_makes_links(
    client: Client, client_for: Any, application: Application, town: Town
) -> None:
    desk = client_for(make_staff(Role.WORKER, town.community))
    employer = application.vacancy.employer
    page = desk.get(
        "/desk/jobs/employers/", {"q": "颐安居", "licence": "checked", "sort": "?", "page": "x"}
    ).content.decode()
    assert employer.name in page
    own = f"/desk/jobs/employers/{employer.pk}/"
    assert application.vacancy.title in desk.get(own).content.decode()
    assert desk.post(f"{own}licence/", {"state": "refused"}).status_code == 422
    assert (
        desk.post(f"{own}licence/", {"state": "checked", "until": "2031-01-01", "note": "看过原件"}).status_code == 302
    )
    employer.refresh_from_db()
    assert (employer.licence_state, employer.licence_note) == ("checked", "看过原件")
    made = desk.post(f"{own}link/").content.decode()
    address = made.split(f"{settings.PUBLIC_URL}/jobs/employer/")[1].split("/")[0]
    assert client.get(link_path(address)).status_code == 200
    link = EmployerLink.objects.get()
    assert desk.post(f"{own}links/{link.pk}/revoke/").status_code == 302
    assert client.get(link_path(address)).status_code == 410
    assert desk.post(f"{own}links/{link.pk}/revoke/").status_code == 409


def test_neighbours_make_no_links_to_these_applicants(client_for: Any, application: Application, town: Town) -> None:
    neighbour = client_for(make_staff(Role.WORKER, town.neighbour))
    assert neighbour.post(f"/desk/jobs/employers/{application.vacancy.employer_id}/link/").status_code == 404
    assert not EmployerLink.objects.exists()
