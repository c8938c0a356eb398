"""Row-level security for migrations: ``operations = [protect("people_resident", own="id")]``.

A policy compares integers only (``int4eq``/``int8eq`` are leakproof), so indexes on ``community_id`` are used.
"""

from __future__ import annotations

from django.db.migrations import RunSQL

_SEEN = """
    nullif(current_setting('app.everything', true), '') is not null
    or {community} = any (nullif(current_setting('app.communities', true), '')::bigint[])
    or {grid} = any (nullif(current_setting('app.grids', true), '')::bigint[])
    or {own} = any (nullif(current_setting('app.residents', true), '')::bigint[])
"""
# the account that acts, from the word that names it to the audit trail; null for a visitor or a system's own work
ACTOR = "nullif(substring(current_setting('app.actor', true) from '^account:([0-9]+)$'), '')::bigint"
_THROUGH = "exists (select 1 from people_resident r where r.id = {table}.{column})"


def protect(
    table: str,
    *,
    community: str = "community_id",
    grid: str = "grid_id",
    own: str = "resident_id",
    also: str = "false",
    keeper: str = "false",
) -> RunSQL:
    """Enable and force row-level security on ``table``.

    ``community``, ``grid`` and ``own`` are SQL expressions over the row; ``also`` widens what may be read (not
    what may be written), e.g. a resident who lives here and is registered there. ``keeper`` widens both, for somebody
    who answers for the rows without holding a role at the place; it is usually a comparison with :data:`ACTOR`.

    A policy for all commands would be asked beside the one for reading: every question would say its condition twice.
    """
    seen = f"{_SEEN.format(community=community, grid=grid, own=own)} or {keeper}"
    return RunSQL(
        f"""
        alter table {table} enable row level security;
        alter table {table} force row level security;
        create policy read_{table} on {table} for select using ({seen} or {also});
        create policy add_{table} on {table} for insert with check ({seen});
        create policy change_{table} on {table} for update using ({seen}) with check ({seen});
        create policy remove_{table} on {table} for delete using ({seen});
        """,
        f"""
        drop policy remove_{table} on {table};
        drop policy change_{table} on {table};
        drop policy add_{table} on {table};
        drop policy read_{table} on {table};
        alter table {table} no force row level security;
        alter table {table} disable row level security;
        """,
    )


def through_resident(table: str, column: str = "resident_id") -> RunSQL:
    """Rows of ``table`` are seen exactly when their resident is: the subquery is itself under the policy."""
    return guard(table, _THROUGH.format(table=table, column=column))


def guard(table: str, seen: str) -> RunSQL:
    """Rows of ``table`` are seen and written exactly where the SQL expression ``seen`` holds."""
    return RunSQL(
        f"""
        alter table {table} enable row level security;
        alter table {table} force row level security;
        create policy all_{table} on {table} for all using ({seen}) with check ({seen});
        """,
        f"""
        drop policy all_{table} on {table};
        alter table {table} no force row level security;
        alter table {table} disable row level security;
        """,
    )
