"""Needs: said once a person and category, moved along the table, counted against what there is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from tests.guards import see_everything
from tests.people import Town, make_resident, make_signed_up, make_staff
from tests.services.needs.make import make_category, make_fair, make_need

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.roles import Role
from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.events.kinds import ResidentErased, VisitRecorded
from jiamenkou.foundation.messages.models import Message
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.refusals import Conflict, Refused
from jiamenkou.services.needs.actions import fairs, needs, projects, tallies
from jiamenkou.services.needs.gaps import gaps, met_within
from jiamenkou.services.needs.models import Category, Fair, LocalSupply, Need, NeedLog, SignUp
from jiamenkou.services.needs.states import MOVES, Channel, FiledBy, NeedState, Party, ProjectState

NOBODY = Actor(None)


def say(resident: Resident, category: Category, words: str = "", source: str = "") -> Need:
    return needs.file_need(
        resident, category, by=NOBODY, channel=Channel.DOOR, filed_by=FiledBy.WORKER, words=words, source=source,
        reason="测试",
    )  # fmt: skip


@pytest.mark.django_db
class TestSaying:
    def test_the_same_person_asks_once_for_the_same(self, town: Town) -> None:
        resident, category = make_resident(town.community, town.grids[0]), make_category()
        first = say(resident, category, "想学剪发")
        again = say(resident, category, "周末才有空")
        assert again.pk == first.pk
        assert again.words == "想学剪发；周末才有空"
        assert Need.objects.count() == 1
        needs.move_need(first, NeedState.WITHDRAWN, party=Party.RESIDENT, by=NOBODY, reason="t")
        assert say(resident, category).pk != first.pk, "what ended may be said anew"

    def test_a_source_says_a_thing_once(self, town: Town) -> None:
        resident, category = make_resident(town.community, town.grids[0]), make_category()
        first = say(resident, category, source="visit:1")
        needs.move_need(first, NeedState.WITHDRAWN, party=Party.RESIDENT, by=NOBODY, reason="t")
        assert say(resident, category, source="visit:1").pk == first.pk
        assert Need.objects.count() == 1

    def test_a_category_that_is_off_says_so(self, town: Town) -> None:
        with pytest.raises(Refused, match="停用") as refused:
            say(make_resident(town.community, town.grids[0]), make_category(is_active=False))
        assert refused.value.field == "category"

    def test_a_visit_brings_what_was_said_at_the_door_once(self, town: Town) -> None:
        resident = make_resident(town.community, town.grids[0])
        known, other = make_category(code="haircut"), make_category(code="other")
        child = make_category(code="child_after")
        event = VisitRecorded(
            7,
            resident.pk,
            None,
            town.community.pk,
            (("haircut", "腿脚不便"), ("never", "别的"), ("children", "没人接")),
            (),
        )
        with transaction.atomic():
            publish(event)
            publish(event)
        assert {(n.category, n.words) for n in Need.objects.all()} == {
            (known, "腿脚不便"),
            (other, "别的"),
            (child, "没人接"),
        }

    def test_heads_at_a_stand_are_counted_anew_not_twice(self, town: Town) -> None:
        category = make_category()
        for heads in (30, 42):
            tallies.tally(
                category, town.community, heads, by=NOBODY, channel=Channel.FAIR, source="fair:1", reason="t"
            )
        assert [n.heads for n in Need.objects.all()] == [42]
        with pytest.raises(Refused, match="1 到 9999"):
            tallies.tally(category, town.community, 0, by=NOBODY, channel=Channel.FAIR, source="fair:2", reason="t")


@pytest.mark.django_db
@pytest.mark.parametrize("start", NeedState)
@pytest.mark.parametrize("end", NeedState)
def test_only_the_table_moves_a_need(town: Town, start: NeedState, end: NeedState) -> None:
    need = make_need(make_resident(town.community, town.grids[0]), state=start, met_at=timezone.now())
    arrow = next((m for m in MOVES if (m.start, m.end) == (start, end)), None)
    if arrow is None:
        with pytest.raises(Conflict):
            needs.move_need(need, end, party=Party.WORKER, by=NOBODY, reason="t", text="因为")
        return
    party = sorted(arrow.parties)[0]
    if arrow.reason:
        with pytest.raises(Refused, match="为什么"):
            needs.move_need(need, end, party=party, by=NOBODY, reason="t")
    needs.move_need(need, end, party=party, by=NOBODY, reason="t", text="因为")
    need.refresh_from_db()
    assert need.state == end
    assert [log.end for log in NeedLog.objects.filter(need=need)] == [end]


@pytest.mark.django_db
class TestGaps:
    def test_demand_stands_against_supply_and_the_widest_gap_comes_first(self, town: Town) -> None:
        by = Actor(make_staff(Role.WORKER, town.community))
        cut, read = make_category(), make_category()
        for _ in range(3):
            make_need(make_resident(town.community, town.grids[0]), cut)
        make_need(make_resident(town.neighbour, town.neighbour_grids[0]), cut)
        tallies.tally(read, town.community, 20, by=by, channel=Channel.FAIR, source="fair:9", reason="t")
        LocalSupply.objects.create(category=cut, community=town.community, words="周三义剪", people=2)
        LocalSupply.objects.create(category=read, community=town.neighbour, words="隔壁的", people=99)
        found = gaps(by, timezone.now())
        assert [(g.category, g.asked, g.served, g.gap) for g in found] == [(read, 20, 0, 20), (cut, 3, 2, 1)]
        assert [sum(g.weeks) for g in found] == [20, 3]
        assert [(g.category, g.asked) for g in gaps(by, timezone.now(), grid=town.grids[0].pk)] == [(cut, 3)]

    def test_more_supply_than_demand_is_no_negative_gap(self, town: Town) -> None:
        by = Actor(make_staff(Role.WORKER, town.community))
        cut = make_category()
        make_need(make_resident(town.community, town.grids[0]), cut)
        LocalSupply.objects.create(category=cut, community=town.community, words="周三义剪", people=20)
        assert [g.gap for g in gaps(by, timezone.now())] == [0]

    def test_a_merged_row_is_not_counted_twice(self, town: Town) -> None:
        by, cut = Actor(make_staff(Role.WORKER, town.community)), make_category()
        kept = make_resident(town.community, town.grids[0])
        make_need(kept, cut)
        make_need(make_resident(town.community, town.grids[0], merged_into=kept), cut)
        assert [g.asked for g in gaps(by, timezone.now())] == [1]

    def test_met_within_counts_only_what_had_its_days(self, town: Town) -> None:
        by, now, cut = Actor(make_staff(Role.WORKER, town.community)), timezone.now(), make_category()

        def said(days_ago: int, met_after: int | None = None) -> None:
            at = now - timedelta(days=days_ago)
            state = "open" if met_after is None else "met"
            met = None if met_after is None else at + timedelta(days=met_after)
            make_need(make_resident(town.community, town.grids[0]), cut, at=at, state=state, met_at=met)

        said(40, 10)
        said(40, 35)
        said(40)
        said(5)
        assert met_within(by, now) == (1, 3)


@pytest.mark.django_db
def test_a_project_tells_everybody_who_asked_and_asks_them(town: Town) -> None:
    by, today = Actor(make_staff(Role.WORKER, town.community)), timezone.localdate()
    cut = make_category()
    people = [make_resident(town.community, town.grids[0]) for _ in range(3)]
    asked = [make_need(one, cut) for one in people]
    fields = {"title": "剪发班", "kind": "class", "community": town.community, "opens_on": today + timedelta(days=9)}
    with pytest.raises(Refused, match="已经过了"):
        projects.start_project(
            Need.objects.all(), cut, fields | {"opens_on": today - timedelta(days=1)}, by=by, today=today, reason="t"
        )
    with transaction.atomic():
        project = projects.start_project(Need.objects.all(), cut, fields, by=by, today=today, reason="t")
        projects.move_project(project, ProjectState.OPEN, by=by, reason="t")
    for need in asked:
        need.refresh_from_db()
    assert {need.state for need in asked} == {NeedState.ANSWERED}
    assert sorted(m.notice for m in Message.objects.filter(resident=people[0])) == ["needs.opened", "needs.planned"]
    with pytest.raises(Conflict, match="没有等回音"):
        projects.start_project(Need.objects.all(), cut, fields, by=by, today=today, reason="t")
    needs.move_need(asked[0], NeedState.MET, party=Party.RESIDENT, by=NOBODY, reason="t")
    with transaction.atomic(), pytest.raises(Refused, match="为什么"):
        projects.move_project(project, ProjectState.DROPPED, by=by, reason="t")
    projects.move_project(project, ProjectState.DROPPED, by=by, reason="t", text="老师来不了")
    for need in asked:
        need.refresh_from_db()
    assert sorted(need.state for need in asked) == ["met", "open", "open"]
    assert Message.objects.filter(notice="needs.dropped").count() == 2


@pytest.mark.django_db
def test_forgetting_a_person_keeps_the_figure_without_a_word(town: Town) -> None:
    resident = make_resident(town.community, town.grids[0])
    say(resident, make_category(), "家里老人耳背")
    with transaction.atomic():
        publish(ResidentErased(resident.pk))
    need = Need.objects.get()
    assert (need.resident, need.words, need.state) == (None, "", NeedState.WITHDRAWN)
    assert set(NeedLog.objects.values_list("text", flat=True)) == {""}


@pytest.mark.django_db
def test_a_freed_place_goes_to_the_first_of_the_queue_whom_it_fits(town: Town) -> None:
    now, fair = timezone.now(), make_fair(town.community, capacity=2)
    people = [make_resident(town.community, town.grids[0]) for _ in range(4)]

    def comes(number: int, heads: int) -> SignUp:
        return fairs.sign_up(
            fair,
            people[number],
            heads,
            by=NOBODY,
            filed_by=FiledBy.SELF,
            now=now + timedelta(seconds=number),
            reason="t",
        )

    first = comes(0, 1)
    assert comes(0, 1).pk == first.pk, "a second tap is the first sign-up"
    states = [first.state, comes(1, 1).state, comes(2, 2).state, comes(3, 1).state]
    assert states == ["coming", "coming", "waiting", "waiting"]
    fairs.cancel(first, by=NOBODY, now=now, reason="t")
    fair.refresh_from_db()
    assert fairs.move_up(fair, by=NOBODY, now=now, reason="t") == 1
    fair.refresh_from_db()
    assert fair.taken == 2
    assert SignUp.objects.get(resident=people[3]).state == "coming", "two do not fit into one place"
    assert SignUp.objects.get(resident=people[2]).state == "waiting"
    with pytest.raises(Refused, match="最多报"):
        comes(2, 11)


@pytest.mark.django_db(transaction=True)
class TestRace:
    """Forty taps at once for ten places."""

    def _run(self, tap: Callable[[int], None], count: int) -> None:
        def one(number: int) -> None:
            try:
                with transaction.atomic():
                    see_everything()
                    tap(number)
            finally:
                connection.close()

        threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _people(self) -> tuple[Fair, list[Resident]]:
        from tests.people import make_town

        with transaction.atomic():
            see_everything()
            town = make_town()
            return make_fair(town.community, capacity=10), [
                make_resident(town.community, town.grids[0]) for _ in range(40)
            ]

    def test_counting_first_gives_away_more_than_there_is(self) -> None:
        """The careless way, without the counter: everybody counts, then everybody is let in."""
        fair, people = self._people()
        met = threading.Barrier(40)

        def careless(number: int) -> None:
            free = SignUp.objects.filter(fair=fair, state="coming").count() < 10
            met.wait(30)
            SignUp.objects.create(
                fair=fair, resident=people[number], community_id=people[number].community_id, state="coming" if free else "waiting",
                filed_by="self",
            )  # fmt: skip

        self._run(careless, 40)
        with transaction.atomic():
            see_everything()
            assert SignUp.objects.filter(fair=fair, state="coming").count() > 10

    def test_exactly_ten_come(self) -> None:
        fair, people = self._people()
        now = timezone.now()

        def tap(number: int) -> None:
            fairs.sign_up(fair, people[number], 1, by=NOBODY, filed_by=FiledBy.SELF, now=now, reason="t")

        self._run(tap, 40)
        with transaction.atomic():
            see_everything()
            assert SignUp.objects.filter(fair=fair, state="coming").count() == 10
            assert SignUp.objects.filter(fair=fair, state="waiting").count() == 30
            fair.refresh_from_db()
            assert fair.taken == 10


@pytest.mark.django_db
def test_a_resident_sees_own_needs_only(town: Town) -> None:
    from jiamenkou.services.needs.access import own_needs

    mine = make_resident(town.community, town.grids[0])
    need = make_need(mine)
    make_need(make_resident(town.community, town.grids[0]))
    assert list(own_needs(Actor(make_signed_up(mine)))) == [need]
