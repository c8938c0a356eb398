"""``--since`` equals a full run, whatever changed: facts, people, households, the day."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from jiamenkou.engines.policy import delta
from jiamenkou.engines.policy.faults import PolicyError
from jiamenkou.engines.policy.running import Request, run
from tests.engines.policy.worlds import HOUSEHOLDS, PEOPLE, World

COLUMNS = ["policy", "unit_id", "result", "amount"]


def stir(world: World, seed: int) -> None:
    """A few facts differ, one moves, one goes, one comes, a household goes."""
    chance = random.Random(seed)
    for _ in range(3):
        person, name = chance.choice(world.people), chance.choice([*PEOPLE, "area"])
        if name != "person_id":
            person[name] = chance.choice(world.people)[name]
        chance.choice(world.homes)["h_int"] = chance.randrange(5)
    chance.choice(world.people)["household_id"] = chance.choice([*(h["household_id"] for h in world.homes), None])
    world.people.pop(chance.randrange(len(world.people)))
    world.people.append(world.row(PEOPLE, household_id=None) | {"person_id": "P999"})
    empty = {h["household_id"] for h in world.homes} - {p["household_id"] for p in world.people}
    if empty:
        world.homes = [h for h in world.homes if h["household_id"] != min(empty)]
    world.homes.append(world.row(HOUSEHOLDS, household_id="H999"))


def rows(folder: Path) -> dict[tuple[str, str], tuple]:
    table = pq.read_table(folder / "results.parquet", columns=COLUMNS).to_pylist()
    return {(row["policy"], row["unit_id"]): (row["result"], row["amount"]) for row in table}


@pytest.mark.parametrize("seed", range(300, 312))
def test_equals_a_full_run(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(seed, count=8, persons=60, homes=40)
    every, explain, days = seed % 2 == 0, seed % 3 == 0, (seed % 4) * 3
    policies, people, households = world.write(tmp_path / "before")
    run(Request(policies, people, households, world.on, every=every, explain=explain), tmp_path / "earlier")
    stir(world, seed)
    _, people, households = world.write(tmp_path / "after")
    request = Request(policies, people, households, world.on + timedelta(days), every=every, explain=explain)
    full, again = tmp_path / "full", tmp_path / "again"
    lines = run(request, full)
    monkeypatch.setattr(delta, "_MOST_OF", 1.0)

    assert delta.run(request, again, tmp_path / "earlier") == lines

    names = sorted(path.relative_to(full) for path in full.rglob("*.parquet"))
    assert (
        sorted(path.relative_to(again) for path in again.rglob("*.parquet") if path.name != "changes.parquet") == names
    )
    for name in names:
        found, wanted = (pq.read_table(folder / name) for folder in (again, full))
        if name.name == "fingerprints.parquet":  # taken on the way of a full run, in a pass of their own by this one
            found, wanted = found.sort_by("key"), wanted.sort_by("key")
        assert found.equals(wanted), name
    before, after = rows(tmp_path / "earlier"), rows(full)
    changes = [
        (
            *key,
            before.get(key, (None, None))[0],
            after.get(key, (None, None))[0],
            before.get(key, (None, None))[1],
            after.get(key, (None, None))[1],
        )
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]
    assert [tuple(row.values()) for row in pq.read_table(again / "changes.parquet").to_pylist()] == changes
    third = delta.run(request, again, again)  # onto itself, nothing changed
    assert third == lines and pq.read_table(again / "changes.parquet").num_rows == 0


def test_other_policies_or_options_are_a_full_run(tmp_path: Path) -> None:
    world = World(400, count=4)
    policies, people, households = world.write(tmp_path / "a")
    run(Request(policies, people, households, world.on), tmp_path / "earlier")
    request = Request(policies, people, households, world.on, every=True)
    lines = delta.run(request, tmp_path / "out", tmp_path / "earlier")
    assert lines == run(request, tmp_path / "full")
    assert rows(tmp_path / "out") == rows(tmp_path / "full")
    changes = pq.read_table(tmp_path / "out/changes.parquet").to_pylist()
    assert {row["was"] for row in changes} <= {None} and {row["now"] for row in changes} <= {"ineligible"}


def twice(people: list[dict]) -> None:
    """Two more of the same: under exclusive or they are as if they were not there."""
    people += [people[0], people[0]]


def of_another_household(people: list[dict]) -> None:
    people[0]["person_id"] = next(one for one in people if one["household_id"] != people[0]["household_id"])[
        "person_id"
    ]


def of_the_same_household(people: list[dict]) -> None:
    people.append(people[0] | {"p_int": 77})


def nobody(people: list[dict]) -> None:
    people[0]["person_id"] = None


def alone(people: list[dict]) -> None:
    people += [people[0] | {"household_id": None, "person_id": "P999"}] * 2


def stranger(people: list[dict]) -> None:
    people[0]["household_id"] = "H998"


@pytest.mark.parametrize("csv", [False, True])
@pytest.mark.parametrize("spoil", [twice, of_another_household, of_the_same_household, nobody, alone, stranger])
def test_faulty_ids_stop_the_short_run_too(
    spoil: Callable[[list[dict]], None], csv: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(301, count=3, persons=60, homes=40)

    def request(folder: Path) -> Request:
        policies, *files = world.write(folder)
        if csv:
            for path in files:
                pyarrow.csv.write_csv(pq.read_table(path), path)
        return Request(policies, *files, world.on)

    run(request(tmp_path / "before"), tmp_path / "earlier")
    spoil(world.people)
    after = request(tmp_path / "after")
    with pytest.raises(PolicyError) as full:
        run(after, tmp_path / "full")
    monkeypatch.setattr(delta.running, "evaluate", lambda *_: pytest.fail("a full run"))
    with pytest.raises(PolicyError) as short:
        delta.run(after, tmp_path / "again", tmp_path / "earlier")
    assert str(short.value) == str(full.value) and "_id" in str(full.value)
    assert not (tmp_path / "again").exists()
