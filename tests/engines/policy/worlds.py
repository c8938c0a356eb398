"""Random policies, derived facts and people: everything the grammar allows, with many nulls and odd dates."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

ON_DAYS = [date(2026, 11, 1), date(2024, 2, 29), date(2025, 2, 28), date(2025, 3, 1), date(2024, 12, 31)]
AREAS = ["320401", "320402", "320411001", "3204", "3205", "32", None]
WORDS = ["甲", "乙", "it's", 'say "x"', ""]
PEOPLE = {
    "p_int": "int",
    "p_more": "int",
    "p_flag": "bool",
    "p_flag2": "bool",
    "p_day": "date",
    "p_text": "text",
    "both": "int",
    "person_id": "text",
}
HOUSEHOLDS = {"h_int": "int", "h_flag": "bool", "h_day": "date", "h_text": "text", "both": "int"}
ARROW = {"int": pa.int64(), "bool": pa.bool_(), "date": pa.date32(), "text": pa.string()}


class World:
    """One folder of ``count`` policies with derived facts, and the people and households it is tried on."""

    def __init__(self, seed: int, count: int = 25, persons: int = 40, homes: int = 22) -> None:
        self.random = random.Random(seed)
        self.on = self.random.choice(ON_DAYS)
        self.person = dict(PEOPLE)
        self.household = dict(HOUSEHOLDS)
        self.parameters: dict[str, str] = {}
        self.facts: dict[str, dict[str, str]] = {"facts": {}, "household": {}}
        for index in range(self.random.randrange(3, 9)):
            kind = self.random.choice(["int", "int", "bool", "date"])
            scope = self.random.choice(["facts", "household"])
            text = self.expression(kind, 3, "person" if scope == "facts" else "household")
            self.facts[scope][f"d{index}"] = text
            (self.person if scope == "facts" else self.household)[f"d{index}"] = kind
        self.homes = [self.row(HOUSEHOLDS, household_id=f"H{index:03d}") for index in range(homes)]
        self.people = []
        for index in range(persons):
            home = self.random.choice([*[h["household_id"] for h in self.homes[: homes - 3]], None])
            self.people.append(self.row(PEOPLE, household_id=home) | {"person_id": f"P{index:03d}"})
        self.policies: list[dict] = []
        for index in range(count):
            self.policies.append(self.policy(f"z{index:02d}"))

    def row(self, columns, **ids):
        row = {name: None if self.random.random() < 0.2 else self.recorded(kind) for name, kind in columns.items()}
        return row | {"area": self.random.choice(AREAS)} | ids

    def fill(self) -> World:
        """Leave nothing unknown: every recorded fact has a value and every person a household."""
        for rows, columns in ((self.people, PEOPLE), (self.homes, HOUSEHOLDS)):
            for row in rows:
                row |= {name: self.recorded(kind) for name, kind in columns.items() if row[name] is None}
                row["area"] = row["area"] or "320402"
                row["household_id"] = row["household_id"] or self.homes[0]["household_id"]
        return self

    def recorded(self, kind):
        match kind:
            case "int":
                return self.random.choice([0, 1, -1, 7, self.random.randrange(-1000, 1000)])
            case "bool":
                return self.random.random() < 0.5
            case "text":
                return self.random.choice(WORDS)
        odd = [date(2024, 2, 29), date(2000, 2, 29), date(2024, 1, 31), date(2025, 12, 31), date(2027, 3, 31)]
        return self.random.choice([*odd, date(1930, 1, 1) + timedelta(self.random.randrange(36500))])

    def policy(self, id_):
        unit = self.random.choice(["person", "household"])
        policy = {"policy": id_, "name": "政策", "unit": unit, "in_force": {"from": date(2020, 1, 1)}}
        if self.random.random() < 0.1:
            policy["in_force"]["to"] = self.random.choice([date(2024, 12, 31), date(2026, 10, 31)])
        if self.random.random() < 0.4:
            policy["area"] = self.random.choice(["3204", "320402", "32", "9"])
        self.parameters = {f"q{index}": self.random.choice(["int", "bool", "date"]) for index in range(2)}
        policy["parameters"] = {
            name: {date(2019, 1, 1): self.recorded(kind), date(2025, 1, 1): self.recorded(kind)}
            for name, kind in self.parameters.items()
        }
        if self.random.random() < 0.05:
            policy["parameters"]["late"] = {date(2030, 1, 1): 5}
        policy["conditions"] = {
            f"c{index}": {"label": "条件", "test": self.expression("bool", 4, unit)}
            for index in range(self.random.randrange(1, 4))
        }
        if self.random.random() < 0.7:
            policy["benefit"] = {"amount": self.expression("int", 3, unit), "per": "month"}
        others = [p["policy"] for p in self.policies if p["unit"] == unit or p["unit"] == "household"]
        if others and self.random.random() < 0.4:
            policy["unless"] = self.random.sample(others, min(len(others), self.random.randrange(1, 3)))
        self.parameters = {}
        return policy

    # Expressions of a wanted type

    def expression(self, kind, depth, scope, inside=False):
        chance = self.random.random()
        if depth == 0 or chance < 0.15:
            return self.leaf(kind, scope, inside)
        sub = lambda wanted: self.expression(wanted, depth - 1, scope, inside)  # noqa: E731
        if chance < 0.25:
            return f"if_({sub('bool')}, {sub(kind)}, {sub(kind)})"
        if chance < 0.32:
            return f"coalesce({sub(kind)}, {sub(kind)})"
        if chance < 0.5 and not inside and kind != "text":
            return self.aggregate(kind, depth, scope)
        return getattr(self, f"a_{kind}")(sub)

    def aggregate(self, kind, depth, scope):
        member = lambda wanted: self.expression(wanted, depth - 1, "person", inside=True)  # noqa: E731
        if kind == "bool":
            return f"{self.random.choice(['any', 'all'])}({member('bool')})"
        if kind == "int" and self.random.random() < 0.5:
            return self.random.choice(["count(true)", f"count({member('bool')})"])
        if kind == "int" and self.random.random() < 0.5:
            return f"sum({member('int')})"
        return f"{self.random.choice(['least', 'most'])}({member(kind)})"

    def a_int(self, sub):
        small = self.random.choice(["2", "3", "-2", "12", "7", "0", "-1"])
        match self.random.randrange(9):
            case 0 | 1:
                return f"({sub('int')} {self.random.choice('+-')} {sub('int')})"
            case 2:
                return f"{sub('int')} * ({small})" if self.random.random() < 0.5 else f"-({sub('int')})"
            case 3:
                return f"({sub('int')}) {self.random.choice(['//', '%'])} ({small})"
            case 4:
                return f"({sub('int')}) {self.random.choice(['//', '%'])} ({sub('int')})"
            case 5:
                return f"{self.random.choice(['min', 'max'])}({sub('int')}, {sub('int')}, {sub('int')})"
            case 6:
                return f"abs({sub('int')})"
        return f"{self.random.choice(['years', 'months', 'days'])}_since({sub('date')})"

    def a_bool(self, sub):
        kind = self.random.choice(["int", "int", "date", "bool", "text"])
        match self.random.randrange(7):
            case 0 | 1:
                return f"({sub('bool')} {self.random.choice(['and', 'or'])} {sub('bool')})"
            case 2:
                return f"(not ({sub('bool')}))"
            case 3:
                return f"known({sub(kind)})"
            case 4:
                listed = ", ".join(sub(kind) for _ in range(self.random.randrange(1, 4)))
                return f"({sub(kind)} in [{listed}])"
        if kind in {"bool", "text"}:
            return f"({sub(kind)} {self.random.choice(['==', '!='])} {sub(kind)})"
        signs = [self.random.choice(["<", "<=", ">", ">=", "==", "!="]) for _ in range(2)]
        chain = f" {signs[1]} {sub(kind)}" if self.random.random() < 0.3 else ""
        return f"({sub(kind)} {signs[0]} {sub(kind)}{chain})"

    def a_date(self, sub):
        return f"{self.random.choice(['min', 'max'])}({sub('date')}, {sub('date')})"

    def a_text(self, sub):
        return sub("text")

    def leaf(self, kind, scope, inside):
        names = [name for name, of in self.parameters.items() if of == kind]
        if scope == "person":
            names += [name for name, of in self.person.items() if of == kind] * 2
        else:
            names += [name for name, of in self.household.items() if of == kind and name not in self.person]
        names += [f"household.{name}" for name, of in self.household.items() if of == kind]
        if names and self.random.random() < 0.75:
            return self.random.choice(names)
        if self.random.random() < 0.05:
            return "null"
        value = self.recorded(kind)
        match kind:
            case "int":
                return f"({value})" if value < 0 else str(value)
            case "bool":
                return "true" if value else "false"
            case "text":
                return repr(value)
        return f"date('{value.isoformat()}')"

    # Files

    def write(self, folder: Path) -> tuple[Path, Path, Path]:
        """Policies folder, people and households, as Parquet in a shuffled order."""
        policies = folder / "policies"
        policies.mkdir(parents=True)
        for policy in self.policies:
            (policies / f"{policy['policy']}.yaml").write_text(yaml.safe_dump(policy, allow_unicode=True), "utf-8")
        (policies / "facts.yaml").write_text(yaml.safe_dump(self.facts, allow_unicode=True), "utf-8")
        paths = []
        for name, rows, columns in (("people", self.people, PEOPLE), ("households", self.homes, HOUSEHOLDS)):
            schema = {key: pa.string() for key in ("household_id", "area")} | {k: ARROW[v] for k, v in columns.items()}
            shuffled = self.random.sample(rows, len(rows))
            path = folder / f"{name}.parquet"
            pq.write_table(pa.Table.from_pylist(shuffled, schema=pa.schema(schema)), path)
            paths.append(path)
        return policies, paths[0], paths[1]
