"""From the bytes of a feed to vacancies: find the records, map their fields, check them as a form would be."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jiamenkou.foundation.people.models import Organisation
from jiamenkou.services.jobs.forms.rows import HEADINGS, Reading, read_row
from jiamenkou.services.jobs.models.feed import Feed, FeedFormat

MOST_RECORDS = 20_000
REFERENCE = "reference"
# what a mapping may name: ours -> the words for it
MAPPABLE: Mapping[str, str] = {REFERENCE: "对方编号", **HEADINGS}
REQUIRED = ("title", "employer")


class BadFeed(Exception):
    """The whole answer cannot be used. ``message`` says why in plain Chinese."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the other side's number for it, our reading, and digests of its identity and its content."""

    reference: str
    reading: Reading
    digest: str


def read_feed(feed: Feed, body: bytes) -> list[Record]:
    """Every record, in order, the first of each reference. Raises :class:`BadFeed`."""
    text = _decoded(body)
    raw = _json(text, feed.records) if feed.format == FeedFormat.JSON else _csv(text)
    if not raw:
        raise BadFeed("一条记录也没有取到，原有岗位没有动。")
    if len(raw) > MOST_RECORDS:
        raise BadFeed(f"记录超过 {MOST_RECORDS:,} 条，没有读。")
    records: dict[str, Record] = {}
    for row in raw:
        record = _record(feed.mapping, row)
        records.setdefault(record.reference, record)
    return list(records.values())


def _decoded(body: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFeed("文字编码认不出来（要 UTF-8 或 GBK）。")


def _json(text: str, path: str) -> list[dict[str, Any]]:
    """The list at ``data.rows``; the whole document where the path is empty."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise BadFeed("内容不是 JSON。") from None
    for step in filter(None, path.split(".")):
        if not isinstance(found, dict) or step not in found:
            raise BadFeed(f"没有找到“{step}”，请检查“记录在哪里”。")
        found = found[step]
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise BadFeed("“记录在哪里”指的不是一列记录。")
    return found


def _csv(text: str) -> list[dict[str, Any]]:
    try:
        return [
            {name: value for name, value in row.items() if name is not None}
            for row in csv.DictReader(io.StringIO(text, newline=""))
            if any(row.values())
        ]
    except csv.Error:
        raise BadFeed("内容不是 CSV。") from None


def _record(mapping: Mapping[str, str], row: Mapping[str, Any]) -> Record:
    values = {ours: _at(row, theirs) for ours, theirs in mapping.items() if ours in HEADINGS}
    reading = read_row(values)
    content = json.dumps(reading.given, ensure_ascii=False, sort_keys=True)
    reference = str(_at(row, mapping.get(REFERENCE, "")) or "").strip()[:120] or _identity(reading)
    return Record(reference, reading, hashlib.sha256(content.encode()).hexdigest())


def _at(row: Mapping[str, Any], path: str) -> Any:
    """A field of a record; ``company.name`` reaches into it, unless a field has that very name."""
    if path in row:
        return row[path]
    found: Any = row
    for step in path.split("."):
        if not isinstance(found, dict):
            return None
        found = found.get(step)
    return found


def _identity(reading: Reading) -> str:
    """Employer, title and pay: what makes a post the same where the other side has no number for it."""
    given = reading.given
    pay = "|".join(given.get(name, "") for name in ("pay", "pay_min_fen", "pay_max_fen", "pay_unit"))
    same = f"{Organisation.key_of(given.get('employer', ''))}|{given.get('title', '')}|{pay}"
    return hashlib.sha256(same.encode()).hexdigest()
