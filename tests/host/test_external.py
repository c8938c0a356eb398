"""``DATABASE_URL``: a server of somebody else's, played by a cluster of our own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from jiamenkou.host import external
from jiamenkou.host.postgres import SUPERUSER, Cluster
from jiamenkou.host.roles import OWNER, ROLES
from tests.host.running import Up, diagnosed, jiamenkou

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    place = tmp_path_factory.mktemp("server")
    cluster = Cluster(place / "postgres", place / "log")
    cluster.start()
    yield cluster
    cluster.stop()


@pytest.fixture
def database(server: Cluster, request: pytest.FixtureRequest) -> str:
    """The administrator's address of a database of the test's own."""
    name = f"db_{abs(hash(request.node.name)) % 10**9}"
    with psycopg.connect(server.url(SUPERUSER, "postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    return server.url(SUPERUSER, name)


def test_an_administrators_address_only_makes_the_roles(database: str, tmp_path: Path) -> None:
    house = Up(tmp_path / "house", "--no-demo", DATABASE_URL=database).ready()
    assert house.ask("/")[1]["role"] == "jiamenkou_web"
    assert house.ask("/", "external")[0] == 201
    assert not (house.data / "postgres").exists()
    assert "fail" not in diagnosed("--data", str(house.data), DATABASE_URL=database).values()
    backup = jiamenkou("backup", str(tmp_path / "file"), "--data", str(house.data), DATABASE_URL=database)
    assert backup.returncode == 0, backup.stderr
    assert house.stop() == 0


def test_a_backup_comes_back_into_an_empty_database_only(server: Cluster, database: str, tmp_path: Path) -> None:
    assert jiamenkou("manage", "check", JIAMENKOU_DATA=str(tmp_path / "a")).returncode == 0
    file = tmp_path / "file"
    assert jiamenkou("backup", str(file), "--data", str(tmp_path / "a")).returncode == 0
    first = jiamenkou("restore", str(file), "--data", str(tmp_path / "b"), DATABASE_URL=database)
    assert first.returncode == 0, first.stderr
    second = jiamenkou("restore", str(file), "--data", str(tmp_path / "c"), DATABASE_URL=database)
    assert (second.returncode, second.stderr.count("\n")) == (1, 1)


def test_three_addresses_by_hand(database: str, tmp_path: Path) -> None:
    urls = external.urls(database)
    assert set(urls) == set(ROLES)
    assert urls == external.urls(database)  # the same on every host, so nothing is handed around
    by_hand = {"DATABASE_URL": urls["web"], "JIAMENKOU_OWNER_URL": urls["owner"]}
    done = jiamenkou("manage", "check", JIAMENKOU_DATA=str(tmp_path), **by_hand)
    assert done.returncode == 0, done.stderr
    missing = jiamenkou("backup", str(tmp_path / "file"), "--data", str(tmp_path), **by_hand)
    assert (missing.returncode, "JIAMENKOU_BACKUP_URL" in missing.stderr) == (1, True)


def test_the_owner_may_not_serve(database: str, tmp_path: Path) -> None:
    urls = external.urls(database)
    with psycopg.connect(database, autocommit=True) as admin:
        name = sql.Identifier(admin.info.dbname)
        admin.execute(sql.SQL("alter database {} owner to {}").format(name, sql.Identifier(OWNER)))
    refused = jiamenkou("up", "--port", "0", "--data", str(tmp_path), DATABASE_URL=urls["owner"])
    assert refused.returncode == 1
    assert "JIAMENKOU_OWNER_URL" in refused.stderr


def test_no_server_is_said_without_the_password(tmp_path: Path) -> None:
    url = "postgresql://someone:topsecret@127.0.0.1:9/none"
    refused = jiamenkou("up", "--port", "0", "--data", str(tmp_path), DATABASE_URL=url)
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "DATABASE_URL" in refused.stderr
    assert "topsecret" not in refused.stderr
