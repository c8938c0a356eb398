"""``DATABASE_URL``: a PostgreSQL that somebody else runs.

Two ways to name it:

- an account that may create roles (superuser or CREATEROLE): it only creates our three roles and is not used again;
- ``DATABASE_URL`` for the web role, with ``JIAMENKOU_OWNER_URL`` and ``JIAMENKOU_BACKUP_URL`` beside it.
"""

from __future__ import annotations

import hashlib
import os
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import psycopg

from jiamenkou.host import roles


class DatabaseRefused(Exception):
    """The database cannot be used as it is; the message is one plain Chinese line."""


def urls(database_url: str) -> dict[str, str]:
    """Addresses by role: ``web`` always, ``owner`` and ``backup`` where they are known. Raises DatabaseRefused."""
    try:
        with psycopg.connect(database_url, autocommit=True, connect_timeout=10) as connection:
            if connection.info.server_version < 150000:
                raise DatabaseRefused("DATABASE_URL 的 PostgreSQL 低于 15，请升级")
            if _may_create_roles(connection):
                return _provision(connection, database_url)
            if _owns_database(connection):
                raise DatabaseRefused(
                    "DATABASE_URL 的账号是数据库所有者，不能用来提供服务："
                    "请改为 web 账号，所有者另设 JIAMENKOU_OWNER_URL"
                )
    except psycopg.OperationalError as fault:
        raise DatabaseRefused(f"DATABASE_URL 连接失败：{_first_line(fault)}") from fault
    found = {"web": database_url}
    for role, variable in (("owner", "JIAMENKOU_OWNER_URL"), ("backup", "JIAMENKOU_BACKUP_URL")):
        if given := os.environ.get(variable):
            found[role] = given
    return found


def _provision(admin: psycopg.Connection[tuple[object, ...]], database_url: str) -> dict[str, str]:
    passwords = {role: derived_password(database_url, role) for role in roles.ROLES.values()}
    # two hosts may start at once on one database
    admin.execute("select pg_advisory_lock(hashtext('jiamenkou roles'))")
    try:
        roles.create_roles(admin, passwords)
        roles.open_database(admin, admin.info.dbname)
        admin.execute(f"grant all on schema public to {roles.OWNER}")
    finally:
        admin.execute("select pg_advisory_unlock(hashtext('jiamenkou roles'))")
    found = {name: with_account(database_url, role, passwords[role]) for name, role in roles.ROLES.items()}
    roles.furnish(found["owner"])
    return found


def derived_password(database_url: str, role: str) -> str:
    """The same on every host that knows the administrator's password, so nothing needs to be passed around.

    scrypt, because whoever holds the web role's password could otherwise try administrators' quickly.
    """
    secret = urlsplit(database_url).password or ""
    salt = f"jiamenkou {role}".encode()
    return hashlib.scrypt(unquote(secret).encode(), salt=salt, n=2**14, r=8, p=1, dklen=24).hex()


def with_account(url: str, role: str, password: str) -> str:
    """The address with another account in it."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(role)}:{quote(password, safe='')}@{place}"))


def _may_create_roles(connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    row = connection.execute("select rolsuper or rolcreaterole from pg_roles where rolname = current_user").fetchone()
    return bool(row and row[0])


def _owns_database(connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    row = connection.execute(
        "select pg_has_role(current_user, datdba, 'member') from pg_database where datname = current_database()"
    ).fetchone()
    return bool(row and row[0])


def _first_line(fault: Exception) -> str:
    return str(fault).strip().split("\n", 1)[0]
