"""The contract's "Policies", sentence by sentence, through the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.engines.policy.case import Case


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("-7 // 2", -4),
        ("7 // -2", -4),
        ("-7 % 2", 1),
        ("7 % -2", -1),
        ("-8 // 2", -4),
        ("-8 % 2", 0),
        ("(0 - wage) // 7", -15),
        ("wage // (0 - 7)", -15),
        ("(0 - wage) % 7", 5),
        ("wage % (0 - 7)", -5),
        ("2 + 3 * 4 - 1", 13),
        ("-2 * -3", 6),
        ("abs(-5)", 5),
        ("min(3, 1, 2)", 1),
        ("max(3, 1, 2)", 3),
        ("9223372036854775807 - 9223372036854775807", 0),
        ("-9223372036854775808 + 9223372036854775807", -1),
        ("-9223372036854775808 % -1", 0),
        ("2147483647 + 1 - 2147483647", 1),
        ("coalesce(null, 4)", 4),
        ("if_(wage > 99, 1, 2)", 1),
        ("coalesce(wage // 0, 3)", 3),
        ("coalesce(wage % 0, 3)", 3),
        ("years_since(date('2000-02-29'))", 26),
        ("days_since(date('2026-10-31'))", 1),
        ("days_since(date('2026-11-03'))", -2),
        ("months_since(date('2026-11-02'))", -1),
        ("months_since(date('2026-12-01'))", -1),
        ("years_since(date('2026-11-02'))", -1),
    ],
)
def test_arithmetic(case: Case, expression: str, value: int) -> None:
    assert case.value(expression) == value + 1_000_000


@pytest.mark.parametrize(
    ("on", "since", "months", "years"),
    [
        ("2024-02-29", "2024-01-31", 0, 0),
        ("2024-03-01", "2024-01-31", 1, 0),
        ("2025-02-28", "2024-02-29", 11, 0),
        ("2025-03-01", "2024-02-29", 12, 1),
        ("2028-02-29", "2024-02-29", 48, 4),
        ("2024-03-30", "2024-01-31", 1, 0),
        ("2024-03-31", "2024-01-31", 2, 0),
        ("2024-02-29", "2024-03-31", -2, -1),
        ("2024-03-01", "2024-03-15", -1, -1),
        ("2023-03-01", "2024-02-29", -12, -1),
        ("2023-02-28", "2024-02-29", -13, -2),
    ],
)
def test_complete_units(case: Case, on: str, since: str, months: int, years: int) -> None:
    case.policy(amount=f"10000 + months_since(date('{since}')) * 100 + years_since(date('{since}'))")
    assert case.run(on=on)[0][3] == 10000 + months * 100 + years


NULLS = """person_id,household_id,area,birth_date,sex,wage,flag
p1,h1,320402,1940-02-29,男,,true
p2,h1,320402,1950-01-01,女,5,
p3,h2,320402,,女,7,false
p4,,320402,,女,7,false
"""
HOMES = "household_id,area,savings\nh1,320402,5\nh2,,\nh3,3205,1\n"


@pytest.mark.parametrize(
    ("test", "results"),
    [
        ("any(flag)", "EII"),
        ("all(flag)", "UIE"),
        ("count(flag) >= 0", "UEE"),
        ("sum(wage) >= 0", "UEE"),
        ("known(least(wage))", "IEI"),
        ("known(most(wage))", "IEI"),
        ("count(true) == 0", "IIE"),
        ("any(true)", "EEI"),
        ("all(false)", "IIE"),
        ("sum(1) == 0", "IIE"),
        ("known(sum(wage))", "IEE"),
        ("household.savings > 0 or any(flag)", "EUE"),
        ("savings > 0", "EUE"),
        ("not (savings in [1, 2])", "EUI"),
        ("savings in [5, null]", "EUU"),
        ("if_(savings > 0, true, true)", "EUE"),
        ("savings // 0 > 0", "UUU"),
        ("1 <= savings < 5", "IUE"),
        ("savings > 0 and false", "III"),
        ("coalesce(savings, 0) == 0", "IEI"),
    ],
)
def test_null_means_not_known(case: Case, test: str, results: str) -> None:
    case.people(NULLS).households(HOMES).policy(unit="household", test=test)
    assert "".join(row[2][0].upper() for row in case.run()) == results


def test_a_person_without_a_household(case: Case) -> None:
    case.people(NULLS).households(HOMES).policy(test="household.savings > 0 or any(flag) or sum(wage) > 0")
    rows = {row[1]: (row[2], row[4]) for row in case.run()}
    assert rows["p4"] == ("unknown", ["household.savings"])
    assert rows["p1"] == ("eligible", [])
    assert rows["p3"] == ("eligible", [])


def test_missing_names_recorded_facts_through_everything(case: Case) -> None:
    case.people(NULLS).households(HOMES)
    case.file("facts: {old: years_since(birth_date) >= 60}\nhousehold: {income: sum(wage)}\n", "facts.yaml")
    case.policy("a", unit="household", test="household.income < 10")
    case.policy("b", test="if_(old, wage > 0, known(wage) and coalesce(wage, 1) > 0)", amount="wage")
    case.policy("c", test="true", more="unless: [a, b]")
    rows = {row[:2]: (row[2], row[4]) for row in case.run()}
    assert rows["a", "h1"] == ("unknown", ["wage"])
    assert rows["b", "p1"] == ("unknown", ["wage"])
    assert rows["b", "p3"] == ("unknown", ["birth_date"])
    assert rows["c", "p1"] == ("unknown", ["wage"])
    assert rows["c", "p2"] == ("ineligible", [])
    assert rows["c", "p3"] == ("ineligible", [])  # its household is eligible for a, whatever b says
    assert rows["c", "p4"] == ("unknown", ["birth_date"])


def test_more_facts_than_a_word_has_bits(case: Case) -> None:
    names = [f"f{index:03d}" for index in range(150)]
    header = "person_id,household_id,area,birth_date,sex," + ",".join(names)
    case.people(f"{header}\np1,h1,320402,,," + "," * 149 + "\np2,h1,320402,,," + ",".join(["1"] * 150) + "\n")
    case.policy(test=" or ".join(f"{name} > 5" for name in names[:50]), amount="+".join(names[50:100]))
    case.policy("other", test=" and ".join(f"known({name}) == true and {name} < 5" for name in names[100:125]))
    case.policy("last", test="true", more="unless: [rule]")
    rows = {row[:2]: (row[2], row[4]) for row in case.run()}
    assert rows["rule", "p1"] == ("unknown", names[:100])
    assert rows["last", "p1"] == ("unknown", names[:100])
    assert rows["rule", "p2"] == ("ineligible", [])


def test_area_and_unless(case: Case) -> None:
    case.people(NULLS.replace("p2,h1,320402", "p2,h1,")).households(HOMES)
    case.policy("limited", test="true", more='area: "3204"')
    case.policy("home", unit="household", test="true", more='area: "3205"')
    case.policy("after", test="true", more="unless: [home]")
    case.policy("ended", test="true", more="area: '3'")
    rows = case.run()
    assert [row[1] for row in rows if row[0] == "limited"] == ["p1", "p3", "p4"]
    assert [row[1] for row in rows if row[0] == "home"] == ["h3"]
    assert all(row[2] == "eligible" for row in rows if row[0] == "after")


def test_not_in_force(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    case.file(
        "policy: gone\nunit: person\nin_force: {from: 2020-01-01, to: 2026-10-31}\nconditions: {c: {test: 'true'}}\n",
        "a.yaml",
    )
    case.policy("late", more="parameters: {x: {2027-01-01: 1}}")
    case.policy("kept", more="parameters: {x: {2020-01-01: 1, 2026-11-01: 2, 2027-01-01: 3}}", amount="x")
    case.policy("free", test="true", more="unless: [gone, late]")
    assert [(row[0], row[2], row[3]) for row in case.run("--set", "late.x=5", "--json")] == [
        ("free", "eligible", None),
        ("kept", "eligible", 2),
    ]
    lines = {one["policy"]: one for one in json.loads(capsys.readouterr().out)["policies"]}
    assert lines["gone"] == {"policy": "gone", "in_force": False} | dict.fromkeys(
        ("units", "eligible", "unknown", "total_amount"), 0
    )
    assert lines["kept"] == lines["gone"] | {
        "policy": "kept",
        "in_force": True,
        "units": 1,
        "eligible": 1,
        "total_amount": 2,
    }
    assert [row[0] for row in case.run(on="2026-10-31")] == ["free", "gone", "kept"]
    assert case.run("--set", "kept.x=-7")[1][3] == 0


@pytest.mark.parametrize("setting", ["kept.y=1", "nobody.x=1", "kept.x=abc", "kept.x=1.5", "kept.x", "kept.x=", "x=1"])
def test_set_of_something_unknown(case: Case, setting: str, capsys: pytest.CaptureFixture[str]) -> None:
    case.policy("kept", more="parameters: {x: {2020-01-01: 1}}")
    assert case.call("run", "--out", str(case.out), "--set", setting) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("test", "amount", "place"),
    [
        ("wage * 9223372036854775807 > 0", "", "conditions.c.test"),
        ("sum(9223372036854775807 - wage) + sum(wage * 2) > 0", "", "conditions.c.test"),
        ("abs(-9223372036854775807 - wage) > 0", "", "conditions.c.test"),
        ("true", "(0 - 9223372036854775807 - 1) // (99 - wage)", "benefit.amount"),
        ("sum(4611686018427387904) > 0", "", "conditions.c.test"),
    ],
)
def test_overflow_names_policy_and_condition(
    case: Case, test: str, amount: str, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    case.people(NULLS.replace(",,true", ",100,true").replace("5,\n", "100,true\n")).policy("fine").households(HOMES)
    case.policy("large", test=test, amount=amount)
    assert case.call("run", "--out", str(case.out)) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"large.yaml: {place}:1: ") and "large" in error and "64" in error
    assert not (case.out / "results.parquet").exists()


def test_a_sum_may_pass_64_bits_on_its_way(case: Case) -> None:
    people = [
        f"p{index},h1,320402,,,{value},\n" for index, value in enumerate([2**63 - 1, 2**63 - 1, -(2**63), -(2**63)])
    ]
    case.people("person_id,household_id,area,birth_date,sex,wage,flag\n" + "".join(people))
    case.policy(unit="household", test="sum(wage) == -2")
    assert case.run()[0][2] == "eligible"


def test_branches_that_are_not_taken_do_not_overflow(case: Case) -> None:
    case.policy(
        test="if_(wage > 0, true, wage * 9223372036854775807 > 0)", amount="coalesce(wage, 9223372036854775807 * wage)"
    )
    assert case.run()[0][2:4] == ("eligible", 100)
    case.policy(test="wage > 1000", amount="9223372036854775807 * wage")
    assert case.run()[0][2] == "ineligible"


def test_csv_is_typed_by_content(case: Case) -> None:
    case.people(
        "\ufeffperson_id,household_id,area,birth_date,sex,code,day,yes,number,empty,long\n"
        "001,07,0320,2000-02-29,女,007,2024-02-30,true,-5,,12345678901234567890\n"
        '002,07,0320,2000-02-29,女,12,x,false,,"",1\n'
    ).households("household_id,area,savings\n07,320402,0\n")
    test = "code == '007' and day == '2024-02-30' and yes and number == -5 and long != '1' and person_id == '001'"
    case.policy(test=f"({test}) and area == '0320' and years_since(birth_date) == 26")
    case.policy("never", test="empty > 5 or known(empty) or empty == 'x'")
    case.file("facts: {half: empty // 2, later: 'max(empty, birth_date)'}\n", "facts.yaml")
    case.policy("through", test="half > 1 and later > date('2020-01-01')")
    rows = {row[:2]: (row[2], row[4]) for row in case.run()}
    assert rows["rule", "001"] == ("eligible", [])
    assert rows["rule", "002"] == ("ineligible", [])
    assert rows["never", "001"] == ("unknown", ["empty"])
    assert rows["through", "002"] == ("unknown", ["empty"])


def test_parquet_of_other_widths(case: Case) -> None:
    people = pa.table(
        {
            "person_id": pa.array(["b", "a"]).dictionary_encode(),
            "household_id": pa.array([None, None], pa.string()),
            "area": pa.array(["3204", None]),
            "wage": pa.array([2**31 - 1, 5], pa.int32()),
            "note": pa.nulls(2),
            "when": pa.array([0, 0], pa.timestamp("s")),
            "day": pa.array([0, 1], pa.date32()),
        }
    )
    pq.write_table(people, case.folder / "people.csv")  # content decides, not the name
    case.policy(test="wage + wage > 0 and when == date('1970-01-01')", amount="wage * 2")
    assert [(row[1], row[3]) for row in case.run()] == [("a", 10), ("b", 2 * (2**31 - 1))]


@pytest.mark.parametrize(
    ("people", "households", "words"),
    [
        (NULLS.replace("p2,", "p1,"), HOMES, "person_id 重复：p1"),
        (NULLS, HOMES + "h1,320402,3\n", "household_id 重复：h1"),
        (NULLS.replace("h2", "h9"), HOMES, "household_id h9"),
        (NULLS.replace(",7,", ",7.5,"), HOMES, "wage 是小数"),
        (NULLS.replace("p2,", ","), HOMES, "没有 person_id"),
        (NULLS.replace("wage", "flag"), HOMES, "flag 重复"),
        (NULLS.replace("wage", "Flag"), HOMES, "大小写"),
        (NULLS.replace("area", "place"), HOMES, "缺少列 area"),
        (NULLS + "p9,h1\n", HOMES, "CSV"),
        ("", HOMES, "空"),
    ],
)
def test_files_that_stop_the_run(
    case: Case, people: str, households: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    case.people(people).households(households).policy()
    assert case.call("run", "--out", str(case.out)) == 1
    error = capsys.readouterr().err
    assert words in error and error.count("\n") == 1


@pytest.mark.parametrize("overflow", ["1", "9223372036854775807 * count(true) * 2"])
@pytest.mark.parametrize(
    ("people", "households", "words"),
    [
        (NULLS.replace("p2,", "p1,"), HOMES, "person_id 重复：p1"),
        (NULLS, HOMES + "h1,320402,3\n", "household_id 重复：h1"),
        (NULLS.replace("h2", "h9"), HOMES, "household_id h9"),
        (NULLS.replace("p2,", ","), HOMES, "没有 person_id"),
        (NULLS, HOMES + ",320402,3\n", "没有 household_id"),
    ],
)
def test_faulty_ids_stop_a_run_that_looks_at_them_last(
    case: Case, people: str, households: str, words: str, overflow: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where aggregates take the fingerprints on their way, ids are verified after; what they name comes first."""
    case.people(people).households(households).policy().policy(
        "home", unit="household", amount=f"count(true) + {overflow}"
    )
    assert case.call("run", "--out", str(case.out)) == 1
    error = capsys.readouterr().err
    assert words in error and error.count("\n") == 1


def test_a_parquet_file_that_is_broken_inside(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    rows = {"person_id": [f"p{n}" for n in range(5000)], "household_id": ["h1"] * 5000, "area": ["3204"] * 5000}
    path = case.folder / "people.csv"
    pq.write_table(pa.table(rows), path, compression="none")
    raw = bytearray(path.read_bytes())
    raw[4:200] = bytes(196)
    path.write_bytes(raw)
    case.policy(test="person_id != 'x'")
    assert case.call("run", "--out", str(case.out)) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_plain_rows_and_files(case: Case) -> None:
    case.people(NULLS).households(HOMES).policy(test="wage > 5", amount="wage - 100")
    assert case.call("run", "--out", str(case.out), "--explain") == 0
    table = pq.read_table(case.out / "results.parquet")
    assert table.schema.names == ["policy", "unit_id", "result", "amount", "missing"]
    assert table.to_pylist() == [
        {"policy": "rule", "unit_id": "p1", "result": "unknown", "amount": None, "missing": ["wage"]},
        {"policy": "rule", "unit_id": "p3", "result": "eligible", "amount": 0, "missing": []},
        {"policy": "rule", "unit_id": "p4", "result": "eligible", "amount": 0, "missing": []},
    ]
    conditions = pq.read_table(case.out / "conditions/rule.parquet").to_pylist()
    assert conditions == [{"unit_id": "p1", "c": None}, {"unit_id": "p3", "c": True}, {"unit_id": "p4", "c": True}]
    case.call("run", "--out", str(case.out))
    assert not (case.out / "conditions").exists()


def test_explain_prints_figures_and_articles(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    case.file(
        "policy: living\nname: 低保\nunit: household\nin_force: {from: 2021-07-01}\n"
        "parameters: {standard: {2024-07-01: 111000}}\n"
        "conditions: {income: {label: 收入低于标准, test: sum(wage) < standard * 2, article: 第四条}}\n"
        "benefit: {amount: standard - sum(wage), per: month}\n"
    )
    assert case.call("explain", "--unit", "h1", "--policy", "living") == 0
    out = capsys.readouterr().out
    for words in (
        "低保",
        "符合",
        "收入低于标准",
        "第四条",
        "sum(wage) = 100",
        "standard = 111000",
        "2024-07-01",
        "1,109.00",
    ):
        assert words in out
    assert case.call("explain", "--unit", "h1", "--policy", "living", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["result"] == "eligible" and found["amount"] == 110900
    assert found["conditions"][0]["parameters"] == {"standard": {"value": 111000, "since": "2024-07-01"}}
    assert case.call("explain", "--unit", "h9", "--policy", "living") == 2
    assert case.call("explain", "--unit", "h1", "--policy", "nothing") == 2


def test_compare_by_county(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    case.people(NULLS.replace(",320402,1940", ",320411001,1940").replace(",true", ",3").replace(",false", ",4"))
    case.households(HOMES).policy(
        test="coalesce(wage, 0) < limit", amount="limit", more="parameters: {limit: {2020-01-01: 6}}"
    )
    for name, limit in (("a", "6"), ("b", "8"), ("c", "1")):
        assert case.call("run", "--out", str(case.folder / name), "--set", f"rule.limit={limit}") == 0
    capsys.readouterr()
    from jiamenkou.engines.policy import commands

    assert commands.main(["compare", str(case.folder / "a"), str(case.folder / "b"), "--json"]) == 0
    keys = ("policy", "area", "gained", "lost", "kept", "money_before", "money_after")
    rows = [tuple(row[key] for key in keys) for row in json.loads(capsys.readouterr().out)["policies"]]
    assert rows == [("rule", "320402", 2, 0, 1, 6, 24), ("rule", "320411", 0, 0, 1, 6, 8)]
    assert commands.main(["compare", str(case.folder / "b"), str(case.folder / "c"), "--json"]) == 0
    rows = [tuple(row[key] for key in keys) for row in json.loads(capsys.readouterr().out)["policies"]]
    assert rows == [("rule", "320402", 0, 3, 0, 24, 0), ("rule", "320411", 0, 0, 1, 8, 1)]


def test_visits_rank_households(case: Case) -> None:
    case.people(NULLS).households(HOMES)
    case.policy("a", test="wage > 0").policy("b", test="flag").policy("c", unit="household", test="savings > 0")
    case.policy("d", test="wage // 0 > 1")
    out = case.folder / "visits.parquet"
    assert case.call("visits", "--out", str(out)) == 0
    rows = pq.read_table(out).to_pylist()
    assert rows == [
        {"household_id": "h1", "area": "320402", "score": 3, "policies": ["a", "b", "d"], "facts": ["flag", "wage"]},
        {"household_id": "h2", "area": None, "score": 1, "policies": ["c"], "facts": ["household.savings"]},
    ]
    assert case.call("visits", "--out", str(out), "--area", "3204", "--limit", "5") == 0
    assert [row["household_id"] for row in pq.read_table(out).to_pylist()] == ["h1"]


def test_the_same_run_twice_gives_the_same_bytes(case: Case) -> None:
    case.people(NULLS).households(HOMES).policy(test="wage > 5")
    found = []
    for name in ("one", "two"):
        assert case.call("run", "--out", str(case.folder / name), "--all", "--explain") == 0
        files = sorted(path for path in (case.folder / name).rglob("*.parquet") if path.name != "fingerprints.parquet")
        found.append([path.read_bytes() for path in files])
    assert found[0] == found[1]
