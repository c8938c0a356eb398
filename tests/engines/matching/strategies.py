"""Random seekers and openings: small vocabularies, so that conditions meet, and plenty left unsaid."""

from __future__ import annotations

from hypothesis import strategies as st

from jiamenkou.engines.matching import Education, Kind, Opening, PayUnit, Seeker, Spot, Window

CERTIFICATES = ("健康证", "养老护理员证", "电工证")
DEMANDS = ("搬重物", "久站", "登高")
CODES = ("4-10-01-06", "4-10-01-05", "4-10-02-01", "4-03-02-01", "4-10-01-00", "")
TITLES = ("日间照料中心护理员", "食堂帮厨", "楼道保洁协管员", "保洁", "电工", "保 安（夜班）")
WORDS = ("护理", "帮厨", "保洁员", "工", "收银员")

spots = st.none() | st.builds(Spot, st.integers(-1500, 1500), st.integers(-1500, 1500))
minutes = st.integers(0, 48).map(lambda half_hours: half_hours * 30)
days = st.integers(1, 127)
windows = st.lists(
    st.builds(Window, days, minutes, minutes, st.sampled_from(("", "送孩子")), st.sampled_from(("", "接孩子"))),
    max_size=3,
).map(tuple)


def some(values: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values), max_size=2)


@st.composite
def seekers(draw: st.DrawFn, id: str = "s") -> Seeker:
    return Seeker(
        id=id,
        spot=draw(spots),
        windows=draw(windows),
        max_walk_min=draw(st.none() | st.integers(0, 40)),
        wish_walk_min=draw(st.none() | st.integers(0, 40)),
        min_hourly_fen=draw(st.none() | st.integers(0, 5000)),
        wish_monthly_fen=draw(st.none() | st.integers(0, 600_000)),
        certificates=draw(some(CERTIFICATES)),
        limits=draw(some(DEMANDS)),
        education=draw(st.none() | st.sampled_from(Education)),
        hard_to_employ=draw(st.booleans()),
        wanted_codes=draw(some(CODES)),
        wanted_words=draw(some(WORDS)),
        accepts=draw(st.frozensets(st.sampled_from(Kind), max_size=3)),
    )


@st.composite
def openings(draw: st.DrawFn, id: str = "o") -> Opening:
    low = draw(st.none() | st.integers(0, 600_000))
    more = draw(st.none() | st.integers(0, 200_000))
    return Opening(
        id=id,
        title=draw(st.sampled_from(TITLES)),
        kind=draw(st.sampled_from(Kind)),
        code=draw(st.sampled_from(CODES)),
        spot=draw(spots),
        days=draw(st.none() | days),
        start=draw(st.none() | minutes),
        end=draw(st.none() | minutes),
        break_min=draw(st.sampled_from((0, 60))),
        pay_min_fen=low,
        pay_max_fen=None if more is None else (low or 0) + more,
        pay_unit=draw(st.sampled_from(PayUnit)),
        certificates=draw(some(CERTIFICATES)),
        demands=draw(some(DEMANDS)),
        education=draw(st.none() | st.sampled_from(Education)),
        reserved=draw(st.booleans()),
        places_left=draw(st.none() | st.integers(0, 3)),
    )


def people(most: int = 8) -> st.SearchStrategy[list[Seeker]]:
    return st.integers(0, most).flatmap(lambda n: st.tuples(*(seekers(f"s{i}") for i in range(n)))).map(list)


def posts(most: int = 8) -> st.SearchStrategy[list[Opening]]:
    return st.integers(0, most).flatmap(lambda n: st.tuples(*(openings(f"o{i}") for i in range(n)))).map(list)
