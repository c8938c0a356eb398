"""The running house as a command sees it: which database, which keys, which port.

A command says ``with attach(data_dir) as runtime: …`` and gets, in this order, the database of ``DATABASE_URL``,
the one of an ``up`` that runs on the data directory, or one started for the command and stopped after it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psycopg

from jiamenkou.host import external, keys, network, roles, schema
from jiamenkou.host.datadir import DataDir, Held, read_json, write_json
from jiamenkou.host.postgres import DATABASE, SUPERUSER, Cluster, PostgresError
from jiamenkou.host.processes import Identity, alive

SETTINGS = "jiamenkou.site.settings"
DEFAULT_PORT = 8000

Role = Literal["owner", "web", "backup"]


@dataclass(frozen=True, slots=True)
class Runtime:
    """Where everything is. ``urls`` maps owner, web, backup to addresses with passwords: never for a log."""

    data: DataDir
    urls: Mapping[str, str]
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    joined: bool = False

    @property
    def keys(self) -> Path:
        return self.data.keys

    def environment(self, role: Role = "web") -> dict[str, str]:
        """The environment of a Django process that works as ``role``.

        ``DJANGO_SETTINGS_MODULE``, ``JIAMENKOU_DATABASE_URL``, ``JIAMENKOU_KEYS``, ``JIAMENKOU_DATA``,
        ``JIAMENKOU_ROLE``; ``PORT``; ``JIAMENKOU_DEMO`` (1: this house wants the demo community) and
        ``JIAMENKOU_DEMO_LINKS`` (1: sign-in links may be made, only loopback can use them). Where others than this
        machine are served, ``JIAMENKOU_PUBLIC_URL`` and ``JIAMENKOU_HOSTS`` too, unless the operator has set them.
        """
        if role not in self.urls:
            raise external.DatabaseRefused(f"没有 {role} 账号的数据库地址：请设置 JIAMENKOU_{role.upper()}_URL")
        demo = bool(read_json(self.data.installed).get("demo"))
        ours = {
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", SETTINGS),
            "JIAMENKOU_DATABASE_URL": self.urls[role],
            "JIAMENKOU_KEYS": str(self.keys),
            "JIAMENKOU_DATA": str(self.data.root),
            "JIAMENKOU_ROLE": role,
            "PORT": str(self.port),
            "JIAMENKOU_DEMO": "1" if demo else "0",
            "JIAMENKOU_DEMO_LINKS": "1" if demo and network.loopback(self.host) else "0",
            "PYTHONUNBUFFERED": "1",
        }
        if not network.loopback(self.host):
            ours |= {name: value for name, value in self._public().items() if name not in os.environ}
        # a process that serves as web must not find the administrator's address beside it
        without = {"DATABASE_URL", "JIAMENKOU_OWNER_URL", "JIAMENKOU_BACKUP_URL"}
        return {name: value for name, value in os.environ.items() if name not in without} | ours

    def _public(self) -> dict[str, str]:
        address = network.address(self.host)
        return {
            "JIAMENKOU_PUBLIC_URL": network.url(self.host, self.port),
            "JIAMENKOU_HOSTS": f"127.0.0.1,localhost,[::1],{network.bracketed(address)}",
        }


def running(data: DataDir) -> dict[str, object] | None:
    """What a living ``up`` on this directory says of itself; ``None`` where there is none."""
    state = read_json(data.state)
    if not state or not alive(Identity(int(state["pid"]), str(state["started"]))):
        return None
    return state


def cluster_of(data: DataDir) -> Cluster:
    return Cluster(data.postgres, data.logs / "postgres.log")


def prepare(cluster: Cluster) -> dict[str, str]:
    """Roles, database and extensions where they are missing; the addresses by role."""
    if cluster.recall("prepared") != "1":
        with psycopg.connect(cluster.url(SUPERUSER, "postgres"), autocommit=True) as admin:
            roles.create_roles(admin, {role: cluster.password(role) for role in roles.ROLES.values()})
            roles.create_database(admin, DATABASE)
        roles.furnish(cluster.url(roles.OWNER))
        cluster.remember("prepared", "1")
    return addresses(cluster)


def addresses(cluster: Cluster, port: int | None = None) -> dict[str, str]:
    return {name: cluster.url(role, port=port) for name, role in roles.ROLES.items()}


def prepare_keys(data: DataDir) -> None:
    """Make the keys of a new house. An old one without its keys is refused: new ones could not read its rows."""
    if not data.keys.exists() and (data.postgres / "cluster" / "PG_VERSION").exists():
        raise keys.KeysError(f"找不到密钥文件 {data.keys}：请放回原来的密钥，否则已加密的资料无法读取")
    keys.create(data.keys)
    keys.check(data.keys)


def migrate_if_changed(runtime: Runtime) -> bool:
    """Migrate where the fingerprint differs from the last success; whether it was done."""
    now = schema.fingerprint()
    installed = read_json(runtime.data.installed)
    if installed.get("fingerprint") == now and "DATABASE_URL" not in os.environ:
        return False
    schema.migrate(runtime.environment("owner"))
    write_json(runtime.data.installed, {**read_json(runtime.data.installed), "fingerprint": now})
    return True


@contextmanager
def attach(
    data_dir: str | Path | DataDir | None = None,
    *,
    role: Role = "web",
    migrate: bool = True,
    command: str = "command",
    seconds: float = 60,
) -> Iterator[Runtime]:
    """The house for one command, with the environment of this process set for Django as ``role``.

    Waits up to ``seconds`` for another command on the directory. Raises PostgresError, DatabaseRefused, KeysError,
    Held and MigrationFailed, each with one plain Chinese line.
    """
    data = data_dir if isinstance(data_dir, DataDir) else DataDir.at(data_dir)
    with _database(data, migrate, command, seconds) as runtime:
        before = dict(os.environ)
        os.environ.update(runtime.environment(role))
        try:
            yield runtime
        finally:
            _close_django()
            os.environ.clear()
            os.environ.update(before)


@contextmanager
def _database(data: DataDir, migrate: bool, command: str, seconds: float) -> Iterator[Runtime]:
    if url := os.environ.get("DATABASE_URL"):
        data.create()
        keys.create(data.keys)
        state = running(data) or {}
        runtime = Runtime(data, external.urls(url), port=_port(state), joined=bool(state))
        if migrate and not state and "owner" in runtime.urls:
            migrate_if_changed(runtime)
        yield runtime
        return
    until = time.monotonic() + seconds
    while True:
        if state := running(data) or {}:
            cluster = cluster_of(data)
            urls = addresses(cluster, int(str(state["postgres_port"])))
            yield Runtime(data, urls, host=str(state["host"]), port=_port(state), joined=True)
            return
        try:
            with data.held(command), _own(data) as runtime:
                if migrate:
                    migrate_if_changed(runtime)
                yield runtime
                return
        except Held:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


@contextmanager
def _own(data: DataDir) -> Iterator[Runtime]:
    """PostgreSQL for the time of one command."""
    prepare_keys(data)
    cluster = cluster_of(data)
    cluster.start()
    try:
        yield Runtime(data, prepare(cluster), port=_port({}))
    finally:
        cluster.stop()


def _port(state: Mapping[str, object]) -> int:
    return int(str(state.get("port") or os.environ.get("PORT") or DEFAULT_PORT))


def _close_django() -> None:
    """Give connections back before the database goes; nothing where Django was never used."""
    import sys

    if "django.db" in sys.modules:
        from django.db import connections

        for connection in connections.all(initialized_only=True):
            connection.close()
            if hasattr(connection, "close_pool"):
                connection.close_pool()


TROUBLES = (PostgresError, external.DatabaseRefused, keys.KeysError, Held, schema.MigrationFailed)
"""What :func:`attach` raises: each is one plain line for the user."""
