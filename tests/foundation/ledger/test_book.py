"""The book of account: nothing is made, nothing is lost, nothing is changed afterwards."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.ledger.models import Account, Entry, Transaction, Unit
from jiamenkou.foundation.ledger.owners import HOUSE, Owner, account_for, cycle_owner, resident_owner
from jiamenkou.foundation.ledger.posting import Line, Posting, post, reverse
from jiamenkou.foundation.ledger.queries import balance, balance_of, balances, book, books, statement
from jiamenkou.foundation.people.actions.merging import merge
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.refusals import Conflict, Refused
from tests.guards import see_everything
from tests.people import Town, make_resident, make_town
from tests.shared import ROOT

SOMEBODY = Actor(None)
INVARIANT: Path = ROOT / "chaos" / "invariants" / "ledger.sql"


def broken() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(INVARIANT.read_text(encoding="utf-8"))
        return cursor.fetchall()


def give(one: Account, other: Account, amount: int, key: str, *, subject: str = "", **floor: int) -> Transaction:
    lines = [Line(one, -amount, **floor), Line(other, amount)]
    return post(Posting(key, "gift", lines, subject), by=SOMEBODY, reason="测试")


@pytest.fixture
def pockets(town: Town) -> list[Account]:
    cycle = cycle_owner("groupbuy.cycle:1", town.community.pk)
    return [account_for(cycle, purpose) for purpose in ("orders", "receivable", "money")]


class TestPosting:
    def test_a_transaction_moves_what_one_gives_to_the_other(self, pockets: list[Account]) -> None:
        orders, receivable, _ = pockets
        give(orders, receivable, 3980, "order:1", subject="groupbuy.cycle:1")
        assert (balance(orders), balance(receivable)) == (-3980, 3980)
        assert book("groupbuy.cycle:1") == {("gift", "orders"): -3980, ("gift", "receivable"): 3980}
        assert books(["groupbuy.cycle:1"])["groupbuy.cycle:1"]["orders"] == -3980
        assert broken() == []

    def test_the_same_deed_twice_is_written_once(self, pockets: list[Account]) -> None:
        first, again = (give(pockets[0], pockets[1], 500, "order:1") for _ in range(2))
        assert first == again
        assert balance(pockets[1]) == 500

    def test_the_same_key_for_another_amount_is_refused(self, pockets: list[Account]) -> None:
        give(pockets[0], pockets[1], 500, "order:1")
        with pytest.raises(Conflict):
            give(pockets[0], pockets[1], 501, "order:1")
        with pytest.raises(Conflict):
            give(pockets[0], pockets[2], 500, "order:1")

    def test_lines_that_do_not_sum_to_zero_are_refused(self, pockets: list[Account]) -> None:
        with pytest.raises(ValueError, match="sum to zero"):
            post(
                Posting("x", "gift", [Line(pockets[0], -500), Line(pockets[1], 499)]),
                by=SOMEBODY,
                reason="测试",
            )

    def test_fen_do_not_pay_for_minutes(self, pockets: list[Account], town: Town) -> None:
        hours = account_for(resident_owner(make_resident(town.community)), "hours", Unit.MINUTES)
        with pytest.raises(ValueError, match="sum to zero"):
            give(pockets[0], hours, 60, "x")

    @pytest.mark.parametrize("amount", [True, 1.5, 10**13 + 1])
    def test_amounts_are_whole_and_sane(self, pockets: list[Account], amount: Any) -> None:
        with pytest.raises(ValueError):
            give(pockets[0], pockets[1], amount, "x")

    def test_lines_of_nothing_are_no_transaction(self, pockets: list[Account]) -> None:
        with pytest.raises(ValueError):
            give(pockets[0], pockets[1], 0, "x")
        assert not Transaction.objects.exists()

    def test_a_reversal_puts_everything_back_once(self, pockets: list[Account]) -> None:
        deed = give(pockets[0], pockets[1], 500, "order:1")
        back = reverse(deed, by=SOMEBODY, reason="退")
        assert back == reverse(deed, by=SOMEBODY, reason="退")
        assert (back.reverses, balance(pockets[1])) == (deed, 0)
        with pytest.raises(Conflict):
            reverse(back, by=SOMEBODY, reason="退")
        assert broken() == []

    def test_a_statement_runs(self, pockets: list[Account]) -> None:
        for number in range(3):
            give(pockets[0], pockets[1], 100 + number, f"order:{number}")
        owner = cycle_owner("groupbuy.cycle:1", 0)
        assert [(line.amount, line.balance) for line in statement(owner, "receivable")] == [
            (100, 100),
            (101, 201),
            (102, 303),
        ]
        assert balances(owner) == {"orders": -303, "receivable": 303}


class TestTheDatabaseRefuses:
    """Past every line of Python: the rule is the database's."""

    def write(self, account: Account, *amounts: int) -> Transaction:
        deed = Transaction.objects.create(key=f"raw:{account.pk}:{amounts}", kind="raw", reason="测试")
        Entry.objects.bulk_create(Entry(transaction=deed, account=account, amount=amount) for amount in amounts)
        return deed

    def settle(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")

    def test_entries_that_do_not_sum_to_zero(self, pockets: list[Account]) -> None:
        with pytest.raises(IntegrityError, match="does not sum to zero"), transaction.atomic():
            self.write(pockets[0], 500, -499)
            self.settle()

    def test_entries_that_do(self, pockets: list[Account]) -> None:
        self.write(pockets[0], 500, -500)
        self.settle()

    def test_the_sum_is_over_rows_the_writer_cannot_see(self, pockets: list[Account], town: Town) -> None:
        """At commit the scope may be narrower than when the lines were written: the sum is over all of them."""
        hers = account_for(resident_owner(make_resident(town.community)), "credit")
        with pytest.raises(IntegrityError, match="does not sum to zero"), transaction.atomic():
            deed = Transaction.objects.create(key="x", kind="raw", reason="测试")
            Entry.objects.bulk_create(
                [
                    Entry(transaction=deed, account=pockets[0], amount=5),
                    Entry(transaction=deed, account=pockets[0], amount=-5),
                    Entry(transaction=deed, account=hers, amount=7),
                ]
            )
            with connection.cursor() as cursor:
                cursor.execute("select set_config('app.everything', '', true)")
            assert not Account.objects.filter(pk=hers.pk).exists()
            self.settle()

    def test_changing_or_deleting(self, pockets: list[Account]) -> None:
        deed = give(pockets[0], pockets[1], 500, "order:1")
        wrong: list[Callable[[], Any]] = [
            lambda: Entry.objects.filter(transaction=deed).update(amount=1),
            lambda: Entry.objects.filter(transaction=deed).delete(),
            lambda: Transaction.objects.filter(pk=deed.pk).update(reason="x"),
            lambda: Transaction.objects.filter(key="order:1")._raw_delete("default"),  # type: ignore[attr-defined]
            lambda: Account.objects.filter(pk=pockets[2].pk)._raw_delete("default"),  # type: ignore[attr-defined]
            lambda: Account.objects.filter(pk=pockets[2].pk).update(purpose="mine"),
        ]
        for attempt in wrong:
            with pytest.raises((ProgrammingError, IntegrityError), match="pgtrigger"), transaction.atomic():
                attempt()

    def test_an_entry_of_nothing(self, pockets: list[Account]) -> None:
        with pytest.raises(IntegrityError, match="not_empty"), transaction.atomic():
            self.write(pockets[0], 0)


@pytest.mark.django_db(transaction=True)
class TestCommitted:
    @pytest.fixture
    def two(self) -> list[Account]:
        with transaction.atomic():
            see_everything()
            community = make_town().community
            giver, taker = (make_resident(community) for _ in range(2))
            found = [account_for(resident_owner(one), "hours", Unit.MINUTES) for one in (giver, taker)]
            grant = account_for(HOUSE, "hours", Unit.MINUTES)
            give(grant, found[0], 60, "grant")
        return found

    def test_nothing_is_added_to_what_was_written(self, two: list[Account]) -> None:
        with pytest.raises(IntegrityError, match="together"), transaction.atomic():
            see_everything()
            deed = Transaction.objects.get(key="grant")
            Entry.objects.create(transaction=deed, account=two[0], amount=5)

    def test_unbalanced_is_refused_at_commit(self, two: list[Account]) -> None:
        with pytest.raises(IntegrityError, match="sum to zero"), transaction.atomic():
            see_everything()
            deed = Transaction.objects.create(key="x", kind="raw", reason="测试")
            Entry.objects.create(transaction=deed, account=two[0], amount=5)
        with transaction.atomic():
            see_everything()
            assert not Transaction.objects.filter(key="x").exists()

    def test_somebody_else_sees_no_hours(self, two: list[Account]) -> None:
        url = psycopg.conninfo.make_conninfo(
            os.environ["JIAMENKOU_TEST_WEB_URL"], dbname=connection.settings_dict["NAME"]
        )
        with transaction.atomic():
            see_everything()
            resident = two[0].resident_id
        with psycopg.connect(url) as web:
            assert web.execute("select count(*) from ledger_account where resident_id is not null").fetchone() == (0,)
            assert web.execute("select count(*) from ledger_entry").fetchone() == (1,)  # the house's own
            web.execute("select set_config('app.residents', %s, true)", [f"{{{resident}}}"])
            assert web.execute("select count(*) from ledger_entry").fetchone() == (2,)

    def at_once(self, deed: Callable[[int], object], how_many: int) -> list[BaseException]:
        """Run ``deed`` in threads that start together; what they raised."""
        start, failed = threading.Barrier(how_many), []

        def run(number: int) -> None:
            try:
                start.wait()
                with transaction.atomic():
                    see_everything()
                    deed(number)
            except (Refused, Conflict) as error:
                failed.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=run, args=(number,)) for number in range(how_many)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return failed

    def left(self, account: Account) -> int:
        with transaction.atomic():
            see_everything()
            return balance(account)

    def test_two_who_look_first_give_the_same_hour_twice(self, two: list[Account]) -> None:
        """The careless way: both see sixty minutes before either gives them."""
        seen = threading.Barrier(4)

        def careless(number: int) -> None:
            enough = balance(two[0]) >= 60
            seen.wait()
            if enough:
                give(two[0], two[1], 60, f"gift:{number}")

        assert self.at_once(careless, 4) == []
        assert self.left(two[0]) == -180

    def test_with_a_floor_the_hour_is_given_once(self, two: list[Account]) -> None:
        failed = self.at_once(lambda number: give(two[0], two[1], 60, f"gift:{number}", floor=0), 4)
        assert [type(error) for error in failed] == [Refused] * 3
        assert (self.left(two[0]), self.left(two[1])) == (0, 60)

    def test_the_same_key_at_once_is_one_deed(self, two: list[Account]) -> None:
        assert self.at_once(lambda _: give(two[0], two[1], 10, "gift"), 6) == []
        assert self.left(two[1]) == 10

    def test_an_account_opened_by_many_at_once_is_one(self, two: list[Account]) -> None:
        self.at_once(lambda _: account_for(Owner(HOUSE.kind, "x"), "fees"), 6)
        with transaction.atomic():
            see_everything()
            assert Account.objects.filter(owner_key="x").count() == 1


class TestPeople:
    def test_who_was_two_rows_has_the_hours_of_both(self, town: Town) -> None:
        from jiamenkou.foundation.access.roles import Role
        from tests.people import make_staff

        kept, gone = make_resident(town.community), make_resident(town.community)
        house = account_for(HOUSE, "hours", Unit.MINUTES)
        for resident, minutes in ((kept, 60), (gone, 30)):
            give(house, account_for(resident_owner(resident), "hours", Unit.MINUTES), minutes, f"g:{resident.pk}")
        lead = Actor(make_staff(Role.COMMUNITY_LEAD, town.community))
        merge(kept, gone, by=lead, now=_now(), reason="同一人")
        owner = resident_owner(Resident.objects.get(pk=kept.pk))
        assert balance_of(owner, "hours", Unit.MINUTES) == 90
        assert account_for(owner, "hours", Unit.MINUTES).owner_key == str(kept.pk)
        assert statement(owner, "hours", Unit.MINUTES)[-1].balance == 90


def _now() -> Any:
    from django.utils import timezone

    return timezone.now()


class TestAnyBook:
    @settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        moves=st.lists(
            st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(1, 10**9), st.booleans()), max_size=8
        )
    )
    def test_balances_are_what_arithmetic_says(
        self, pockets: list[Account], moves: list[tuple[int, int, int, bool]]
    ) -> None:
        """Against a list of three numbers."""
        with transaction.atomic():
            before = [balance(pocket) for pocket in pockets]
            expected = list(before)
            serial = Transaction.objects.count()
            for number, (one, other, amount, back) in enumerate(moves):
                if one == other:
                    continue
                deed = give(pockets[one], pockets[other], amount, f"any:{serial}:{number}")
                if back:
                    reverse(deed, by=SOMEBODY, reason="退")
                else:
                    expected[one] -= amount
                    expected[other] += amount
            assert [balance(pocket) for pocket in pockets] == expected
            assert broken() == []
