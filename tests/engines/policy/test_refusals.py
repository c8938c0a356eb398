"""What does not get through: hostile expressions and YAML, wrong types, unknown names, cycles, collisions."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from jiamenkou.engines.policy import commands
from jiamenkou.engines.policy.syntax import Refused, parse
from tests.engines.policy.case import Case


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def check(case: Case, capsys: pytest.CaptureFixture[str], *, data: bool = False) -> str:
    """What ``policy check`` prints; it has to exit 1 within a second."""
    files = ["--people", str(case.folder / "people.csv"), "--households", str(case.folder / "households.csv")]
    began = time.process_time()
    assert commands.main(["check", str(case.policies), *(files if data else [])]) == 1
    assert time.process_time() - began < 1
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("expression", "column"),
    [
        ("__import__('os').system('x')", 1),
        ("open('/etc/passwd')", 1),
        ("wage.__class__", 1),
        ("household.a.b", 1),
        ("(lambda: 1)()", 8),
        ("[x for x in [1]]", 1),
        ("wage if flag else 1", 1),
        ("f'{wage}'", 1),
        ("wage[0]", 1),
        ("wage := 1", 6),
        ("wage is null", 9),
        ("wage not in [1]", 13),
        ("1.5 > wage", 1),
        ("1e3 > wage", 1),
        ("0x10 > 1", 1),
        ("1_000 > 1", 1),
        ("007 > 1", 1),
        ("wage / 2 > 1", 6),
        ("wage ** 2 > 1", 6),
        ("wage & 1", 6),
        ("True", 1),
        ("None", 1),
        ("b'x' == 'x'", 1),
        ("'a' 'b' == 'ab'", 5),
        ("any(flag, flag)", 1),
        ("sum()", 1),
        ("min(1) > 0", 1),
        ("any(*[flag])", 5),
        ("any(x=flag)", 6),
        ("9223372036854775808 > 1", 1),
        ("wage in []", 9),
        ("wage in (1, 2)", 9),
        ("wage in 5", 9),
        ("date('2024-02-30') > date('2024-01-01')", 6),
        ("date(wage) > date('2024-01-01')", 6),
        ("wage >", 6),
        ("", 1),
        ("wage # > 1", 6),
        ("wage; 1", 5),
        ("(wage", 5),
        ("甲乙 > 1 and wage / 2 > 1", 17),
        ("-" * 5000 + "1 > 0", 61),
        ("(" * 3000, 61),
        ("not " * 500 + "flag", 241),
        ("wage" + "+wage" * 3000, 1),
        ("''.join(['a'])", 1),
        ("...", 1),
        ("1j > 0", 1),
        ("wage <> 1", 6),
        ("~wage > 1", 1),
        ("await wage", 1),
        ("{1: 2}", 1),
        ("print", None),
        ("$wage", 1),
        ("wage ? 1", 6),
        ("1 if", 4),
        ("date('a', 'b')", 1),
    ],
)
def test_grammar(expression: str, column: int | None) -> None:
    began = time.process_time()
    if column is None:
        parse(expression)
        return
    with pytest.raises(Refused) as refused:
        parse(expression)
    assert time.process_time() - began < 1
    assert refused.value.column == column


def test_nothing_grows_without_bound(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    nested = "wage"
    for _ in range(40):
        nested = f"({nested} // wage)"
    with pytest.raises(Refused):
        parse(f"{nested} > 0")
    doubling = "\n".join(f"  d{index}: d{index - 1} + d{index - 1}" for index in range(1, 300))
    case.file(f"facts:\n  d0: wage\n{doubling}\n", "facts.yaml").policy(test="d40 > 0")
    began = time.process_time()
    assert case.run()[0][2] == "eligible"
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("test", "column", "data"),
    [
        ("wage + 'a' > 1", 8, False),
        ("1", 1, False),
        ("any(1)", 5, False),
        ("sum(true) > 0", 5, False),
        ("any(any(flag))", 5, False),
        ("sum(wage + count(flag)) > 0", 12, False),
        ("'a' < 'b'", 1, False),
        ("true < false", 1, False),
        ("if_(true, 1, 'a') == 1", 14, False),
        ("coalesce(1, true) == 1", 13, False),
        ("date('2024-01-01') + 1 > 0", 1, False),
        ("years_since('2024-01-01') > 0", 13, False),
        ("1 in ['a']", 7, False),
        ("min('a', 'b') == 'a'", 1, False),
        ("known(1) and 5", 14, False),
        ("limit > 'x'", 9, False),
        ("area > 5", 8, False),
        ("nothing > 1", 1, True),
        ("household.nothing > 1", 1, True),
        ("flag > 1", 8, True),
        ("birth_date > 5", 14, True),
        ("wage == 'x'", 9, True),
        ("savings > 1", 1, True),
        ("household > 1", 1, True),
        ("sex < 'x'", 1, True),
    ],
)
def test_types_and_names(case: Case, test: str, column: int, data: bool, capsys: pytest.CaptureFixture[str]) -> None:
    case.policy(test=test, more="parameters: {limit: {2020-01-01: 1}}")
    out = check(case, capsys, data=data)
    assert out.startswith(f"rule.yaml: conditions.c.test:{column}: ") and out.count("\n") == 1


@pytest.mark.parametrize(
    ("test", "column"), [("area == '3204'", 1), ("wage > 1", 1), ("any(savings > 1)", 5), ("household.wage > 1", 1)]
)
def test_household_scope(case: Case, test: str, column: int, capsys: pytest.CaptureFixture[str]) -> None:
    case.policy(unit="household", test=test)
    assert f"conditions.c.test:{column}: " in check(case, capsys, data=True)


def test_amount_has_to_be_an_integer(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    case.policy(amount="flag", test="flag")
    assert "rule.yaml: benefit.amount:1: " in check(case, capsys, data=True)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("policy: a\npolicy: b\n", "2"),
        ("conditions: {c: {test: x, test: y}}\n", "1"),
        ("policy: !!python/object:os.system x\n", "1"),
        ("policy: !x a\n", "1"),
        ("a: &a [x]\nb: *a\n", "1"),
        ("policy: [a\n", "2"),
        ("- a\n- b\n", "1"),
        ("", "1"),
        ("a: b\n---\nc: d\n", "2"),
        ("policy: a\n\tunit: b\n", "2"),
        ("[" * 100_000, "1"),
        ("{a: " * 50_000, "1"),
        ("a: 'x\n", "2"),
        ("a: \x00\n", "1"),
        ("a: &x " + "y\n", "1"),
        ("? [a]\n: b\n", "1"),
        ("x: " + "y" * 300_000, "1"),
        ("%TAG ! x\n", "2"),
    ],
)
def test_yaml_faults_name_the_line(case: Case, text: str, place: str, capsys: pytest.CaptureFixture[str]) -> None:
    case.file(text, "bad.yaml")
    assert check(case, capsys).startswith(f"bad.yaml: {place}: ")


def test_yaml_bomb(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}]" for i in range(1, 40)]
    case.file("\n".join(lines) + "\n", "bomb.yaml")
    assert check(case, capsys).startswith("bomb.yaml: 1: ")


def test_not_utf8(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    (case.policies / "gbk.yaml").write_bytes("policy: a\nname: 低保\n".encode("gbk"))
    assert check(case, capsys).startswith("gbk.yaml: 2: ")


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("colour: red", "colour"),
        ("unit: street", "unit"),
        ("area: 江苏", "area"),
        ("in_force: {from: 2024-02-30}", "in_force.from"),
        ("in_force: {to: 2024-01-01}", "in_force.from"),
        ("in_force: {from: 2024-01-02, to: 2024-01-01}", "in_force.to"),
        ("parameters: {x: {2024-13-01: 1}}", "parameters.x.2024-13-01"),
        ("parameters: {x: {2024-01-01: 1.5}}", "parameters.x.2024-01-01"),
        ("parameters: {x: {2024-01-01: 9223372036854775808}}", "parameters.x.2024-01-01"),
        ("parameters: {x: {}}", "parameters.x"),
        ("parameters: {x: {2024-01-01: 1, 2025-01-01: a}}", "parameters.x"),
        ("parameters: {x: 5}", "parameters.x"),
        ("parameters: {sum: {2024-01-01: 1}}", "parameters.sum"),
        ("parameters: {a b: {2024-01-01: 1}}", "parameters.a b"),
        ("parameters: {area: {2024-01-01: 1}}", "parameters.area"),
        ("conditions: {}", "conditions"),
        ("conditions: [x]", "conditions"),
        ("conditions: {c: {label: x}}", "conditions.c.test"),
        ("conditions: {c: {test: true, more: 1}}", "conditions.c.more"),
        ("conditions: {unit_id: {test: true}}", "conditions.unit_id"),
        ("benefit: {per: month}", "benefit.amount"),
        ("benefit: {amount: 1, of: x}", "benefit.of"),
        ("unless: [rule]", "unless"),
        ("unless: [nobody]", "unless"),
        ("unless: nobody", "unless"),
        ("policy: ../x", "policy"),
        ("policy: other", "policy"),
        ("source: x", "source"),
        ("source: [{title: a, link: b}]", "source.1.link"),
        ("documents: x", "documents"),
        ("name: [x]", "name"),
    ],
)
def test_form(case: Case, line: str, place: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = {
        "policy": "policy: rule",
        "unit": "unit: person",
        "in_force": "in_force: {from: 2020-01-01}",
        "conditions": "conditions: {c: {test: true}}",
    }
    lines[line.split(":")[0]] = line
    case.policy("other").file("\n".join(lines.values()) + "\n", "rule.yaml")
    assert f"rule.yaml: {place}: " in check(case, capsys)


@pytest.mark.parametrize("missing", ["policy", "unit", "in_force", "conditions"])
def test_required_keys(case: Case, missing: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = ["policy: rule", "unit: person", "in_force: {from: 2020-01-01}", "conditions: {c: {test: 'true'}}"]
    case.file("\n".join(line for line in lines if not line.startswith(missing)) + "\n")
    assert f"rule.yaml: {missing}: " in check(case, capsys)


def test_unless_cycle_and_unit(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    case.policy("a", more="unless: [b]").policy("b", more="unless: [c]").policy("c", more="unless: [a]")
    case.policy("home", unit="household", more="unless: [a]")
    out = check(case, capsys)
    assert "a.yaml: unless: 循环" in out and "home.yaml: unless: " in out


@pytest.mark.parametrize(
    ("facts", "place"),
    [
        ("facts: {a: b + 1, b: c + 1, c: a + 1}", "facts.a"),
        ("household: {x: sum(y)}\nfacts: {y: household.x}", "household.x"),
        ("facts: {wage: 1}", "facts.wage"),
        ("facts: {person_id: '1'}", "facts.person_id"),
        ("facts: {sum: 1}", "facts.sum"),
        ("household: {area: 1}", "household.area"),
        ("facts: {x: limit}", "facts.x:1"),
        ("facts: {limit: 1}", "parameters.limit"),
        ("facts: {x: wage + }", "facts.x:6"),
        ("fact: {x: 1}", "fact"),
        ("facts: {x: y}\nhousehold: {y: 1}", "facts.x:1"),
        ("household: {z: wage}", "household.z:1"),
        ("facts: {true: 1}", "facts.true"),
    ],
)
def test_derived_facts(case: Case, facts: str, place: str, capsys: pytest.CaptureFixture[str]) -> None:
    case.file(facts + "\n", "facts.yaml").policy(more="parameters: {limit: {2020-01-01: 1}}")
    assert f".yaml: {place}: " in check(case, capsys, data=True)


def test_every_fault_is_reported_at_once(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    case.policy("a", test="wage / 2 > 1").policy("b", test="open('x')", amount="1.5").file("x: [", "c.yaml")
    lines = check(case, capsys).splitlines()
    assert [line.split(": ")[0] for line in lines] == ["a.yaml", "b.yaml", "b.yaml", "c.yaml"]


def test_wrong_use(case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case.policy()
    for arguments in (
        ["check", str(tmp_path / "none")],
        ["run", *case.arguments("2026-13-01"), "--out", str(case.out)],
        ["run"],
        ["walk"],
        ["compare", str(tmp_path), str(tmp_path)],
        ["run", *case.arguments(), "--out", str(case.out), "--since", str(tmp_path)],
        ["visits", *case.arguments(), "--out", str(tmp_path / "none/x")],
        ["visits", *case.arguments(), "--out", "x", "--limit", "-1"],
        [
            "run",
            "--policies",
            str(case.policies),
            "--people",
            "/none",
            "--households",
            "/none",
            "--on",
            "2026-11-01",
            "--out",
            "x",
        ],
    ):
        try:
            code = commands.main(arguments)
        except SystemExit as end:
            code = end.code
        error = capsys.readouterr().err
        assert code == 2 and error.count("\n") == 1 and "Traceback" not in error, arguments


def test_a_folder_that_cannot_be_written(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    (case.folder / "taken").write_text("x", encoding="utf-8")
    case.policy()
    assert case.call("run", "--out", str(case.folder / "taken")) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_column_names_cannot_reach_sql(case: Case) -> None:
    name = 'wage"; DROP TABLE people_file; --'
    case.people(
        f"person_id,household_id,area,\"{name.replace(chr(34), chr(34) * 2)}\",wage\n'x' OR 1=1,h1,320402,5,1\n"
    )
    case.policy(test="wage == 1 and person_id == \"'x' OR 1=1\"")
    assert case.run() == [("rule", "'x' OR 1=1", "eligible", None, [])]
    assert case.call("explain", "--unit", "'x' OR 1=1", "--policy", "rule") == 0
