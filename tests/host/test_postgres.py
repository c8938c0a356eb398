"""The launcher: locale, roles, kills, leftovers, and every kind of user it may run as."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from jiamenkou.host import runtime
from jiamenkou.host.postgres import SUPERUSER, Cluster, PostgresError, find_binaries
from jiamenkou.host.roles import BACKUP, OWNER, WEB
from tests.host.running import ROOT, Up, environment, until

pytestmark = pytest.mark.postgres
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    place = tmp_path_factory.mktemp("cluster")
    cluster = Cluster(place / "postgres", place / "postgres.log")
    cluster.start()
    runtime.prepare(cluster)
    yield cluster
    cluster.stop()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter, unlike pytest's own."""
    place = Path(tempfile.mkdtemp(prefix="jiamenkou-"))
    place.chmod(0o711)
    yield place
    shutil.rmtree(place)


def test_chinese_characters_count_as_letters(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    with psycopg.connect(cluster.url(WEB)) as web:
        assert web.execute("select cardinality(show_trgm('保洁员'))").fetchone() == (4,)
        assert web.execute("select getdatabaseencoding()").fetchone() == ("UTF8",)


def test_roles_can_do_what_they_are_for_and_nothing_else(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url(OWNER)) as owner:
        owner.execute("create table thing (id int, place int)")
        owner.execute("alter table thing enable row level security")
        owner.execute("alter table thing force row level security")
        owner.execute(
            "create policy place on thing using (place = nullif(current_setting('app.scope', true), '')::int)"
        )
    with psycopg.connect(cluster.url(WEB)) as web:
        attributes = (
            "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user"
        )
        assert web.execute(attributes).fetchone() == (False, False, False, False)
        web.execute("select set_config('app.scope', '7', true)")
        web.execute("insert into thing values (1, 7)")
    with psycopg.connect(cluster.url(WEB)) as web:
        assert web.execute("select count(*) from thing").fetchone() == (0,)
        for forbidden in (
            "truncate thing",
            "drop table thing",
            "create table other (id int)",
            "alter role current_user bypassrls",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), web.transaction():
                web.execute(forbidden)
    with psycopg.connect(cluster.url(BACKUP)) as backup:
        assert backup.execute("select count(*) from thing").fetchone() == (1,)
        with pytest.raises((psycopg.errors.ReadOnlySqlTransaction, psycopg.errors.InsufficientPrivilege)):
            backup.execute("delete from thing")
    with psycopg.connect(cluster.url(OWNER)) as owner:
        assert owner.execute("select count(*) from thing").fetchone() == (0,)


def test_only_the_loopback_and_only_with_a_password(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url(SUPERUSER, "postgres")) as admin:
        assert admin.execute("show listen_addresses").fetchone() == ("127.0.0.1",)
        assert admin.execute("show unix_socket_directories").fetchone() == ("",)
        methods = admin.execute("select distinct auth_method from pg_hba_file_rules").fetchall()
        assert methods == [("scram-sha-256",)]
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(f"postgresql://{WEB}:wrong@127.0.0.1:{cluster.port}/jiamenkou")


def test_committed_rows_survive_kill_9(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "postgres", tmp_path / "log")
    cluster.start()
    assert cluster.process is not None
    with psycopg.connect(cluster.url(SUPERUSER, "postgres")) as admin:
        admin.execute("create table kept (id int)")
        admin.execute("insert into kept select generate_series(1, 1000)")
    cluster.process.kill()
    cluster.process.wait()
    assert cluster.died()
    cluster.start(cluster.port)
    with psycopg.connect(cluster.url(SUPERUSER, "postgres")) as admin:
        assert admin.execute("select count(*) from kept").fetchone() == (1000,)
    # a pid in the lock file that is somebody else's now must not keep the house closed
    cluster.stop()
    (cluster.data / "postmaster.pid").write_text(
        f"{os.getpid()}\n{cluster.data}\n0\n{cluster.port}\n\n127.0.0.1\n\nready\n"
    )
    cluster.start()
    # and a postmaster that a killed supervisor left behind is stopped, not fought with
    second = Cluster(cluster.home, cluster.log)
    second.start()
    until(cluster.died)
    assert second.postmaster() != cluster.process.pid
    with psycopg.connect(second.url(SUPERUSER, "postgres")) as admin:
        assert admin.execute("select count(*) from kept").fetchone() == (1000,)
    second.stop()
    assert second.postmaster() is None


def test_an_interrupted_initdb_leaves_nothing_that_looks_whole(tmp_path: Path) -> None:
    half = tmp_path / "postgres" / "cluster.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")
    cluster = Cluster(tmp_path / "postgres", tmp_path / "log")
    cluster.start()
    cluster.stop()
    assert not half.exists()


@as_root
def test_root_without_user_namespaces_runs_it_as_nobody(open_folder: Path) -> None:
    cluster = Cluster(open_folder / "house" / "postgres", open_folder / "log")
    cluster.home.mkdir(parents=True)
    cluster.remember("mode", "nobody")
    cluster.start()
    assert cluster.process is not None
    owner = Path(f"/proc/{cluster.process.pid}").stat().st_uid
    assert owner == cluster.data.stat().st_uid != 0
    assert cluster.secrets_file.stat().st_uid == 0
    cluster.process.kill()
    cluster.process.wait()
    cluster.start()
    cluster.stop()


@as_root
def test_an_ordinary_user_runs_the_whole_house(open_folder: Path) -> None:
    open_folder.chmod(0o777)
    prefix = _python_of_nobody()
    house = Up(open_folder / "house", "--no-demo", prefix=prefix).ready()
    try:
        assert house.ask("/", "mine")[0] == 201
        assert (house.data / "postgres").stat().st_uid != 0
    finally:
        assert house.stop() == 0
    with pytest.raises(PostgresError, match="普通用户"):
        Cluster(house.data / "postgres", open_folder / "log").start()


def _python_of_nobody() -> tuple[str, ...]:
    """A Python that ``nobody`` may run with our libraries, found by trying; skips where there is none."""
    import django

    libraries = str(Path(django.__file__).parents[1])
    become = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "env")
    for python in ("/usr/bin/python3.11", "/usr/bin/python3"):
        path = os.pathsep.join((environment()["PYTHONPATH"], libraries))
        command = (*become, f"PYTHONPATH={path}", "PYTHONDONTWRITEBYTECODE=1", "HOME=/nonexistent", python)
        tried = subprocess.run([*command, "-c", "import django, psycopg, granian"], capture_output=True, cwd=ROOT)
        if tried.returncode == 0:
            return command
    pytest.skip("no Python that another user can run with these libraries")


def test_a_postgresql_of_the_system_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    systems = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not systems:
        pytest.skip("no PostgreSQL of the system")
    monkeypatch.setenv("PG_BIN", str(systems[-1].parent))
    _, major = find_binaries()
    cluster = Cluster(tmp_path / "postgres", tmp_path / "log")
    cluster.start()
    runtime.prepare(cluster)
    with psycopg.connect(cluster.url(WEB)) as web:
        assert web.info.server_version // 10000 == major
        assert web.execute("select cardinality(show_trgm('保洁员'))").fetchone() == (4,)
    cluster.stop()
    monkeypatch.delenv("PG_BIN")
    if find_binaries()[1] != major:
        with pytest.raises(PostgresError, match=f"PostgreSQL {major}"):
            cluster.start()


def test_none_at_all_is_said_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    with pytest.raises(PostgresError, match="DATABASE_URL"):
        find_binaries()
