"""``make bench``: nine rules on a million persons beside OpenFisca-Core; explain, delta, growth, correctness.

Each measured run is a process of its own, from an empty interpreter to files on disk; CPU seconds are the
child's user and system time. Both sides run from compiled modules, as an installation leaves them.
Everything is written under ``bench-out/``. ``JIAMENKOU_BENCH_ONLY=speed`` leaves out what is not speed at ``PERSONS``.
"""

from __future__ import annotations

import json
import math
import os
import re
import resource
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from bench import _policy_data  # noqa: E402

OUT = ROOT / "bench-out" / "policy"
RULES = ROOT / "bench" / "policy_rules"
PEER = "OpenFisca-Core==46.0.1"
DAY = "2026-11-01"
ROUNDS = 3  # ours and the peer's in turn, so that a busy minute is busy for both
PERSONS = int(os.environ.get("JIAMENKOU_BENCH_PERSONS", "1000000"))
ONLY = os.environ.get("JIAMENKOU_BENCH_ONLY", "")


def measured(command: list[str], **compiled: str) -> dict:
    """Run a child; its CPU and wall seconds, its peak memory in MB and what it printed."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    # pip compiled the peer's modules; ours lie in a work tree that may be told to keep none.
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **compiled}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    script = "import resource,subprocess,sys;c=subprocess.run(sys.argv[1:],capture_output=True,text=True);" \
             "print(c.stdout);print(c.stderr[-500:],file=sys.stderr);" \
             "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss);sys.exit(c.returncode)"  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", script, *command], env=environment, capture_output=True, text=True, check=False
    )
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - began
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stderr}")
    said, memory = done.stdout.strip().rsplit("\n", 1)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu_s": round(cpu, 2), "wall_s": round(wall, 2), "mb": int(memory) // 1024, "said": said}


def policy(people: Path, households: Path, out: str, *more: str) -> dict:
    """One run of ours; one thread unless said otherwise, as CPU seconds are what is compared."""
    more = more if "--threads" in more else (*more, "--threads", "1")
    command = [sys.executable, "-m", "jiamenkou", "policy", "run", "--policies", str(RULES), "--on", DAY, "--json"]
    files = ["--people", str(people), "--households", str(households), "--out", str(OUT / out)]
    return measured([*command, *files, *more], PYTHONPYCACHEPREFIX=str(OUT.parent / "compiled"))


def totals(said: str) -> dict[str, tuple[int, int]]:
    return {one["policy"]: (one["eligible"], one["total_amount"]) for one in json.loads(said)["policies"]}


def peer(people: Path, households: Path) -> dict | None:
    """OpenFisca-Core in an environment of its own; None where it cannot be installed."""
    home = OUT.parent / "openfisca"
    python = home / "bin" / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
        install = [str(python), "-m", "pip", "install", "--quiet", PEER, "pyarrow"]
        if subprocess.run(install, capture_output=True, check=False).returncode:
            shutil.rmtree(home)
            return None
    script = ROOT / "bench" / "_policy_openfisca.py"
    found = measured([str(python), str(script), str(people), str(households), str(OUT / "peer.parquet")])
    found["totals"] = json.loads(found.pop("said").strip().rsplit("\n", 1)[-1])["totals"]
    return found


def changed(people: Path, share: float = 0.001) -> Path:
    """The same people with other wages for a share of them."""
    table = pq.read_table(people)
    wages = table["wage_net"].to_numpy().copy()
    picked = np.random.default_rng(1).choice(len(wages), int(len(wages) * share), replace=False)
    wages[picked] += 10_000
    path = people.with_name("changed.parquet")
    pq.write_table(table.set_column(table.schema.get_field_index("wage_net"), "wage_net", pa.array(wages)), path)
    return path


def least(*runs: dict) -> dict:
    return min(runs, key=lambda one: one["cpu_s"])


def growth() -> dict:
    """CPU seconds at n, 4n, 16n less those of a run over ten people, and the exponent between the ends."""
    ten = _policy_data.write(OUT / "ten", 10)
    nothing = min(policy(*ten, "ten")["cpu_s"] for _ in range(3))
    seconds = {}
    for persons in (PERSONS // 16, PERSONS // 4, PERSONS):
        files = _policy_data.write(OUT / str(persons), persons)
        taken = min(policy(*files, "growth")["cpu_s"] for _ in range(2))
        seconds[persons] = round(max(taken - nothing, 0.01), 2)
    ends = list(seconds.values())
    return {"start_cpu_s": nothing, "cpu_s": seconds, "exponent": round(math.log(ends[-1] / ends[0], 16), 2)}


def differential() -> dict:
    """10,000 random policies against the reference, as ``make test`` does with 500."""
    worlds = int(os.environ.get("JIAMENKOU_BENCH_WORLDS", "400"))
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "JIAMENKOU_POLICY_WORLDS": str(worlds)}
    environment["JIAMENKOU_POLICY_SEED"] = "10000"
    test = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "tests/engines/policy/test_differential.py"]
    done = subprocess.run(test, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    passed = re.search(r"(\d+) passed", done.stdout)
    agreed = int(passed.group(1)) if passed else 0
    return {"policies": worlds * 25, "worlds": worlds, "worlds_that_agree": agreed}


def one_household() -> str:
    """One household among ``PERSONS`` on PostgreSQL, every policy explained, as its test prints it."""
    from bench._database import own_database

    with own_database():
        url = os.environ["JIAMENKOU_DATABASE_URL"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "JIAMENKOU_TEST_DATABASE_URL": url}
        environment["JIAMENKOU_BENCH_PERSONS"] = str(PERSONS)
        name = "tests/engines/policy/test_single.py::test_one_household_of_many_takes_milliseconds"
        test = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:randomly", name]
        done = subprocess.run(test, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    found = re.search(r"one household of .* median", done.stdout)
    return found.group() if found else f"failed: {done.stdout[-300:]}"


def run() -> dict:
    """Every figure of the page, as one document."""
    shutil.rmtree(OUT, ignore_errors=True)
    people, households = _policy_data.write(OUT / "people", PERSONS)
    ten = _policy_data.write(OUT / "ten", 10)
    for more in ((), ("--since", str(OUT / "ten"))):  # once each, to compile
        policy(*ten, "ten", *more)
    rounds = [(peer(people, households), policy(people, households, "plain")) for _ in range(ROUNDS)]
    plain = least(*(mine for _, mine in rounds))
    beside = [one for one, _ in rounds if one is not None]
    theirs = least(*beside) if beside else None
    ratios = [round(one["cpu_s"] / mine["cpu_s"], 2) for one, mine in rounds if one is not None]
    every = least(*(policy(people, households, "every", "--all", "--explain") for _ in range(2)))
    rows = pq.read_metadata(OUT / "every" / "results.parquet").num_rows
    other, since = changed(people), ("--since", str(OUT / "plain"), "--threads", "0")
    again = least(*(policy(other, households, "again", *since) for _ in range(ROUNDS)))
    nulls = policy(*_policy_data.write(OUT / "nulls", PERSONS, nulls=0.03), "nulls")
    ours = totals(plain.pop("said"))
    found = {
        "persons": PERSONS,
        "plain": plain | {"persons_per_cpu_s": round(PERSONS / plain["cpu_s"])},
        "all_explain": {key: every[key] for key in ("cpu_s", "wall_s", "mb")} | {"rows": rows},
        "explain_times_plain": round(every["cpu_s"] / plain["cpu_s"], 2),
        "since_0.1_percent": {key: again[key] for key in ("cpu_s", "wall_s", "mb")},
        "three_percent_unknown": {key: nulls[key] for key in ("cpu_s", "wall_s", "mb")},
    }
    if ONLY != "speed":
        found |= {
            "growth": growth(),
            "one_household_on_postgresql": one_household(),
            "differential": differential(),
        }
    if theirs is None:
        return found | {"peer": "not installable here"}
    amounts = theirs.pop("totals")
    return found | {
        "peer": theirs | {"persons_per_cpu_s": round(PERSONS / theirs["cpu_s"])},
        "times_peer_by_round": ratios,
        "times_peer": sorted(ratios)[len(ratios) // 2],
        "totals_that_differ_from_peer": sorted(name for name, (_, total) in ours.items() if amounts[name][1] != total),
    }


if __name__ == "__main__":
    print(json.dumps(run(), ensure_ascii=False, indent=1))
