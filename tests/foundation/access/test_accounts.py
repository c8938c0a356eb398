"""Accounts and the people they stand for."""

from __future__ import annotations

import pytest
from tests.people import Town, actor, make_account, make_resident, make_staff

from jiamenkou.foundation.access import accounts
from jiamenkou.foundation.access.limits import TooMany
from jiamenkou.foundation.access.models import StaffRole
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.people.models import Account, AccountResident, Identity, Relation, Resident
from jiamenkou.foundation.vault.service import blind_index, ensure_keys, seal_field

NUMBER = "32040219850302851X"


def with_number(resident: Resident, number: str = NUMBER) -> Resident:
    key = ensure_keys([resident.uid])[resident.uid]
    sealed = seal_field(key, resident.uid, accounts.IDENTITY_FIELD, number)
    Identity.objects.create(resident=resident, kind="id_card", sealed=sealed, index=blind_index("identity", number))
    return resident


class TestAccountForPhone:
    def test_is_made_once_and_sealed(self, everything: None) -> None:
        account = accounts.account_for_phone("13800001234")
        assert accounts.account_for_phone("13800001234") == account
        assert account.phone_masked == "138****1234"
        assert b"13800001234" not in bytes(account.phone_sealed or b"")
        assert accounts.plain_phone(account) == "13800001234"
        assert not account.has_usable_password()


class TestLinkByNumber:
    @pytest.mark.parametrize("typed", ["02851X", "02851x", "０２８５１Ｘ", " 02851X "])
    def test_ties_the_right_person(self, town: Town, typed: str) -> None:
        resident = with_number(make_resident(town.far, name="苏映雪"))
        account = make_account()
        assert accounts.link_by_number(account, " 苏映雪 ", typed)
        link = AccountResident.objects.get(account=account)
        assert (link.resident_id, link.relation) == (resident.pk, Relation.SELF)

    @pytest.mark.parametrize(
        ("name", "six"), [("苏映雪", "028510"), ("苏映", "02851X"), ("苏映雪", "2851X"), ("苏映雪", "")]
    )
    def test_anything_else_ties_nobody(self, town: Town, name: str, six: str) -> None:
        with_number(make_resident(town.far, name="苏映雪"))
        assert not accounts.link_by_number(make_account(), name, six)
        assert not AccountResident.objects.exists()

    def test_two_alike_are_a_case_for_the_desk(self, town: Town) -> None:
        with_number(make_resident(town.far, name="苏映雪"))
        with_number(make_resident(town.community, name="苏映雪"), "32041219850302851X")
        assert not accounts.link_by_number(make_account(), "苏映雪", "02851X")

    def test_a_person_has_one_account_of_their_own(self, town: Town) -> None:
        with_number(make_resident(town.far, name="苏映雪"))
        assert accounts.link_by_number(make_account(), "苏映雪", "02851X")
        assert not accounts.link_by_number(make_account(), "苏映雪", "02851X")

    def test_guessing_ends_after_five(self, town: Town) -> None:
        account = make_account()
        for _ in range(5):
            assert not accounts.link_by_number(account, "苏映雪", "000000")
        with pytest.raises(TooMany):
            accounts.link_by_number(account, "苏映雪", "000000")


class TestLinkByWorker:
    def test_needs_the_permission_at_the_residents_place(self, town: Town) -> None:
        resident = make_resident(town.community)
        family = make_account()
        for role, place in [(Role.WORKER, town.neighbour), (Role.BUILDING_HEAD, town.community)]:
            with pytest.raises(accounts.NotAllowed):
                _link(family, resident, make_staff(role, place))
        link = _link(family, resident, make_staff(Role.WORKER, town.community))
        assert link.proof == "看过户口簿"

    def test_a_role_that_ended_permits_nothing(self, town: Town) -> None:
        worker = make_staff(Role.WORKER, town.community)
        StaffRole.objects.filter(account=worker).update(until="2026-01-01T00:00:00+08:00")
        with pytest.raises(accounts.NotAllowed):
            _link(make_account(), make_resident(town.community), worker)


def _link(family: Account, resident: Resident, by: Account) -> AccountResident:
    return accounts.link_by_worker(
        family,
        resident.pk,
        Relation.CHILD,
        community=resident.community_id,
        grid=resident.grid_id,
        by=actor(by),
        reason="看过户口簿",
    )
