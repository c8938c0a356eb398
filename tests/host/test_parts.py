"""The small parts of the host, without a database."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from jiamenkou.host import keys, network
from jiamenkou.host.datadir import DataDir, Held, read_json, write_json
from jiamenkou.host.errand import sign_ins
from jiamenkou.host.processes import Identity, alive, end_child, identify, start_child
from jiamenkou.host.runtime import Runtime, running
from jiamenkou.host.schema import fingerprint
from jiamenkou.host.supervisor import LONGEST_WAIT, Restarts
from tests.host.running import until


def test_a_pid_alone_is_nobody() -> None:
    me = identify(os.getpid())
    assert me is not None and alive(me)
    assert not alive(Identity(me.pid, "another start"))
    child = subprocess.Popen([sys.executable, "-c", ""])
    until(lambda: identify(child.pid) is None)  # a zombie is nobody already
    child.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="a Linux promise")
def test_children_end_with_whoever_started_them(tmp_path: Path) -> None:
    parent = (
        "import sys, time; from jiamenkou.host.processes import start_child\n"
        "c = start_child([sys.executable, '-c', 'import time; time.sleep(60)'], {}, open('/dev/null', 'wb'), -3)\n"
        "print(c.pid, flush=True); time.sleep(60)"
    )
    path = os.pathsep.join(map(str, sys.path))
    with subprocess.Popen([sys.executable, "-c", parent], stdout=-1, text=True, env={"PYTHONPATH": path}) as started:
        assert started.stdout is not None
        child = int(started.stdout.readline())
        assert identify(child) is not None
        started.kill()
    until(lambda: identify(child) is None, 5)


def test_a_child_that_does_not_listen_is_ended(tmp_path: Path) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('x', flush=True); time.sleep(60)"
    with (tmp_path / "out").open("wb") as out:
        child = start_child([sys.executable, "-c", deaf], {}, out, subprocess.DEVNULL)
        until(lambda: (tmp_path / "out").stat().st_size)
        end_child(child, 0.2, lambda: False)
    assert child.returncode == -signal.SIGKILL


def test_restarts_come_at_once_then_ever_later() -> None:
    restarts = Restarts()
    waits = []
    for _ in range(12):
        restarts.died()
        waits.append(round(max(0.0, restarts.not_before - restarts.begun), 2))
        restarts.started()
    assert waits[0] < 0.1
    assert waits[1:] == sorted(waits[1:])
    assert LONGEST_WAIT - 1 < waits[-1] < LONGEST_WAIT + 1


def test_one_command_at_a_time(tmp_path: Path) -> None:
    data = DataDir(tmp_path / "data")
    with data.held("up"), pytest.raises(Held) as held, data.held("backup"):
        pass
    assert (held.value.pid, held.value.command) == (os.getpid(), "up")
    with data.held("backup"):
        pass


def test_a_dead_up_is_not_running(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    assert running(data) is None
    write_json(data.state, {"pid": os.getpid(), "started": "long ago", "port": 1})
    assert running(data) is None


def test_json_files_are_private_and_whole(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    write_json(file, {"一": 1})
    assert read_json(file) == {"一": 1}
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]
    file.write_text("[1]")
    with pytest.raises(ValueError, match=r"x\.json"):
        read_json(file)


def test_keys_are_made_once_and_rotated_by_adding(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    keys.create(file)
    before = keys.check(file)
    keys.create(file)
    assert keys.check(file) == before
    assert keys.rotate(file) == "k2"
    after = keys.check(file)
    assert after["current"] == "k2"
    assert after["masters"]["k1"] == before["masters"]["k1"]
    prints = keys.fingerprints(file)
    assert set(prints) == {"k1", "k2", "blind"}
    assert len(set(prints.values())) == 3


@pytest.mark.parametrize("damage", ["", "{}", "[]", '{"masters": {"k1": "short"}}', "nonsense"])
def test_damaged_keys_are_named(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "keys.json"
    file.write_text(damage)
    with pytest.raises(keys.KeysError, match=r"keys\.json"):
        keys.check(file)


def test_the_site_reads_the_keys_that_the_host_makes(tmp_path: Path) -> None:
    from jiamenkou.site.keys import load_keys

    keys.create(tmp_path / "keys.json")
    read = load_keys(str(tmp_path / "keys.json"))
    assert read.current == "k1"
    assert len(read.masters["k1"]) == len(read.blind) == 32


def test_a_child_that_serves_never_sees_the_administrators_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABASE_URL", "JIAMENKOU_OWNER_URL", "JIAMENKOU_BACKUP_URL"):
        monkeypatch.setenv(name, "postgresql://admin:secret@127.0.0.1/x")
    here = Runtime(DataDir(tmp_path), {"web": "postgresql://web:w@127.0.0.1/x"}, port=8123)
    environment = here.environment()
    assert "secret" not in "".join(environment.values())
    assert (environment["JIAMENKOU_ROLE"], environment["PORT"]) == ("web", "8123")


def test_sign_in_links_only_for_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JIAMENKOU_HOSTS", raising=False)
    write_json(DataDir(tmp_path).installed, {"demo": True})
    urls = {"web": "postgresql://web:w@127.0.0.1/x"}
    assert Runtime(DataDir(tmp_path), urls).environment()["JIAMENKOU_DEMO_LINKS"] == "1"
    open_to_all = Runtime(DataDir(tmp_path), urls, host="192.0.2.7").environment()
    assert open_to_all["JIAMENKOU_DEMO_LINKS"] == "0"
    assert "192.0.2.7" in open_to_all["JIAMENKOU_HOSTS"]
    assert open_to_all["JIAMENKOU_PUBLIC_URL"] == "http://192.0.2.7:8000"


def test_the_listener_of_a_port_is_found() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        assert network.listener(port) in ({os.getpid()} if sys.platform == "linux" else {None})
    assert network.listener(port) is None


def test_the_fingerprint_is_stable() -> None:
    assert fingerprint() == fingerprint()


def test_sign_ins_are_one_line_each() -> None:
    account = {"role": "worker", "name": "周敏", "community": None, "login_url": "http://127.0.0.1:8000/in/x"}
    assert len(sign_ins(json.dumps([account, account])).splitlines()) == 3
