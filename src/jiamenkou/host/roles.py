"""Who may do what in the database. The superuser only creates; nobody serves or migrates with it.

=================== =========================================== =======================================
jiamenkou_owner     owns the database and its tables, migrates  NOSUPERUSER, row-level security is forced
jiamenkou_web       serves, works, runs commands                NOSUPERUSER NOBYPASSRLS, reads and writes rows
jiamenkou_backup    dumps                                       BYPASSRLS, read only
=================== =========================================== =======================================
"""

from __future__ import annotations

from collections.abc import Mapping

import psycopg
from psycopg import sql

OWNER = "jiamenkou_owner"
WEB = "jiamenkou_web"
BACKUP = "jiamenkou_backup"
ROLES = {"owner": OWNER, "web": WEB, "backup": BACKUP}
EXTENSIONS = ("pg_trgm", "btree_gist")

_ATTRIBUTES = {
    OWNER: "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS",
    WEB: "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS",
    BACKUP: "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS",
}


def create_roles(admin: psycopg.Connection[tuple[object, ...]], passwords: Mapping[str, str]) -> None:
    """Create what is missing and set the passwords; ``admin`` may create roles, in autocommit."""
    there = {row[0] for row in admin.execute("select rolname from pg_roles").fetchall()}
    for role, attributes in _ATTRIBUTES.items():
        verb = "alter" if role in there else "create"
        statement = sql.SQL(f"{verb} role {{}} with {attributes} password {{}}")
        admin.execute(statement.format(sql.Identifier(role), sql.Literal(passwords[role])))
    admin.execute(sql.SQL("grant pg_read_all_data to {}").format(sql.Identifier(BACKUP)))
    admin.execute(sql.SQL("alter role {} set default_transaction_read_only = on").format(sql.Identifier(BACKUP)))


def create_database(admin: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    """A database of the owner's, which only our roles may enter."""
    if admin.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is None:
        create = sql.SQL("create database {} owner {} template template0 encoding 'UTF8'")
        admin.execute(create.format(sql.Identifier(name), sql.Identifier(OWNER)))
    open_database(admin, name)


def open_database(admin: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    """Let exactly our roles in, and the owner create schemas and trusted extensions."""
    database = sql.Identifier(name)
    admin.execute(sql.SQL("revoke all on database {} from public").format(database))
    admin.execute(sql.SQL("grant all on database {} to {}").format(database, sql.Identifier(OWNER)))
    for role in (WEB, BACKUP):
        admin.execute(sql.SQL("grant connect on database {} to {}").format(database, sql.Identifier(role)))


def furnish(owner_url: str) -> None:
    """As the owner: the extensions, and rows of future tables for ``web``. Repeats without effect."""
    with psycopg.connect(owner_url) as connection:
        for extension in EXTENSIONS:
            connection.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(extension)))
        web = sql.Identifier(WEB)
        for grant in (
            "alter default privileges grant select, insert, update, delete on tables to {}",
            "alter default privileges grant usage, select, update on sequences to {}",
        ):
            connection.execute(sql.SQL(grant).format(web))
