"""Order, head-count, and the index against the plain functions."""

from __future__ import annotations

import random
from dataclasses import replace

from bench.matching import town
from hypothesis import given, settings
from hypothesis import strategies as st

from jiamenkou.engines.matching import (
    Index,
    Opening,
    Seeker,
    feasible,
    rank,
    rank_people,
    recommend,
    room,
    score,
    walk_minutes,
    within_reach,
)
from tests.engines.matching.strategies import people, posts


@settings(max_examples=60, deadline=None)
@given(people(1), posts(), st.booleans(), st.randoms())
def test_rank_returns_exactly_the_feasible_in_one_order(
    who: list[Seeker], what: list[Opening], reach: bool, rng: random.Random
) -> None:
    for seeker in who:
        ranked = rank(seeker, what, reach=reach)
        allowed = [o for o in what if not (found := feasible(seeker, o)) or (reach and within_reach(found))]
        far = float("inf")
        walks = {o.id: far if (walk := walk_minutes(seeker, o)) is None else walk for o in allowed}
        allowed.sort(key=lambda o: (-score(seeker, o), walks[o.id], o.id))
        assert [m.opening_id for m in ranked] == [o.id for o in allowed]
        shuffled = what[:]
        rng.shuffle(shuffled)
        assert rank(seeker, shuffled, reach=reach) == ranked


@settings(max_examples=60, deadline=None)
@given(people(6), posts(6), st.integers(1, 5), st.booleans())
def test_index_answers_as_the_plain_functions(who: list[Seeker], what: list[Opening], k: int, reach: bool) -> None:
    index = Index(who, what)
    for seeker in who:
        assert index.openings_for(seeker, k, reach=reach) == rank(seeker, what, reach=reach)[:k]
    for opening in what:
        assert index.people_for(opening, k, reach=reach) == rank_people(opening, who, reach=reach)[:k]
    top = index.top(k)
    for row, seeker in enumerate(who):
        expected = rank(seeker, what)[:k]
        found = [place for place in top.opening[row].tolist() if place >= 0]
        assert [what[place].id for place in found] == [m.opening_id for m in expected]
        assert top.score[row, : len(found)].tolist() == [m.score for m in expected]
        assert top.walk_min[row, : len(found)].tolist() == [-1 if m.walk_min is None else m.walk_min for m in expected]
    edges = index.pairs()
    pairs = set(zip(edges.person.tolist(), edges.post.tolist(), edges.fit.tolist(), strict=True))
    assert pairs == {(i, j, score(s, o)) for i, s in enumerate(who) for j, o in enumerate(what) if not feasible(s, o)}
    assert len(pairs) == len(edges.person)


@settings(max_examples=40, deadline=None)
@given(people(4), posts(4), people(3), posts(3))
def test_index_answers_for_strangers(
    who: list[Seeker], what: list[Opening], others: list[Seeker], new: list[Opening]
) -> None:
    """A person or a post that came after the index was built, with words it never saw."""
    index = Index(who, what)
    for seeker in others:
        stranger = replace(seeker, certificates=seeker.certificates | {"茶艺师证"}, wanted_words=frozenset({"修表匠"}))
        assert index.openings_for(stranger) == rank(stranger, what)
    for opening in new:
        stranger_post = replace(opening, id="new", title=opening.title + "修表", certificates=frozenset({"潜水证"}))
        assert index.people_for(stranger_post) == rank_people(stranger_post, who)
        assert index.people_for(opening) == rank_people(opening, who)


@settings(max_examples=40, deadline=None)
@given(people(6), posts(4), st.integers(1, 3), st.integers(1, 3), st.data())
def test_recommending_keeps_to_the_head_count(
    who: list[Seeker], what: list[Opening], factor: int, per_person: int, data: st.DataObject
) -> None:
    before = {o.id: data.draw(st.integers(0, 3)) for o in what}
    chosen = recommend(who, what, before, factor=factor, per_person=per_person)
    by_id = {s.id: s for s in who}
    for opening in what:
        sent = [m for m in chosen if m.opening_id == opening.id]
        assert len(sent) <= room(opening, before[opening.id], factor=factor)
        assert all(not feasible(by_id[m.seeker_id], opening) for m in sent)
    for seeker in who:
        assert sum(m.seeker_id == seeker.id for m in chosen) <= per_person
    assert recommend(list(reversed(who)), list(reversed(what)), before, factor=factor, per_person=per_person) == chosen


def test_sixty_people_are_not_sent_to_two_places() -> None:
    who = [Seeker(id=f"s{i:02}") for i in range(60)]
    post = Opening(id="o", title="保洁", places_left=2)
    assert len(recommend(who, [post])) == 6
    assert len(recommend(who, [post], {"o": 4})) == 2
    assert recommend(who, [replace(post, places_left=0)]) == []


def test_many_conditions_need_more_than_one_word_of_bits() -> None:
    names = [f"证{i}" for i in range(100)]
    who = [Seeker(id=f"s{i}", certificates=frozenset(names[i : i + 2])) for i in range(99)]
    what = [Opening(id=f"o{i}", title="工", certificates=frozenset(names[i : i + 2])) for i in range(99)]
    index = Index(who, what)
    for i in (0, 42, 63, 98):
        assert [m.opening_id for m in index.openings_for(who[i])] == [f"o{i}"]
        assert [m.seeker_id for m in index.people_for(what[i])] == [f"s{i}"]


def test_a_town_answers_as_the_plain_functions() -> None:
    """Blocks, boxes and the order of neighbours, at a size where they matter."""
    who, what = town(people=900, openings=120, seed=3)
    index = Index(who, what)
    top = index.top(5)
    for row in range(0, len(who), 25):
        expected = rank(who[row], what)[:5]
        assert [what[place].id for place in top.opening[row].tolist() if place >= 0] == [
            m.opening_id for m in expected
        ]
        assert index.openings_for(who[row], 5) == expected
    for opening in what[::20]:
        assert index.people_for(opening, 30) == rank_people(opening, who)[:30]
