"""Best first, both ways, the same order whatever the order of the input; and recommending within head-count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jiamenkou.engines.matching.feasibility import hindrances, walk_minutes
from jiamenkou.engines.matching.model import Match, Opening, Seeker
from jiamenkou.engines.matching.reasons import score

NO_WALK = 2**20 - 1  # minutes; orders an unknown walk behind every walk on this planet
# three people for a place: an employer can choose, and two of three are not sent in vain
PEOPLE_A_PLACE = 3


def match(seeker: Seeker, opening: Opening, *, reach: bool = False) -> Match | None:
    """The pair if it is feasible, or with ``reach`` if only curable refusals stand; else None."""
    refusals = hindrances(seeker, opening, reach=reach)
    if refusals is None:
        return None
    points = score(seeker, opening, refusals)
    return Match(seeker.id, opening.id, points, walk_minutes(seeker, opening), len(refusals))


def rank(seeker: Seeker, openings: Iterable[Opening], *, reach: bool = False) -> list[Match]:
    """The openings a person can take: score, then the shorter walk, then the id. Ids are unique."""
    found = (match(seeker, opening, reach=reach) for opening in openings)
    return sorted((m for m in found if m), key=lambda m: (-m.score, _walk_order(m), m.opening_id))


def rank_people(opening: Opening, seekers: Iterable[Seeker], *, reach: bool = False) -> list[Match]:
    """The people who can take an opening: score, then the shorter walk, then the id. Ids are unique."""
    found = (match(seeker, opening, reach=reach) for seeker in seekers)
    return sorted((m for m in found if m), key=lambda m: (-m.score, _walk_order(m), m.seeker_id))


def room(opening: Opening, recommended: int = 0, *, factor: int = PEOPLE_A_PLACE) -> int:
    """How many more people may be recommended: ``factor`` for each place left, less those recommended and waiting.

    An opening that does not state its places counts as one place.
    """
    places = 1 if opening.places_left is None else opening.places_left
    return max(factor * max(places, 0) - recommended, 0)


def recommend(
    seekers: Iterable[Seeker],
    openings: Iterable[Opening],
    recommended: Mapping[str, int] | None = None,
    *,
    factor: int = PEOPLE_A_PLACE,
    per_person: int = 3,
) -> list[Match]:
    """Feasible pairs to recommend now: no opening over its ``room``, no person over ``per_person``.

    ``recommended`` counts, by opening id, the people recommended before whose
    answer is open. People registered as hard to employ choose first, then the
    higher score; the result is in that order.
    """
    before = recommended or {}
    posts = list(openings)
    left = {opening.id: room(opening, before.get(opening.id, 0), factor=factor) for opening in posts}
    people = {seeker.id: seeker for seeker in seekers}
    found = [m for seeker in people.values() for m in rank(seeker, (post for post in posts if left[post.id]))]
    found.sort(
        key=lambda m: (
            not people[m.seeker_id].hard_to_employ,
            -m.score,
            _walk_order(m),
            m.seeker_id,
            m.opening_id,
        )
    )
    sent = dict.fromkeys(people, 0)
    chosen = []
    for m in found:
        if left[m.opening_id] and sent[m.seeker_id] < per_person:
            left[m.opening_id] -= 1
            sent[m.seeker_id] += 1
            chosen.append(m)
    return chosen


def _walk_order(m: Match) -> int:
    return NO_WALK if m.walk_min is None else m.walk_min
