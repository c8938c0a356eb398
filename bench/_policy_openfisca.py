"""The peer: the nine rules of ``policy_rules/`` in OpenFisca-Core, whole way from Parquet to Parquet.

Runs in its own environment (``bench/policy.py`` makes it), never imported by the product:
``python _policy_openfisca.py PEOPLE HOUSEHOLDS OUT``; prints one JSON line.
"""

from __future__ import annotations

import json
import resource
import sys
import time

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

PERIOD = "2026-11"
STANDARD = 111000
Person = build_entity("person", "persons", "", is_person=True)
Household = build_entity("household", "households", "", roles=[{"key": "member", "plural": "members"}])


def variable(name, entity, formula=None, type_=int):
    fields = {"value_type": type_, "entity": entity, "definition_period": DateUnit.MONTH, "label": name}
    if formula is not None:
        fields["formula"] = formula
    return type(name, (Variable,), fields)


def age(person, period):
    return person("age_input", period)


def income(home, period):
    return home.sum(home.members("wage_net", period)) + home.sum(home.members("pension", period))


def extreme_poverty(home, period):
    size, money = home.nb_persons(), home("income", period)
    years, grade = home.members("age", period), home.members("disability_grade", period)
    unable = home.all((years >= 60) | (years < 16) | (grade == 1) | (grade == 2))
    holds = unable & (money < STANDARD * size) & ~home("supporter", period)
    return np.where(holds, STANDARD * size * 13 // 10, 0)


def minimum_living(home, period):
    size, money = home.nb_persons(), home("income", period)
    holds = (money < STANDARD * size) & (home("savings", period) <= STANDARD * 24 * size)
    holds &= home.any(home.members("local_hukou", period)) & (home("extreme_poverty", period) == 0)
    return np.where(holds, STANDARD * size - money, 0)


def temporary_aid(home, period):
    size, money = home.nb_persons(), home("income", period)
    medical = home.sum(home.members("medical", period))
    holds = (medical > money * 6) & (money < STANDARD * size * 2)
    return np.where(holds, np.maximum(0, np.minimum(STANDARD * 6, (medical - money * 6) * 7 // 10)), 0)


def single_living(person, period):
    grade, home = person("disability_grade", period), person.household
    edge = home("income", period) < STANDARD * home.nb_persons() * 3 // 2
    holds = ((grade == 1) | (grade == 2)) & edge & (home("minimum_living", period) == 0)
    return np.where(holds, STANDARD, 0)


def disability_living(person, period):
    home = person.household
    poor = home("income", period) < STANDARD * home.nb_persons()
    return np.where(
        (person("disability_grade", period) >= 1) & poor & (home("extreme_poverty", period) == 0), 32000, 0
    )


def disability_care(person, period):
    grade = person("disability_grade", period)
    free = person.household("extreme_poverty", period) == 0
    return np.where(free & (grade == 1), 18000, np.where(free & (grade == 2), 12000, 0))


def old_age(person, period):
    years = person("age", period)
    amount = np.where(years >= 100, 50000, np.where(years >= 90, 20000, 10000))
    return np.where((years >= 80) & person("local_hukou", period), amount, 0)


def child_hardship(person, period):
    holds = (person("age", period) < 18) & person("guardian_lost", period)
    return np.where(holds & (person.household("extreme_poverty", period) == 0), STANDARD * 16 // 10, 0)


def unemployment(person, period):
    jobless, paid = person("jobless_months", period), person("paid_months", period)
    within = jobless <= np.where(paid >= 120, 24, np.where(paid >= 60, 18, 12))
    return np.where((jobless >= 1) & (paid >= 12) & within, 249000 * 8 // 10, 0)


HOME_RULES = [extreme_poverty, minimum_living, temporary_aid]
PERSON_RULES = [child_hardship, disability_care, disability_living, old_age, single_living, unemployment]
PERSON_FACTS = {
    "wage_net": int,
    "pension": int,
    "local_hukou": bool,
    "disability_grade": int,
    "guardian_lost": bool,
    "jobless_months": int,
    "paid_months": int,
    "medical": int,
}


def system():
    country = TaxBenefitSystem([Person, Household])
    variables = [variable(name, Person, type_=type_) for name, type_ in {**PERSON_FACTS, "age_input": int}.items()]
    variables += [variable("savings", Household, type_=float), variable("supporter", Household, type_=bool)]
    variables += [variable("age", Person, age), variable("income", Household, income, float)]
    variables += [variable(rule.__name__, Household, rule, float) for rule in HOME_RULES]
    variables += [variable(rule.__name__, Person, rule, float) for rule in PERSON_RULES]
    for one in variables:
        country.add_variable(one)
    return country


def main(people_path, households_path, out):
    people, homes = pq.read_table(people_path), pq.read_table(households_path)
    home_ids = homes["household_id"]
    index = pc.index_in(people["household_id"], value_set=home_ids.combine_chunks()).to_numpy()
    builder = SimulationBuilder()
    country = system()
    builder.create_entities(country)
    builder.declare_person_entity("person", np.arange(people.num_rows))
    group = builder.declare_entity("household", np.arange(homes.num_rows))
    builder.join_with_persons(group, index, np.full(people.num_rows, "member"))
    simulation = builder.build(country)
    for name in PERSON_FACTS:
        simulation.set_input(name, PERIOD, people[name].to_numpy())
    for name in ("savings", "supporter"):
        simulation.set_input(name, PERIOD, homes[name].to_numpy())
    born = people["birth_date"].to_numpy()
    months = born.astype("datetime64[M]")
    month, day = months.astype(int) % 12 + 1, (born - months).astype(int) + 1
    years = 2026 - (months.astype("datetime64[Y]").astype(int) + 1970) - ((month > 11) | ((month == 11) & (day > 1)))
    simulation.set_input("age_input", PERIOD, years)
    totals, tables = {}, []
    for rules, ids in ((HOME_RULES, home_ids), (PERSON_RULES, people["person_id"])):
        for rule in rules:
            amount = simulation.calculate(rule.__name__, PERIOD)
            where = np.flatnonzero(amount > 0)
            fen = amount[where].astype("int64")
            totals[rule.__name__] = [len(where), int(fen.sum())]
            names = pa.array([rule.__name__]).take(pa.array(np.zeros(len(where), "int8")))
            tables.append(pa.table({"policy": names, "unit_id": ids.take(pa.array(where)), "amount": fen}))
    pq.write_table(pa.concat_tables(tables).sort_by([("policy", "ascending"), ("unit_id", "ascending")]), out)
    return totals


if __name__ == "__main__":
    began = time.perf_counter()
    found = main(*sys.argv[1:4])
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                "cpu_s": used.ru_utime + used.ru_stime,
                "wall_s": time.perf_counter() - began,
                "mb": used.ru_maxrss / 1024,
                "totals": found,
            }
        )
    )
