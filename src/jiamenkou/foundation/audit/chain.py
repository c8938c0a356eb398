"""Sealing the audit trail and checking the seals.

The worker seals what is finished; the head of the chain is written to a file outside the database, so that a
tail cut off in the database is noticed. A broken digest names the row.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from jiamenkou.foundation.audit.models import AuditSeal

GENESIS = hashlib.sha256("家门口".encode()).digest()
ANCHORS = "audit-anchors.jsonl"

_FINISHED = "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint + (select shift from audit_epoch)"
_DIGESTS = "select digest from audit_auditentry where xid >= %s and xid < %s order by id"
_BROKEN = """select id from audit_auditentry where xid >= %s and xid < %s
 and case when erased then before is not null or after is not null
          else digest <> sha256(convert_to(concat_ws('|', extract(epoch from at), actor, reason, "table", "row"::text,
                                                     upper(act), before, after), 'UTF8')) end
 order by id limit 20"""


def _hash(previous: bytes, from_xid: int, to_xid: int) -> tuple[bytes, int]:
    running, count = hashlib.sha256(previous), 0
    with connection.cursor() as cursor:
        cursor.execute(_DIGESTS, [from_xid, to_xid])
        while rows := cursor.fetchmany(10_000):
            for (digest,) in rows:
                running.update(digest)
            count += len(rows)
    return running.digest(), count


def seal_finished() -> AuditSeal | None:
    """Seal every entry of a finished transaction that is not sealed yet; None where there is nothing new."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtext('audit_seal'))")
            cursor.execute(_FINISHED)
            row = cursor.fetchone()
        assert row is not None
        to_xid = int(row[0])
        last = AuditSeal.objects.order_by("-to_xid").first()
        from_xid = last.to_xid if last else 0
        if to_xid <= from_xid:
            return None
        digest, count = _hash(bytes(last.hash) if last else GENESIS, from_xid, to_xid)
        if not count:
            return None
        seal = AuditSeal.objects.create(from_xid=from_xid, to_xid=to_xid, count=count, hash=digest, at=timezone.now())
    # not before the seal is there for good: an anchor of a seal that was undone would look like a cut
    transaction.on_commit(lambda: anchor(seal, settings.DATA_DIR / ANCHORS))
    return seal


def anchor(seal: AuditSeal, path: Path) -> None:
    """Append the head of the chain to a file outside the database."""
    line = json.dumps({"to_xid": seal.to_xid, "hash": bytes(seal.hash).hex(), "at": seal.at.isoformat()})
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")


@dataclass(slots=True)
class Verdict:
    """``problems`` is empty when every seal, digest and anchor agrees."""

    seals: int = 0
    entries: int = 0
    problems: list[str] = field(default_factory=list)


def verify(anchors: Path | None = None) -> Verdict:
    """Walk the whole chain; compare with the anchors where the file is there."""
    verdict, previous, at_xid = Verdict(), GENESIS, 0
    known: dict[int, str] = {}
    for seal in AuditSeal.objects.order_by("to_xid"):
        if seal.from_xid != at_xid:
            verdict.problems.append(f"封条 {seal.pk} 与前一条不相接")
        digest, count = _hash(previous, seal.from_xid, seal.to_xid)
        if digest != bytes(seal.hash) or count != seal.count:
            verdict.problems.append(f"封条 {seal.pk} 对不上：应有 {seal.count} 条，现有 {count} 条")
        with connection.cursor() as cursor:
            cursor.execute(_BROKEN, [seal.from_xid, seal.to_xid])
            verdict.problems += [f"留痕 {row[0]} 的内容被改过" for row in cursor.fetchall()]
        known[seal.to_xid] = bytes(seal.hash).hex()
        previous, at_xid = bytes(seal.hash), seal.to_xid
        verdict.seals += 1
        verdict.entries += count
    for line in _anchor_lines(anchors):
        if known.get(line["to_xid"]) != line["hash"]:
            verdict.problems.append(f"库外的锚点（至事务 {line['to_xid']}）在链上找不到：末尾可能被截断")
    return verdict


def _anchor_lines(path: Path | None) -> list[dict[str, Any]]:
    if path is None or not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
