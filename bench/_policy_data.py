"""Invented persons and households for the policy benches: the same seed gives the same files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq


def write(folder: Path, persons: int, nulls: float = 0.0, seed: int = 7) -> tuple[Path, Path]:
    """``people.parquet`` and ``households.parquet`` with 2.5 persons a household, in random order.

    ``nulls`` is the share of unknown wages, pensions, savings and disability grades.
    """
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    homes = persons * 2 // 5
    home = np.concatenate([np.arange(homes), random.integers(0, homes, persons - homes)])
    random.shuffle(home)
    age = np.clip(random.normal(44, 24, persons), 0, 104)
    born = np.datetime64("2026-11-01") - (age * 365.25).astype("timedelta64[D]")
    working = (age >= 18) & (age < 60) & (random.random(persons) < 0.7)
    retired = (age >= 60) & (random.random(persons) < 0.75)
    disabled = random.random(persons) < 0.06
    spends = random.random(persons) < 0.04
    area = np.array([f"3204{county:02d}{street:03d}" for county in (1, 2, 4, 11) for street in range(1, 13)])
    home_area = area[random.integers(0, len(area), homes)]

    def unknown(values: np.ndarray) -> pa.Array:
        return pa.array(values, mask=random.random(len(values)) < nulls if nulls else None)

    people = {
        "person_id": ids("P", random.permutation(persons)),
        "household_id": ids("H", home),
        "area": pa.array(home_area[home]),
        "birth_date": pa.array(born.astype("datetime64[D]")),
        "sex": pa.array(np.where(random.random(persons) < 0.5, "女", "男")),
        "wage_net": unknown(np.where(working, random.lognormal(12.7, 0.7, persons), 0).astype("int64")),
        "pension": unknown(np.where(retired, random.lognormal(12.2, 0.6, persons), 0).astype("int64")),
        "local_hukou": pa.array(random.random(persons) < 0.8),
        "disability_grade": unknown(np.where(disabled, random.integers(1, 5, persons), 0).astype("int64")),
        "guardian_lost": pa.array((age < 18) & (random.random(persons) < 0.01)),
        "jobless_months": pa.array(
            np.where(working, 0, random.integers(0, 30, persons) * (random.random(persons) < 0.05))
        ),
        "paid_months": pa.array(random.integers(0, 200, persons)),
        "medical": pa.array(np.where(spends, random.lognormal(13.8, 1.2, persons), 0).astype("int64")),
    }
    households = {
        "household_id": ids("H", np.arange(homes)),
        "area": pa.array(home_area),
        "savings": unknown(random.lognormal(15.5, 1.5, homes).astype("int64")),
        "supporter": pa.array(random.random(homes) < 0.9),
    }
    paths = folder / "people.parquet", folder / "households.parquet"
    for path, columns in zip(paths, (people, households), strict=True):
        pq.write_table(pa.table(columns), path)
    return paths


def ids(letter: str, numbers: np.ndarray) -> pa.Array:
    return pa.array(np.char.add(letter, np.char.zfill(numbers.astype(str), 8)))
