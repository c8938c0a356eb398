"""Messages to staff and to organisations: the database shows them to those they are for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import pytest
from django.db import connection, transaction

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.access.scope import EVERYTHING, NOTHING, Scope, scope
from jiamenkou.foundation.messages.models import Channel, Delivery, Message
from jiamenkou.foundation.messages.notices import Notice
from jiamenkou.foundation.messages.send import tell
from jiamenkou.foundation.people.models import Account, Organisation, OrganisationMember
from tests.guards import see_everything
from tests.people import Town, make_account, make_employer, make_resident, make_staff
from tests.trust.test_rls import as_web
from tests.trust.world import town_of

pytestmark = pytest.mark.django_db(transaction=True)

SAID = Notice(key="test", label="", title="您好", body="")
policies = import_module("jiamenkou.foundation.messages.migrations.0007_addressees")


@pytest.fixture
def town(transactional_db: None) -> Town:
    """Committed, so that the serving role sees it."""
    with transaction.atomic():
        see_everything()
        return town_of()


def told(to: Account | Organisation) -> int:
    """A committed message."""
    with transaction.atomic():
        see_everything()
        return tell(SAID, to).pk


def seen(by: Scope, actor: str = "") -> set[int]:
    """Messages that the serving role sees; its deliveries are those of the same messages."""
    with as_web(by, actor, "test") as web:
        messages = {row[0] for row in web.execute("select id from inbox_message").fetchall()}
        assert {row[0] for row in web.execute("select message_id from inbox_delivery").fetchall()} == messages
    return messages


@contextmanager
def careless() -> Iterator[None]:
    """The policy as it was: what names no resident is seen by everybody."""
    with connection.cursor() as cursor:
        cursor.execute(policies.seen(policies.TOLD))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(policies.seen(policies.ADDRESSED))


def test_what_a_worker_was_told_is_read_by_that_worker_alone(town: Town) -> None:
    with transaction.atomic():
        see_everything()
        hers, his = (make_staff(Role.WORKER, town.community) for _ in range(2))
        here = Actor(hers).scope()
    message = told(hers)
    with careless():
        assert seen(here, his.actor) == seen(NOTHING) == {message}
    assert seen(here, his.actor) == seen(here) == seen(NOTHING) == set()
    assert seen(here, hers.actor) == seen(NOTHING, hers.actor) == {message}
    assert seen(EVERYTHING) == {message}


def test_who_stands_in_reads_their_own_and_not_what_the_other_was_told(town: Town) -> None:
    with transaction.atomic():
        see_everything()
        lender, helper = (make_staff(Role.WORKER, town.community) for _ in range(2))
    told(lender)
    mine = told(helper)
    assert seen(NOTHING, f"{helper.actor} 代 {lender.actor}") == {mine}


def test_an_organisation_is_read_by_its_members_and_the_community_that_phones_it(town: Town) -> None:
    with transaction.atomic():
        see_everything()
        firm = make_employer(community=town.community)
        member, gone, other = (make_account() for _ in range(3))
        OrganisationMember.objects.create(organisation=firm, account=member)
        OrganisationMember.objects.create(organisation=firm, account=gone, ended_at="2026-01-05T08:00+08:00")
        OrganisationMember.objects.create(organisation=make_employer(community=town.community), account=other)
    message = told(firm)
    assert seen(NOTHING, member.actor) == {message}
    assert seen(NOTHING, gone.actor) == seen(NOTHING, other.actor) == seen(NOTHING) == set()
    assert seen(Scope(communities=frozenset({town.community.pk}))) == {message}
    assert seen(Scope(communities=frozenset({town.neighbour.pk}))) == set()
    assert seen(Scope(grids=frozenset({town.grids[0].pk}))) == set()


def test_a_resident_s_message_is_not_read_by_the_account_that_stands_beside_it(town: Town) -> None:
    """Who sees the resident sees the message; the number of an account or of a community opens nothing."""
    with transaction.atomic():
        see_everything()
        person = make_resident(town.community, town.grids[0])
        message = tell(SAID, person).pk
    assert seen(NOTHING, "account:1") == set()
    assert seen(Scope(residents=frozenset({person.pk}))) == {message}
    assert seen(Scope(grids=frozenset({town.grids[0].pk}))) == {message}


def test_telling_needs_no_sight_of_what_is_told_and_lends_none(town: Town) -> None:
    """A resident's own request tells a worker and an employer: both rows are there, and the teller sees neither."""
    with transaction.atomic():
        see_everything()
        person = make_resident(town.community, town.grids[0])
        worker = make_staff(Role.WORKER, town.community)
        firm = make_employer(community=town.community, phone="13800005678")
    by_sms = Notice(key="test", label="", title="您好", body="", sms="TEST", can_be_disabled=False)
    own = Scope(residents=frozenset({person.pk}))
    with scope(own, actor="account:1", reason="test"):
        tell(by_sms, worker)
        tell(by_sms, firm)
        assert Message.objects.count() == Delivery.objects.count() == 0
    with scope(EVERYTHING):
        assert set(Message.objects.values_list("account", "organisation")) == {(worker.pk, None), (None, firm.pk)}
        assert Delivery.objects.filter(channel=Channel.SMS, message__organisation=firm).count() == 1
