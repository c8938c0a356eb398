"""Dump and load with PostgreSQL's own tools, and count rows on both sides."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

from jiamenkou.host.postgres import find_binaries


class DumpFailed(Exception):
    """pg_dump or pg_restore ended with a fault; ``detail`` is what it said."""

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail


@contextmanager
def snapshot(backup_url: str) -> Iterator[tuple[str, dict[str, int], int]]:
    """One moment of the database: its snapshot id, the rows of every table at it, the server's major version.

    A role that row-level security applies to would see, and dump, only a part without noticing: it is refused.
    """
    with psycopg.connect(backup_url) as connection:
        connection.execute("set transaction isolation level repeatable read read only")
        row = connection.execute(
            "select rolbypassrls or rolsuper from pg_roles where rolname = current_user"
        ).fetchone()
        if row is None or not row[0]:
            raise DumpFailed("备份账号没有 BYPASSRLS，备份会不完整：请由数据库管理员授予")
        identifier = connection.execute("select pg_export_snapshot()").fetchone()
        assert identifier is not None  # a function call has one row
        yield str(identifier[0]), count_rows(connection), connection.info.server_version // 10000


def count_rows(connection: psycopg.Connection[tuple[object, ...]]) -> dict[str, int]:
    """Rows by ``schema.table``, every table that is not PostgreSQL's own."""
    tables = connection.execute(
        "select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where c.relkind = 'r' and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'"
        " order by 1, 2"
    ).fetchall()
    counts = {}
    for schema, table in tables:
        name = sql.Identifier(str(schema), str(table))
        row = connection.execute(sql.SQL("select count(*) from {}").format(name)).fetchone()
        assert row is not None and isinstance(row[0], int)
        counts[f"{schema}.{table}"] = row[0]
    return counts


def dump(backup_url: str, target: Path, snapshot_id: str) -> None:
    """pg_dump in custom format, of exactly that moment."""
    arguments = ["--format=custom", f"--snapshot={snapshot_id}", f"--file={target}"]
    _run("pg_dump", backup_url, arguments, "数据库没有导出成功")


def load(owner_url: str, source: Path) -> None:
    """pg_restore into an empty database of the owner's, all or nothing."""
    arguments = ["--no-owner", "--exit-on-error", "--single-transaction", str(source)]
    _run("pg_restore", owner_url, arguments, "数据库没有恢复成功")


def _run(tool: str, url: str, arguments: list[str], failure: str) -> None:
    parts = urlsplit(url)
    without_password = parts._replace(netloc=f"{parts.username}@{parts.netloc.rpartition('@')[2]}").geturl()
    environment = {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "LC_ALL": "C.UTF-8",
        "PGPASSWORD": unquote(parts.password or ""),  # not on the command line, which every user can read
    }
    command = [str(find_binaries()[0] / tool), f"--dbname={without_password}", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise DumpFailed(failure, done.stderr.strip())
