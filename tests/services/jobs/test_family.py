"""Applying for a relative: nothing goes to the employer before the person's own yes, by link, account or in person."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, close_old_connections, transaction
from django.test import Client
from django.utils import timezone
from tests.people import Town, make_resident, make_signed_up, make_staff, make_town
from tests.services.jobs.make import make_vacancy

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.messages.models import Channel, Delivery, Message
from jiamenkou.foundation.people.actions.archive import has_consent
from jiamenkou.foundation.people.models import Account, AccountResident, Consent, ConsentPurpose, Phone, Resident
from jiamenkou.foundation.refusals import NotAllowed
from jiamenkou.foundation.vault.service import blind_index
from jiamenkou.services.jobs import tasks
from jiamenkou.services.jobs.access import employer_applications
from jiamenkou.services.jobs.actions.applications import move_application
from jiamenkou.services.jobs.actions.family import Outcome, answer_family, fresh_family_link
from jiamenkou.services.jobs.models import Application, FamilyLink, Vacancy
from jiamenkou.services.jobs.states import ApplicationState, Party


@dataclass
class Home:
    """A son with an account, his mother with a telephone of her own, and a post for her."""

    town: Town
    son: Account
    mother: Resident
    vacancy: Vacancy


def number(person: Resident, digits: str) -> Phone:
    index = blind_index("phone", digits)
    return Phone.objects.create(
        resident=person, sealed=b"x", index=index, last_four=b"4", masked="138****0000", is_main=True
    )


def make_home(town: Town) -> Home:
    son = make_signed_up(make_resident(town.community, name="王小川"))
    mother = make_resident(town.community, town.grids[0], name="林秀英")
    AccountResident.objects.create(account=son, resident=mother, relation="parent", proof="test")
    number(mother, "13800000001")
    return Home(town, son, mother, make_vacancy(community=town.community, title="保洁员"))


@pytest.fixture
def home(town: Town) -> Home:
    return make_home(town)


def ask(home: Home, client_for: Callable[[Account], Client]) -> Application:
    answer = client_for(home.son).post(f"/jobs/{home.vacancy.pk}/apply/", {"resident": home.mother.pk})
    assert answer.status_code == 302, answer.content.decode()
    application = Application.objects.get(resident=home.mother)
    assert answer["Location"] == f"/jobs/applications/{application.pk}/?sent=1"
    return application


def link_of(application: Application) -> str:
    """The page of a fresh link, as the text message carries it."""
    with scope(EVERYTHING, actor="test", reason="test"):
        message = Message(resident=application.resident, href=f"/jobs/applications/{application.pk}/")
        return "/jobs/family/" + fresh_family_link(message)["link"].rstrip("/").rpartition("/")[2] + "/"


def told(person: Resident) -> list[str]:
    return list(Message.objects.filter(resident=person).order_by("id").values_list("title", flat=True))


def test_the_employer_sees_nothing_before_the_yes(home: Home, client_for: Any, client: Client) -> None:
    sheet = client_for(home.son).get(f"/jobs/{home.vacancy.pk}/apply/").content.decode()
    assert "先发短信问本人，点头才投" in sheet
    application = ask(home, client_for)
    assert (application.state, application.unagreed, application.ask_in_person) == ("asked", True, False)
    assert not employer_applications(home.vacancy.employer_id).exists()
    assert not Message.objects.filter(organisation=home.vacancy.employer).exists()
    delivery = Delivery.objects.get(message__resident=home.mother, channel=Channel.SMS)
    assert "http" not in str(delivery.message.variables), "the link is stored nowhere"
    page = client_for(home.son).get(f"/jobs/applications/{application.pk}/?sent=1").content.decode()
    assert "还没投，发短信问本人了" in page and 'value="yes"' not in page
    # a second tap asks nobody twice
    ask(home, client_for)
    assert told(home.mother) == ["家里人想替您投：保洁员"]

    link = link_of(application)
    shown = client.get(link)
    text = shown.content.decode()
    assert shown["Cache-Control"] == "no-store" and "您子女想替您投这个岗位" in text
    assert "单位看得到" in text and "王小川" not in text and "林秀英" not in text
    application.refresh_from_db()
    assert application.state == "asked", "opening it is no answer"

    assert client.post(link, {"do": "yes"}).status_code == 302
    application.refresh_from_db()
    assert (application.state, application.unagreed) == ("sent", False)
    assert employer_applications(home.vacancy.employer_id).exists()
    assert Message.objects.filter(organisation=home.vacancy.employer).exists()
    assert has_consent(home.mother.pk, ConsentPurpose.SHARE_EMPLOYER)
    assert not has_consent(home.mother.pk, ConsentPurpose.FAMILY), "one yes is for one application"
    son = Resident.objects.get(name="王小川")
    assert told(son) == ["林秀英点头了，投出去了"]
    assert "已经投出去" in client.get(link).content.decode()
    assert client.post(link, {"do": "no"}).status_code == 409, "one answer"
    application.refresh_from_db()
    assert application.state == "sent"
    assert FamilyLink.objects.get().used_at is not None


def test_the_interface_asks_too(home: Home, client_for: Any) -> None:
    answer = client_for(home.son).post(
        f"/api/v1/jobs/vacancies/{home.vacancy.pk}/applications",
        {"consent": True, "resident": home.mother.pk},
        content_type="application/json",
    )
    assert (answer.status_code, answer.json()["state"]) == (201, "asked")
    assert not employer_applications(home.vacancy.employer_id).exists()
    assert not has_consent(home.mother.pk, ConsentPurpose.SHARE_EMPLOYER)


def test_a_no_ends_it_and_the_employer_never_knows(home: Home, client_for: Any, client: Client) -> None:
    application = ask(home, client_for)
    link = link_of(application)
    client.post(link, {"do": "no"})
    application.refresh_from_db()
    assert (application.state, application.unagreed) == ("declined", True)
    assert not employer_applications(home.vacancy.employer_id).exists()
    assert told(Resident.objects.get(name="王小川")) == ["林秀英说不投"]
    assert "您说不投，就没有投" in client.get(link).content.decode()
    assert "您说不投" in client.post(link, {"do": "yes"}).content.decode()


def test_always_means_no_question_next_time(home: Home, client_for: Any, client: Client) -> None:
    client.post(link_of(ask(home, client_for)), {"do": "yes", "always": "1"})
    assert has_consent(home.mother.pk, ConsentPurpose.FAMILY)
    other = make_vacancy(community=home.town.community, title="收银员")
    client_for(home.son).post(f"/jobs/{other.pk}/apply/", {"resident": home.mother.pk})
    assert Application.objects.get(vacancy=other).state == "sent"
    Consent.objects.update(withdrawn_at=timezone.now())
    third = make_vacancy(community=home.town.community, title="理货员")
    client_for(home.son).post(f"/jobs/{third.pk}/apply/", {"resident": home.mother.pk})
    assert Application.objects.get(vacancy=third).state == "asked"


def test_whoever_asked_does_not_answer(home: Home, client_for: Any) -> None:
    application = ask(home, client_for)
    son, href = client_for(home.son), f"/jobs/applications/{application.pk}/"
    assert son.post(f"{href}answer/", {"do": "yes"}).status_code == 409
    message = Message.objects.get(resident=home.mother)
    son.post(f"/me/messages/{message.pk}/answer/", {"answer": "同意投"})
    application.refresh_from_db()
    assert application.state == "asked"
    # taking it back is theirs
    assert son.post(f"{href}answer/", {"do": "withdraw", "why": "other"}).status_code == 302
    application.refresh_from_db()
    assert (application.state, application.unagreed) == ("withdrawn", True)
    # her own account is hers
    again = ask_again(home, client_for)
    mother = client_for(make_signed_up(home.mother))
    page = mother.get(f"/jobs/applications/{again.pk}/").content.decode()
    assert "家里人想替您投" in page
    assert mother.post(f"/jobs/applications/{again.pk}/answer/", {"do": "yes"}).status_code == 302
    again.refresh_from_db()
    assert again.state == "sent"


def ask_again(home: Home, client_for: Any) -> Application:
    client_for(home.son).post(f"/jobs/{home.vacancy.pk}/apply/", {"resident": home.mother.pk})
    return Application.objects.get(resident=home.mother, state="asked")


def test_who_has_no_telephone_of_their_own_is_asked_in_person(home: Home, client_for: Any) -> None:
    """The number on file is the son's: a text message would let him answer for her."""
    Phone.objects.filter(resident=home.mother).delete()
    number(home.mother, "13800000009")
    home.son.phone_index = blind_index("phone", "13800000009")
    home.son.save()
    application = ask(home, client_for)
    assert application.ask_in_person
    assert not Delivery.objects.filter(message__resident=home.mother, channel=Channel.SMS).exists()
    worker = client_for(make_staff(Role.WORKER, home.town.community))
    assert f"问问{home.mother.name}" in worker.get("/desk/").content.decode()
    href = f"/desk/jobs/applications/{application.pk}/"
    assert worker.post(f"{href}move/", {"to": "sent", "text": "上门问的"}).status_code == 302
    application.refresh_from_db()
    assert (application.state, application.unagreed) == ("sent", False)
    assert Consent.objects.get(resident=home.mother, purpose="share_employer").how == "社区当面问的：上门问的"
    assert "上门问的" in worker.get(href).content.decode()


def test_no_answer_in_time_drops_it(home: Home, client_for: Any, client: Client) -> None:
    application = ask(home, client_for)
    link = link_of(application)
    Application.objects.update(answer_due_at=timezone.now() - timedelta(minutes=1))
    assert "过了日子" in client.post(link, {"do": "yes"}).content.decode()
    tasks.tidy(0)
    application.refresh_from_db()
    assert (application.state, application.unagreed) == ("no_answer", True)
    assert told(Resident.objects.get(name="王小川")) == ["林秀英一直没回话，没有投"]
    # nobody opens it again without her
    with pytest.raises(NotAllowed):
        move_application(application, ApplicationState.SENT, party=Party.WORKER, by=Actor(None), reason="t")
    FamilyLink.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert client.get(link).status_code == 410
    assert client.get("/jobs/family/nobody/").status_code == 410


def test_a_yes_after_the_last_place_is_gone_is_told_in_plain_words(
    home: Home, client_for: Any, client: Client
) -> None:
    application = ask(home, client_for)
    link = link_of(application)
    Vacancy.objects.update(state="filled")
    assert client.post(link, {"do": "yes"}).status_code == 302
    assert "岗位已经不招了" in client.get(link).content.decode()
    application.refresh_from_db()
    assert (application.state, application.unagreed) == ("gone", True)
    assert told(Resident.objects.get(name="王小川")) == ["林秀英点头的时候，岗位已经不招了"]


def test_the_database_gives_nothing_unagreed_to_an_employer(home: Home, client_for: Any) -> None:
    application = ask(home, client_for)
    for change in ({"unagreed": False}, {"state": "sent"}, {"state": "interview"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Application.objects.filter(pk=application.pk).update(**change)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("careful", [False, True])
def test_two_answers_at_once_are_one(careful: bool) -> None:
    with scope(EVERYTHING, actor="test", reason="test"):
        home = make_home(make_town())
        application = Application.objects.create(
            vacancy=home.vacancy, resident=home.mother, community=home.town.community, state="asked", unagreed=True,
            filed_by="family", filed_account=home.son, answer_due_at=timezone.now() + timedelta(days=1),
        )  # fmt: skip
    start, outcomes = threading.Barrier(2), []

    def careless(yes: bool) -> Outcome:
        """Reads, then writes what it read: the later one wins over the earlier answer."""
        found = Application.objects.get(pk=application.pk)
        assert found.state == "asked"
        start.wait(timeout=10)
        found.state, found.unagreed = ("sent", False) if yes else ("declined", True)
        found.reason = "" if yes else "other"
        found.save()
        return Outcome.SENT if yes else Outcome.REFUSED

    def answer(yes: bool) -> None:
        try:
            with scope(EVERYTHING, actor="test", reason="test"):
                if not careful:
                    outcomes.append(careless(yes))
                    return
                start.wait(timeout=10)
                outcomes.append(
                    answer_family(
                        application, yes, party=Party.RESIDENT, how="t", by=Actor(None), now=timezone.now(), reason="t"
                    )
                )
        finally:
            close_old_connections()

    threads = [threading.Thread(target=answer, args=(yes,)) for yes in (True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    given = {Outcome.SENT, Outcome.REFUSED} & set(outcomes)
    if not careful:
        assert given == {Outcome.SENT, Outcome.REFUSED}, "both believe they were heard"
        return
    assert len(given) == 1 and len(outcomes) == 2
    late = (set(outcomes) - given).pop()
    assert late == (Outcome.WAS_SENT if given == {Outcome.SENT} else Outcome.WAS_REFUSED)
