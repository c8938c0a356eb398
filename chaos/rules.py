"""``invariants/*.sql``: each is one query that must return no row.

A first line ``-- needs: table …`` names what it reads; where that is not there, it is skipped and said so.
"""

from __future__ import annotations

from pathlib import Path

from psycopg import sql

from chaos.scenarios import Database

FOLDER = Path(__file__).parent / "invariants"


def violated(database: Database) -> tuple[list[str], list[str]]:
    """Faults, one line each with its first row; and the names of the invariants that were skipped."""
    faults, skipped = [], []
    for file in sorted(FOLDER.glob("*.sql")):
        query = file.read_text(encoding="utf-8")
        if not _has(database, _needs(query)):
            skipped.append(file.stem)
            continue
        if rows := database.execute(sql.SQL(query)).fetchall():  # type: ignore[arg-type]  # our own file
            faults.append(f"{file.stem}: {len(rows)} rows, first {rows[0]}")
    return faults, skipped


def _needs(query: str) -> list[str]:
    first = query.split("\n", 1)[0]
    return first.removeprefix("-- needs:").split() if first.startswith("-- needs:") else []


def _has(database: Database, tables: list[str]) -> bool:
    row = database.execute(
        "select bool_and(to_regclass(t) is not null) from unnest(%s::text[]) t", [tables]
    ).fetchone()
    return not tables or bool(row and row[0])
