"""``python -m chaos [--scenario NAME] [--rounds N] [--clients N] [--seed N] [--json]``."""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg
from tests.host.running import Up, until

from chaos.clients import Clients
from chaos.ledger import Ledger
from chaos.rules import violated
from chaos.scenarios import SCENARIOS, Scenario
from jiamenkou.host import runtime
from jiamenkou.host.datadir import DataDir, read_json
from jiamenkou.host.postgres import SUPERUSER

VICTIMS = ("web", "web_worker", "worker", "postgres")
RECOVER_WITHIN = 60.0  # seconds


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m chaos", description="kill -9 while people work")
    parser.add_argument("--scenario", choices=SCENARIOS, default=next(iter(SCENARIOS)))
    parser.add_argument("--rounds", type=int, default=8, help="kills; each process gets its turn")
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    given = parser.parse_args()
    seed = random.SystemRandom().randrange(10**6) if given.seed is None else given.seed
    scenario = SCENARIOS[given.scenario]()
    broken = run(scenario, ["postgres"] * 3, given.clients, seed, broken=True)
    sound = run(scenario, [VICTIMS[n % len(VICTIMS)] for n in range(given.rounds)], given.clients, seed, broken=False)
    caught = any("lost" in fault for fault in broken["faults"])
    passed = caught and not sound["faults"]
    if given.json:
        report = {"scenario": given.scenario, "seed": seed, "broken": broken, "sound": sound, "passed": passed}
        sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")
        return 0 if passed else 1
    print(f"seed {seed}")
    print(f"broken variant (commits not awaited): {'caught: ' + broken['faults'][0] if caught else 'NOT CAUGHT'}")
    print(
        "  ".join(f"{name} {sound[name]}" for name in ("kills", "sent", "acknowledged", "retries", "slowest_recovery"))
    )
    for name in sound["skipped"]:
        print(f"skipped, its tables are not in this site: {name}")
    for fault in sound["faults"]:
        print(f"FAULT {fault}")
    print("passed" if passed else "FAILED")
    return 0 if passed else 1


def run(scenario: Scenario, victims: list[str], count: int, seed: int, *, broken: bool) -> dict[str, Any]:
    """One house, kills in the order of ``victims``, then the comparison."""
    folder = Path(tempfile.mkdtemp(prefix="jiamenkou-chaos-"))
    chance = random.Random(seed)  # the same seed kills in the same places
    house = Up(folder / "house", DJANGO_SETTINGS_MODULE=scenario.settings).ready()
    ledger, recoveries = Ledger(), []
    try:
        until(lambda: len(house.processes()) == len(VICTIMS), RECOVER_WITHIN)
        if broken:
            _do_not_await_commits(house.data)
        clients = Clients(scenario, house.port, ledger, count, "broken" if broken else "sound")
        clients.start()
        for victim in victims:
            time.sleep(chance.uniform(0.5, 1.5))
            recoveries.append(_kill(house, victim))
        clients.finish(RECOVER_WITHIN)
        until(lambda: house.answers("/readyz"), RECOVER_WITHIN)
        with psycopg.connect(_address(house.data, "jiamenkou_backup")) as database:
            faults = ledger.compare(scenario.stored(database))
            broken_rules, skipped = violated(database)
        if house.stop() != 0:
            faults.append("the house did not stop cleanly")
    finally:
        if house.process.poll() is None:
            house.process.kill()
            house.process.wait()
        shutil.rmtree(folder, ignore_errors=True)
    return {
        "kills": len(victims),
        "sent": len(ledger.sent),
        "acknowledged": len(ledger.acknowledged),
        "retries": ledger.retries,
        "slowest_recovery": round(max(recoveries), 2),
        "faults": faults + broken_rules,
        "skipped": skipped,
    }


def _kill(house: Up, victim: str) -> float:
    """Kill -9, wait for a successor and for an answer that needs the database; seconds until then."""
    killed = until(lambda: house.processes().get(victim, 0), RECOVER_WITHIN)
    began = time.monotonic()
    os.kill(killed, signal.SIGKILL)
    until(lambda: house.processes().get(victim, killed) != killed, RECOVER_WITHIN)
    until(lambda: house.answers("/readyz"), RECOVER_WITHIN)
    return time.monotonic() - began


def _address(data: Path, role: str) -> str:
    place = DataDir(data)
    port = int(read_json(place.state)["postgres_port"])
    return runtime.cluster_of(place).url(role, port=port)


def _do_not_await_commits(data: Path) -> None:
    """The broken variant: an acknowledgement no longer means that the row is on the disk."""
    with psycopg.connect(_address(data, SUPERUSER), autocommit=True) as admin:
        admin.execute("alter system set synchronous_commit = off")
        admin.execute("alter system set wal_writer_delay = '10s'")
        admin.execute("alter system set wal_writer_flush_after = '1GB'")
        admin.execute("select pg_reload_conf()")


if __name__ == "__main__":
    sys.exit(main())
