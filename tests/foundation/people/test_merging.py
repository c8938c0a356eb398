"""Two rows become one person and can become two again; nothing is lost on the way."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.events import bus
from jiamenkou.foundation.events.kinds import ResidentsMerged
from jiamenkou.foundation.people.actions.merging import SEALED, merge, unmerge
from jiamenkou.foundation.people.actions.register import IDENTITY_FIELD, PHONE_FIELD, Numbers, set_numbers
from jiamenkou.foundation.people.duplicates import find_duplicates
from jiamenkou.foundation.people.models import ArchiveItem, Consent, Household, Identity, Phone, Resident
from jiamenkou.foundation.people.relations import pointers
from jiamenkou.foundation.people.roster.identity import check_digit
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused
from jiamenkou.foundation.vault.service import open_field
from jiamenkou.services.jobs.models import Application
from tests.people import Town, actor, make_resident, make_signed_up, make_staff
from tests.services.jobs.make import make_intention, make_vacancy

NUMBER = "32040219850302001" + check_digit("32040219850302001")
# whoever adds a table that points at a resident sees here that merging and forgetting reach it
POINTERS = [
    "access.Reveal.resident",
    "bookings.Booking.resident",
    "bookings.Waiting.resident",
    "cases.Case.resident",
    "cases.Follower.resident",
    "cases.ProtectedSource.resident",
    "groupbuy.Complaint.resident",
    "groupbuy.Leader.resident",
    "groupbuy.Order.resident",
    "inbox.Acceptance.resident",
    "inbox.CampaignCall.resident",
    "inbox.Message.resident",
    "inbox.OptOut.resident",
    "inbox.Recipient.resident",
    "jobs.Application.resident",
    "jobs.Call.resident",
    "jobs.FamilyLink.resident",
    "jobs.FollowUp.resident",
    "jobs.Intention.resident",
    "jobs.Placement.resident",
    "jobs.SavedVacancy.resident",
    "ledger.Account.resident",
    "ledger.PaymentIntent.resident",
    "needs.Need.resident",
    "needs.SignUp.resident",
    "needs.SurveyAnswer.resident",
    "people.AccountResident.resident",
    "people.ArchiveItem.resident",
    "people.Attachment.resident",
    "people.Consent.resident",
    "people.Household.head",
    "people.Identity.resident",
    "people.Membership.resident",
    "people.NetMember.resident",
    "people.PairDecision.first",
    "people.PairDecision.second",
    "people.Phone.resident",
    "people.PoliticalStatus.resident",
    "people.TransferRequest.resident",
    "stations.Ballot.resident",
    "stations.Certificate.resident",
    "stations.Claim.resident",
    "stations.Couplet.resident",
    "stations.Gift.resident",
    "stations.Help.giver",
    "stations.Help.helped",
    "stations.Loan.resident",
    "stations.Repair.resident",
    "stations.Work.author",
    "stations.Work.given_to",
    "visits.Plan.resident",
    "visits.ProposedFact.resident",
    "visits.Visit.resident",
    "visits.VisitConflict.resident",
    "visits.VisitPerson.resident",
    "walkthrough.Officer.resident",
    "walkthrough.Walk.resident",
]


@pytest.fixture
def by(town: Town) -> Actor:
    return actor(make_staff(Role.WORKER, town.community))


@pytest.fixture
def kept(town: Town) -> Resident:
    return make_resident(town.community, town.grids[0], name="褚云岫")


@pytest.fixture
def gone(town: Town, by: Actor) -> Resident:
    gone = make_resident(town.community, town.grids[1], name="褚云岫")
    numbers = Numbers(identity=NUMBER, identity_kind="id_card", phones=("13800001234", "13900005678"))
    set_numbers(gone, numbers, by=by, reason="登记")
    return gone


def put_together(kept: Resident, gone: Resident, by: Actor) -> Any:
    return merge(kept, gone, by=by, now=timezone.now(), reason="同一位")


def everything_of(resident: Resident) -> dict[str, list[int]]:
    return {str(p): ids for p in pointers() if (ids := list(p.rows(resident).values_list("pk", flat=True)))}


def test_what_points_at_a_resident() -> None:
    assert [str(pointer) for pointer in pointers()] == POINTERS


def test_everything_moves_and_comes_back(kept: Resident, gone: Resident, by: Actor) -> None:
    make_intention(gone)
    make_signed_up(gone)
    ArchiveItem.objects.create(resident=gone, kind="skill", text="缝纫")
    Household.objects.create(community=gone.community, head=gone)
    had = everything_of(gone)
    record = put_together(kept, gone, by)
    assert everything_of(gone) == {}
    assert everything_of(kept) == had
    gone.refresh_from_db()
    assert gone.merged_into == kept
    unmerge(record, by=by, now=timezone.now(), reason="弄错了")
    assert everything_of(gone) == had
    assert everything_of(kept) == {}
    gone.refresh_from_db()
    assert gone.merged_into is None


def test_numbers_open_for_whoever_holds_them(kept: Resident, gone: Resident, by: Actor) -> None:
    """A sealed number is bound to its person: it is sealed again when it changes hands."""
    record = put_together(kept, gone, by)
    for holder in (kept, gone):
        if holder == gone:
            unmerge(record, by=by, now=timezone.now(), reason="弄错了")
        holder.refresh_from_db()
        identity = Identity.objects.get(resident=holder)
        assert open_field(holder.uid, IDENTITY_FIELD, bytes(identity.sealed)) == NUMBER
        opened = [open_field(holder.uid, PHONE_FIELD, bytes(phone.sealed)) for phone in holder.phones.all()]
        assert opened == ["13800001234", "13900005678"]
        assert [phone.is_main for phone in holder.phones.all()] == [True, False]
        assert (holder.identity_masked[:4], holder.phone_masked) == ("3204", "138****1234")
    kept.refresh_from_db()
    assert (kept.identity_masked, kept.phone_masked) == ("", "")


def test_what_may_be_had_once_stays_where_it_was(kept: Resident, gone: Resident, by: Actor) -> None:
    vacancy = make_vacancy()
    for resident in (kept, gone):
        ArchiveItem.objects.create(resident=resident, kind="skill", text="缝纫")
        Consent.objects.create(resident=resident, purpose="service", version="1", how="test")
        make_intention(resident)
        Application.objects.create(
            vacancy=vacancy, resident=resident, community=resident.community, state="sent", filed_by="self"
        )
    extra = ArchiveItem.objects.create(resident=gone, kind="skill", text="理发")
    set_numbers(kept, Numbers(phones=("13800001234",)), by=by, reason="登记")
    record = put_together(kept, gone, by)
    assert {"jobs.Application.resident", "people.Consent.resident", "jobs.Intention.resident"} <= set(
        everything_of(gone)
    )
    assert ["people.ArchiveItem", "resident", [extra.pk]] in record.moved
    assert kept.phones.count() == 2
    assert gone.phones.count() == 1
    assert Phone.objects.filter(resident=kept, is_main=True).count() == 1


def test_what_came_after_stays(kept: Resident, gone: Resident, by: Actor) -> None:
    record = put_together(kept, gone, by)
    later = ArchiveItem.objects.create(resident=kept, kind="skill", text="后来学的")
    unmerge(record, by=by, now=timezone.now(), reason="弄错了")
    assert everything_of(kept) == {"people.ArchiveItem.resident": [later.pk]}


def test_refusals(kept: Resident, gone: Resident, by: Actor, town: Town) -> None:
    with pytest.raises(Refused, match="两位不同"):
        put_together(kept, kept, by)
    stranger = make_resident(town.neighbour)
    with pytest.raises(NotAllowed):
        put_together(kept, stranger, by)
    with pytest.raises(NotAllowed):
        put_together(kept, gone, actor(make_staff(Role.GRID_WORKER, town.grids[0])))
    record = put_together(kept, gone, by)
    with pytest.raises(Conflict, match="已经合并"):
        put_together(make_resident(town.community), gone, by)
    unmerge(record, by=by, now=timezone.now(), reason="弄错了")
    with pytest.raises(Conflict, match="已经撤销"):
        unmerge(record, by=by, now=timezone.now(), reason="弄错了")


def test_others_are_told(kept: Resident, gone: Resident, by: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[ResidentsMerged] = []
    monkeypatch.setitem(bus._handlers, ResidentsMerged, [heard.append])
    put_together(kept, gone, by)
    assert heard == [ResidentsMerged(kept=kept.pk, gone=gone.pk)]


def test_every_sealed_column_of_a_resident_is_sealed_again() -> None:
    """A table with a resident and a sealed column must be known to merging, or its values would be lost.

    Unless it says under which key they lie (``sealed_under``): that key lives as long as the one the row went into.
    """
    sealed = {
        model
        for model in apps.get_models()
        if model in {pointer.model for pointer in pointers()}
        and any(isinstance(f, models.BinaryField) and "sealed" in f.name for f in model._meta.concrete_fields)
    }
    stay = {model for model in sealed if hasattr(model, "sealed_under")}
    for model in stay:
        assert model._base_manager.values_list(model.sealed_under).query, model  # the path is there
    assert sealed - stay == set(SEALED)


def test_five_keys_find_pairs(town: Town, by: Actor, django_assert_num_queries: Any) -> None:
    born = date(1985, 3, 2)
    one = make_resident(town.community, name="农远山", birth_date=born, address="兰翔二村20幢3单元1002室")
    two = make_resident(town.community, name="农远山", birth_date=born)
    three = make_resident(town.community, name="农远杉", birth_date=born)
    Resident.objects.filter(pk=three.pk).update(name_key=two.name_key)
    four = make_resident(town.community, name="农远山", birth_date=None, address="兰翔二村20幢3单元1002室")
    make_resident(town.neighbour, name="农远山", birth_date=born)
    for resident in (one, two, four):
        set_numbers(resident, Numbers(phones=("13800001234",)), by=by, reason="登记")
    with django_assert_num_queries(5):
        found = {(pair.first, pair.second): pair.why for pair in find_duplicates(town.community.pk)}
    assert found == {
        (one.pk, two.pk): ("姓名和出生日期", "姓名和电话", "出生日期和电话"),
        (one.pk, four.pk): ("姓名和电话", "姓名和住址"),
        (two.pk, three.pk): ("同音姓名和出生日期",),
        (two.pk, four.pk): ("姓名和电话",),
    }
    put_together(one, two, by)
    assert two.pk not in {pair.second for pair in find_duplicates(town.community.pk)}
