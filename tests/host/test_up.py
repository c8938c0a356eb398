"""``up`` as people and accidents use it: start, second start, kills, stop."""

from __future__ import annotations

import os
import signal
import socket
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host.running import Up, gone, jiamenkou, until

pytestmark = pytest.mark.postgres
linux = pytest.mark.skipif(sys.platform != "linux", reason="children are found in /proc")


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    house = Up(tmp_path_factory.mktemp("up") / "house").ready()
    yield house
    assert house.stop() == 0


def test_serves_as_the_web_role_and_prints_the_sign_ins(up: Up) -> None:
    assert up.ask("/")[1]["role"] == "jiamenkou_web"
    until(lambda: "陈一鸣" in up.said)
    assert f"http://127.0.0.1:{up.port}/in/" in up.said
    assert f"http://127.0.0.1:{up.port}\n" in up.said


def test_what_lies_in_the_data_directory_is_for_one_pair_of_eyes(up: Up) -> None:
    for name in ("keys.json", "up.json", "installed.json", "postgres/secrets.json"):
        assert stat.S_IMODE((up.data / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(up.data.stat().st_mode) == 0o700


@linux
@pytest.mark.parametrize("victim", ["web", "web_worker", "worker", "postgres"])
def test_a_killed_process_comes_back_and_loses_nothing(up: Up, victim: str) -> None:
    until(lambda: len(up.processes()) == 4 and up.answers("/readyz"))
    status, note = up.ask("/", f"before {victim} {time.monotonic_ns()}")
    assert status == 201
    before = up.processes()
    killed = before[victim]
    os.kill(killed, signal.SIGKILL)
    until(lambda: len(up.processes()) == 4 and up.processes().get(victim, killed) != killed)
    until(up.answers)
    until(lambda: up.answers("/readyz"), 60)
    if victim == "postgres":  # a worker that lost its database looks alive for minutes and takes no job
        until(lambda: up.processes().get("worker", before["worker"]) != before["worker"])
    assert up.ask("/")[1]["notes"] >= note["id"] - 40  # a crash of PostgreSQL may skip up to 32 sequence values
    assert up.ask("/", f"after {victim} {time.monotonic_ns()}")[0] == 201
    if victim != "web_worker":  # granian replaces its own worker
        assert f"进程 {killed}）意外结束" in up.said


@linux
def test_the_job_of_a_killed_worker_is_done_by_the_next(up: Up) -> None:
    until(lambda: len(up.processes()) == 4 and up.answers("/readyz"))
    before = up.ask("/")[1]["notes"]
    assert up.ask("/?later=3", f"job {time.monotonic_ns()}")[0] == 202
    time.sleep(1)
    assert up.ask("/")[1]["notes"] == before
    os.kill(up.processes()["worker"], signal.SIGKILL)
    until(lambda: up.ask("/")[1]["notes"] == before + 1, 90)


def test_a_second_start_is_refused_with_the_pid_of_the_first(up: Up) -> None:
    second = jiamenkou("up", "--port", "0", "--data", str(up.data))
    assert second.returncode == 2
    assert str(up.process.pid) in second.stderr
    assert second.stderr.count("\n") == 1
    until(up.answers)


def test_a_port_in_use_is_named(up: Up, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused = jiamenkou("up", "--port", str(port), "--data", str(tmp_path / "other"))
    assert refused.returncode == 2
    assert f"端口 {port}" in refused.stderr
    if sys.platform == "linux":
        assert f"进程 {os.getpid()} " in refused.stderr
    assert refused.stderr.count("\n") == 1


@pytest.mark.parametrize("port", ["-1", "70000", "http"])
def test_no_port_at_all_is_wrong_use(port: str, tmp_path: Path) -> None:
    refused = jiamenkou("up", "--port", port, "--data", str(tmp_path / "other"))
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert not (tmp_path / "other" / "postgres").exists()


def test_a_command_joins_the_running_house(up: Up) -> None:
    accounts = jiamenkou("demo", "accounts", "--json", PORT=str(up.port))
    assert accounts.returncode == 0, accounts.stderr
    assert f"http://127.0.0.1:{up.port}/in/" in accounts.stdout
    assert jiamenkou("manage", "check", JIAMENKOU_DATA=str(up.data)).returncode == 0
    assert up.answers()


def test_a_demo_needs_a_running_house(tmp_path: Path) -> None:
    answer = jiamenkou("demo", "accounts", "--json", "--data", str(tmp_path))
    assert (answer.returncode, answer.stdout, answer.stderr.count("\n")) == (1, "", 1)


@linux
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_stop_leaves_no_process_and_the_next_start_is_warm(how: signal.Signals, tmp_path: Path) -> None:
    house = Up(tmp_path / "house", "--no-demo").ready()
    pids = until(lambda: len(house.processes()) == 4 and list(house.processes().values()))
    assert house.ask("/", "kept")[0] == 201
    assert house.stop(how) == 0
    assert gone(*pids)
    assert not (house.data / "up.json").exists()
    again = Up(house.data, "--no-demo").ready()
    assert again.ask("/")[1]["notes"] == 1
    assert again.stop() == 0


@linux
def test_nothing_outlives_a_killed_up_and_the_next_one_recovers(tmp_path: Path) -> None:
    house = Up(tmp_path / "house", "--no-demo").ready()
    pids = until(lambda: len(house.processes()) == 4 and list(house.processes().values()))
    assert house.ask("/", "acknowledged")[0] == 201
    house.process.kill()
    house.process.wait()
    until(lambda: gone(*pids), 15)
    again = Up(house.data).ready()
    assert again.ask("/")[1]["notes"] == 1
    assert again.stop() == 0


def test_an_old_house_without_its_keys_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "house"
    assert jiamenkou("manage", "check", JIAMENKOU_DATA=str(data)).returncode == 0
    (data / "keys.json").rename(tmp_path / "elsewhere.json")
    refused = jiamenkou("up", "--port", "0", "--data", str(data))
    assert refused.returncode == 1
    assert "密钥" in refused.stderr and "Traceback" not in refused.stderr
    found = jiamenkou("manage", "check", JIAMENKOU_DATA=str(data), JIAMENKOU_KEYS=str(tmp_path / "elsewhere.json"))
    assert found.returncode == 0
