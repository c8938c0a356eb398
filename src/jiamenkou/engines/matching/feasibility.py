"""Hard conditions: a pair either breaks none of them, or each one broken is named in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from jiamenkou.engines.matching import hours, walking
from jiamenkou.engines.matching.model import Kind, Opening, Refusal, RefusalCode, Seeker
from jiamenkou.engines.matching.pay import best_hourly_fen, yuan

# A health certificate is one examination and a few days; the community books it. Any other
# certificate is a course, so its absence is not something to promise away.
OBTAINABLE_CERTIFICATES = frozenset({"健康证"})


def feasible(seeker: Seeker, opening: Opening) -> list[Refusal]:
    """Every hard condition that the pair breaks, worst to mend first; empty when none.

    What is not known (hours, place, pay, schooling) never refuses; ``reasons``
    says that it is not known.
    """
    found = [refusal for rule in _RULES for refusal in rule(seeker, opening)]
    return sorted(found, key=lambda refusal: refusal.curable)


def hindrances(seeker: Seeker, opening: Opening, *, reach: bool) -> list[Refusal] | None:
    """What ``feasible`` says of a pair that is feasible, or with ``reach`` within reach; None for any other pair.

    Most pairs of a city are not: the first condition that is broken ends the question, the cheap ones are asked first.
    """
    found: list[Refusal] = []
    for rule in _CHEAP_FIRST:
        for refusal in rule(seeker, opening):
            if not (reach and refusal.curable):
                return None
            found.append(refusal)
    return found if hours.fits(hours.shift(opening), seeker.windows) else None


def within_reach(refusals: Sequence[Refusal]) -> bool:
    """Whether nothing, or only what the community can mend within days, stands in the way."""
    return all(refusal.curable for refusal in refusals)


def walk_minutes(seeker: Seeker, opening: Opening) -> int | None:
    """Minutes on foot; 0 for work at home, None where a place is not known."""
    if opening.kind is Kind.HOME:
        return 0
    if seeker.spot is None or opening.spot is None:
        return None
    return walking.minutes(seeker.spot, opening.spot)


def _places(_: Seeker, opening: Opening) -> list[Refusal]:
    if opening.places_left is None or opening.places_left > 0:
        return []
    return [Refusal(RefusalCode.FULL, "已经招满了")]


def _kind(seeker: Seeker, opening: Opening) -> list[Refusal]:
    if not seeker.accepts or opening.kind in seeker.accepts:
        return []
    wanted = "、".join(kind.label for kind in Kind if kind in seeker.accepts)
    return [Refusal(RefusalCode.KIND, f"这是{opening.kind.label}，您只要{wanted}")]


def _hours(seeker: Seeker, opening: Opening) -> list[Refusal]:
    shift, free = hours.shift(opening), hours.week(seeker.windows)
    return [] if hours.fits(shift, seeker.windows) else [Refusal(RefusalCode.HOURS, hours.shortfall(shift, free))]


def _walk(seeker: Seeker, opening: Opening) -> list[Refusal]:
    walk = walk_minutes(seeker, opening)
    if walk is None or seeker.max_walk_min is None or walk <= seeker.max_walk_min:
        return []
    return [Refusal(RefusalCode.WALK, f"走路 {walk} 分钟，超过您的 {seeker.max_walk_min} 分钟")]


def _pay(seeker: Seeker, opening: Opening) -> list[Refusal]:
    hourly = best_hourly_fen(opening)
    if hourly is None or seeker.min_hourly_fen is None or hourly >= seeker.min_hourly_fen:
        return []
    return [Refusal(RefusalCode.PAY, f"每小时最多 {yuan(hourly)} 元，您至少要 {yuan(seeker.min_hourly_fen)} 元")]


def _demands(seeker: Seeker, opening: Opening) -> list[Refusal]:
    return [
        Refusal(RefusalCode.DEMAND, f"要{demand}，您说过不方便") for demand in sorted(seeker.limits & opening.demands)
    ]


def _education(seeker: Seeker, opening: Opening) -> list[Refusal]:
    if opening.education is None or seeker.education is None or seeker.education >= opening.education:
        return []
    return [Refusal(RefusalCode.EDUCATION, f"要{opening.education.label}，您是{seeker.education.label}")]


def _certificates(seeker: Seeker, opening: Opening) -> list[Refusal]:
    return [
        Refusal(RefusalCode.CERTIFICATE, f"要{name}，社区帮您约", curable=True)
        if name in OBTAINABLE_CERTIFICATES
        else Refusal(RefusalCode.CERTIFICATE, f"要{name}，您还没有")
        for name in sorted(opening.certificates - seeker.certificates)
    ]


def _reserved(seeker: Seeker, opening: Opening) -> list[Refusal]:
    if not opening.reserved or seeker.hard_to_employ:
        return []
    return [Refusal(RefusalCode.RESERVED, "先登记就业困难才能报", curable=True)]


# in the order in which a person is told
_RULES = (_places, _kind, _hours, _walk, _pay, _demands, _education, _certificates, _reserved)
# but the hours, which nobody can mend: their words take longest. The curable ones stand in the same order
_CHEAP_FIRST = (_places, _kind, _education, _demands, _walk, _pay, _certificates, _reserved)
