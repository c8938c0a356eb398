"""What the ends of the columns prove: whether anything can overflow, and which day complete years end on."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jiamenkou.engines.policy import ground, verdicts
from jiamenkou.engines.policy.running import Request, prepare, run
from jiamenkou.engines.policy.sql import Flavour, last_day
from jiamenkou.engines.policy.verdicts import Wanted
from tests.engines.policy.case import Case

RULE = """policy: rule
unit: person
in_force: {from: 2020-01-01}
conditions:
  own: {test: wage > 100}
  home: {test: "%s"}
"""


def years(day: date, today: date) -> int:
    return today.year - day.year - ((day.month, day.day) > (today.month, today.day))


def months(day: date, today: date) -> int:
    return (today.year - day.year) * 12 + today.month - day.month - (day.day > today.day)


@pytest.mark.parametrize("today", [date(2026, 11, 1), date(2024, 2, 29), date(2025, 2, 28), date(2026, 3, 31)])
def test_last_day_is_the_last_with_that_many_complete_units(today: date) -> None:
    counting = {"years_since": years, "months_since": months, "days_since": lambda d, t: (t - d).days}
    for unit, count in counting.items():
        for units in (-20, -1, 0, 1, 2, 11, 12, 13, 24, 60):
            last = last_day(unit, units, today)
            assert last is not None
            assert count(last, today) >= units > count(last + timedelta(1), today), (unit, units)


def test_last_day_outside_the_calendar() -> None:
    assert last_day("years_since", 3000, date(2026, 11, 1)) is None
    assert last_day("days_since", -(10**7), date(2026, 11, 1)) is None
    assert last_day("months_since", 2**62, date(2026, 11, 1)) is None


def calm(case: Case) -> bool:
    people, households = case.folder / "people.csv", case.folder / "households.csv"
    prepared = prepare(Request(case.policies, people, households, date(2026, 11, 1)))
    return verdicts.make(prepared.rules, prepared.values, Flavour.DUCKDB, Wanted()).calm


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("sum(wage) * 92233720368547758 > 0", True),  # 100 at most
        ("sum(wage) * 92233720368547759 > 0", False),
        ("0 - wage - 9223372036854775707 < 0", True),
        ("0 - wage - 9223372036854775709 < 0", False),
        ("-9223372036854775808 // (wage - 101) > 0", False),
        ("abs(-9223372036854775807 - wage // 100) > 0", False),
        ("years_since(birth_date) * 1000000 > 0", True),
        ("known(wage * 92233720368547759)", False),
        ("if_(wage > 5, wage, null) % 0 == 1", True),
    ],
)
def test_calm_is_exact_at_the_edge(tmp_path: Path, test: str, expected: bool) -> None:
    assert calm(Case(tmp_path).policy(test=test)) is expected


def test_an_overflow_among_persons_who_fail_by_their_own_facts_still_stops_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case(tmp_path).file(RULE % "household.savings * 4611686018427387904 > 0")
    assert case.call("run", "--out", str(case.out)) == 1
    assert capsys.readouterr().err.startswith("rule.yaml: conditions.home.test:1: ")
    # The careless way, skipping without the proof, misses it.
    monkeypatch.setattr(ground, "calm", lambda *_: True)
    assert case.call("run", "--out", str(case.out)) == 0


@pytest.mark.parametrize(
    ("test", "amount", "expected"),
    [
        ("wage > 5 and flag", "wage // 7 + 1", True),
        ("household.savings > 3 and sum(wage) > 2 and any(flag)", "1", True),
        ("years_since(birth_date) >= 60 or sex in ['男']", "if_(flag, wage, 2)", True),
        ("wage > null", "1", False),
        ("least(wage) > 2", "1", False),  # a household may have no members
        ("wage % (wage - 1) > 0", "1", False),
        ("flag", "wage // (wage - 1)", False),
        ("grade > 1", "1", False),  # one is not known
        ("any(grade > 1)", "1", False),
        ("coalesce(grade, 0) > 1", "1", False),
    ],
)
def test_never_unknown_is_claimed_only_where_nothing_can_be_null(
    tmp_path: Path, test: str, amount: str, expected: bool
) -> None:
    people = "person_id,household_id,area,birth_date,sex,wage,flag,grade\n"
    people += "p1,h1,320402,1940-02-29,男,100,true,2\np2,h1,320402,1990-02-28,女,1,false,\n"
    case = Case(tmp_path).people(people).policy(test=test, amount=amount)
    request = Request(case.policies, tmp_path / "people.csv", tmp_path / "households.csv", date(2026, 11, 1))

    def sure(verified: bool) -> bool:
        prepared = prepare(request)
        wanted = Wanted(verified=verified)
        return verdicts.make(prepared.rules, prepared.values, Flavour.DUCKDB, wanted).outcomes["rule"].sure

    assert sure(verified=True) is expected
    # Where a person's household may be missing from its file, nothing of it is sure.
    assert sure(verified=False) is (expected and "household" not in test)
    case.people(people.replace("p2,h1", "p2,"))
    assert sure(verified=True) is (expected and "household" not in test)


def test_statistics_that_are_missing_prove_nothing(tmp_path: Path) -> None:
    case = Case(tmp_path).policy(test="wage + 1 > 0")
    table = pa.table({"person_id": ["p1"], "household_id": ["h1"], "area": ["32"], "wage": [2**63 - 1]})
    pq.write_table(table, case.folder / "people.csv", write_statistics=False)
    assert not calm(case)
    assert case.call("run", "--out", str(case.out)) == 1
    pq.write_table(table, case.folder / "people.csv")
    assert not calm(case)


@pytest.mark.parametrize("seed", range(5))
def test_comparing_dates_equals_counting(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    today = chance.choice([date(2026, 11, 1), date(2024, 2, 29), date(2025, 2, 28), date(2025, 3, 1)])
    days = [today - timedelta(chance.randrange(-400, 12_000)) for _ in range(300)] + [None, date(2000, 2, 29)]
    lines = [f"p{i},h1,320402,{day or ''},男,1,true" for i, day in enumerate(days)]
    case = Case(tmp_path).people("person_id,household_id,area,birth_date,sex,wage,flag\n" + "\n".join(lines) + "\n")
    for index, unit in enumerate(("years_since", "months_since", "days_since")):
        for sign in ("<", "<=", ">", ">="):
            name = f"r{index}{'abcd'[('<', '<=', '>', '>=').index(sign)]}"
            limit = chance.randrange(-3, 30)
            case.policy(name, test=f"born {sign} {limit}".replace("born", f"{unit}(birth_date)"))
            case.policy(f"{name}m", test=f"{limit} {sign} {unit}(birth_date)")
    request = Request(case.policies, case.folder / "people.csv", case.folder / "households.csv", today, every=True)
    run(request, tmp_path / "dates")
    monkeypatch.setattr(ground, "calm", lambda *_: False)
    run(request, tmp_path / "counts")
    assert pq.read_table(tmp_path / "dates/results.parquet").equals(pq.read_table(tmp_path / "counts/results.parquet"))
