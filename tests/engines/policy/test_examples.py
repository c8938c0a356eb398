"""The example policies come to what their worked cases say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from jiamenkou.engines.policy import library
from jiamenkou.engines.policy.meaning import Scope
from jiamenkou.engines.policy.running import Request, run

EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "policies"
PERSON = {
    "birth_date": date(1985, 6, 15),
    "sex": "男",
    "wage_net": 0,
    "work_cost": 0,
    "business_net": 0,
    "property_net": 0,
    "pension": 0,
    "transfer_net": 0,
    "local_hukou": True,
    "disability_grade": 0,
    "disability_kind": "无",
    "serious_illness": False,
    "injury_care": False,
    "father_absent": False,
    "mother_absent": False,
    "jobless_registered": False,
    "left_voluntarily": False,
    "paid_months": 0,
    "benefit_months_used": 0,
    "jobless_since": None,
    "certificate_earned": False,
    "subsidies_this_year": 0,
    "training_fee": 0,
}
HOUSEHOLD = {
    "savings": 0,
    "houses": 1,
    "cars": 0,
    "able_supporter": True,
    "medical_year": 0,
    "education_year": 0,
    "rehab_year": 0,
    "last_aid": None,
    "aided_before": False,
    "on_living_allowance": False,
}
TYPES = {int: pa.int64(), bool: pa.bool_(), str: pa.string(), date: pa.date32(), type(None): pa.date32()}
CASES = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted((EXAMPLES / "cases").glob("*.yaml"))}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], dict]:
    """Every case is a household of its own; one run evaluates all of them."""
    folder = tmp_path_factory.mktemp("examples")
    people, homes = [], []
    for policy, cases in CASES.items():
        for number, case in enumerate(cases):
            home = f"{policy}-{number}"
            homes.append({"household_id": home, "area": "320402", **HOUSEHOLD, **case.get("household", {})})
            for index, member in enumerate(case["members"]):
                ids = {"person_id": f"{home}-{index}", "household_id": home, "area": "320402"}
                people.append({**ids, **PERSON, **member})
    for name, rows, facts in (("people", people, PERSON), ("households", homes, HOUSEHOLD)):
        columns = {key: pa.string() for key in rows[0] if key not in facts}
        schema = pa.schema(columns | {key: TYPES[type(value)] for key, value in facts.items()})
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), folder / f"{name}.parquet")
    run(
        Request(EXAMPLES, folder / "people.parquet", folder / "households.parquet", date(2026, 11, 1), every=True),
        folder / "out",
    )
    return {(row["policy"], row["unit_id"]): row for row in pq.read_table(folder / "out/results.parquet").to_pylist()}


@pytest.mark.parametrize(
    ("policy", "number"), [(policy, n) for policy, cases in CASES.items() for n in range(len(cases))]
)
def test_worked_case(policy: str, number: int, outcome: dict[tuple[str, str], dict]) -> None:
    case = CASES[policy][number]
    unit = library.load(EXAMPLES).policies[policy].unit
    found = outcome[policy, f"{policy}-{number}" + ("-0" if unit is Scope.PERSON else "")]
    wanted = {"result": case["result"], "amount": case.get("amount"), "missing": case.get("missing", [])}
    assert {key: found[key] for key in wanted} == wanted, case["about"]


def test_every_example_has_cases_of_each_kind() -> None:
    assert set(library.load(EXAMPLES).policies) == set(CASES)
    for policy, cases in CASES.items():
        assert {case["result"] for case in cases} == {"eligible", "ineligible", "unknown"}, policy
