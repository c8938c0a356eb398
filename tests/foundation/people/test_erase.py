"""A person can read all we hold, and can be forgotten."""

from __future__ import annotations

import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.audit.chain import verify
from jiamenkou.foundation.audit.models import AuditEntry
from jiamenkou.foundation.messages.notices import Notice
from jiamenkou.foundation.messages.send import tell
from jiamenkou.foundation.people.actions.erase import ERASED, erase_person, export_person
from jiamenkou.foundation.people.actions.merging import merge
from jiamenkou.foundation.people.actions.register import Numbers, set_numbers
from jiamenkou.foundation.people.models import Account, ArchiveItem, Household, Identity, Resident
from jiamenkou.foundation.people.relations import pointers
from jiamenkou.foundation.refusals import Conflict
from jiamenkou.foundation.vault.models import SubjectKey
from jiamenkou.foundation.vault.service import blind_index
from jiamenkou.services.jobs.models import Application, Intention
from tests.people import Town, actor, make_resident, make_signed_up, make_staff
from tests.services.jobs.make import make_intention, make_vacancy

PHONE = "13800001234"


@pytest.fixture
def by(town: Town) -> Actor:
    return actor(make_staff(Role.WORKER, town.community))


@pytest.fixture
def person(town: Town, by: Actor) -> Resident:
    person = make_resident(town.community, town.grids[0], name="褚云岫", note="独居", categories=["低保"])
    set_numbers(person, Numbers(phones=(PHONE,)), by=by, reason="登记")
    ArchiveItem.objects.create(resident=person, kind="skill", text="缝纫")
    make_intention(person, note="想在家附近")
    Application.objects.create(
        vacancy=make_vacancy(),
        resident=person,
        community=person.community,
        state="refused",
        reason="other",
        reason_text="说他年纪大了",
        filed_by="self",
    )
    Household.objects.create(community=person.community, head=person, door="20幢3单元1002室")
    tell(Notice(key="test", label="", title="褚云岫您好", body=""), person)
    return person


def test_export_holds_everything_in_plain(person: Resident, by: Actor) -> None:
    found = json.loads(json.dumps(export_person(person, by=by, reason="本人要求"), ensure_ascii=False))
    assert found["resident"]["name"] == "褚云岫"
    assert found["records"]["people.Phone.resident"][0]["number"] == PHONE
    assert {key.rsplit(".", 1)[0] for key in found["records"]} == {
        "inbox.Message",
        "jobs.Application",
        "jobs.Intention",
        "people.ArchiveItem",
        "people.Household",
        "people.Phone",
    }
    assert "index" not in found["records"]["people.Phone.resident"][0]


def test_forgotten(person: Resident, by: Actor) -> None:
    account = make_signed_up(person, display_name="褚云岫")
    erase_person(person, by=by, reason="本人要求")
    person.refresh_from_db()
    assert (person.name, person.note, person.categories, person.phone_masked) == (ERASED, "", [], "")
    assert person.birth_date is not None
    assert (person.birth_date.month, person.birth_date.day) == (1, 1)
    assert not SubjectKey.objects.filter(subject__in=[person.uid, account.uid]).exists()
    left = {str(pointer) for pointer in pointers() if pointer.rows(person).exists()}
    assert left == {"jobs.Application.resident"}, "figures keep counting"
    assert Application.objects.get().reason_text == ""
    assert not Intention.objects.exists()
    assert Household.objects.get().head is None
    account.refresh_from_db()
    assert (account.is_active, account.display_name, account.phone_index) == (False, "", None)


def test_the_trail_of_households_forgets_the_heads_number(person: Resident, by: Actor, town: Town) -> None:
    """A household knows its head by the blind index of the number, before the head is registered and after."""
    set_numbers(person, Numbers(identity="32040219521001202X"), by=by, reason="登记")
    index = bytes(Identity.objects.get(resident=person).index)
    Household.objects.create(community=town.community, door="9幢1102", head_index=index)
    other = Household.objects.create(community=town.community, door="9幢1103", head_index=b"somebody else's")
    naming = AuditEntry.objects.filter(table="people_household", after__head_index="\\x" + index.hex())
    assert naming.count() == 1, "the careless variant would leave this one"
    erase_person(person, by=by, reason="本人要求")
    left = AuditEntry.objects.filter(table="people_household", erased=False)
    assert index.hex() not in "".join(f"{entry.before}{entry.after}" for entry in left.order_by("id"))
    assert left.filter(row=other.pk).count() == 1, "the neighbours' stays"
    assert verify().problems == []


def test_a_number_that_is_somebodys_keeps_its_trail(person: Resident, by: Actor, town: Town) -> None:
    index = blind_index("identity", "32040219521001202X")
    set_numbers(person, Numbers(identity="32040219521001202X"), by=by, reason="登记")
    gone = make_resident(town.community)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select audit_erase_head(%s, %s::bytea[])", [gone.pk, [index]])


def test_an_account_that_acts_for_others_stays(person: Resident, by: Actor, town: Town) -> None:
    account = make_signed_up(person, display_name="林知")
    account.links.create(resident=make_resident(town.community), relation="parent", proof="test")
    erase_person(person, by=by, reason="本人要求")
    assert Account.objects.get(pk=account.pk).is_active


def test_rows_merged_into_the_person_are_forgotten_too(person: Resident, by: Actor, town: Town) -> None:
    double = make_resident(town.community, name="褚云秀")
    merge(person, double, by=by, now=timezone.now(), reason="同一位")
    with pytest.raises(Conflict):
        erase_person(Resident.objects.get(pk=double.pk), by=by, reason="本人要求")
    erase_person(person, by=by, reason="本人要求")
    double.refresh_from_db()
    assert double.name == ERASED
