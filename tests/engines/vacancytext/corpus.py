"""Our own recruiting messages with gold fields, and the measure they are scored by.

``corpus_first.jsonl`` was written beside the parser, the others after it, each before anything was changed for it: their
first scores are the honest ones and stand in docs/developer/vacancytext.md. People and numbers are invented. Absent fields are left out.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SCALARS = (
    "title",
    "headcount",
    "pay_min",
    "pay_max",
    "pay_unit",
    "hours",
    "start_time",
    "end_time",
    "rest",
    "place",
    "employer",
    "contact",
)
LISTS = ("phones", "requirements", "benefits", "discriminatory")
EXACT = frozenset({"headcount", "pay_min", "pay_max", "pay_unit", "start_time", "end_time", "phones"})

Draft = dict[str, Any]


def messages(name: str) -> list[Draft]:
    """The messages of one corpus file."""
    return [json.loads(line) for line in (HERE / f"corpus_{name}.jsonl").read_text("utf-8").splitlines() if line]


def _plain(value: object) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", str(value)).lower() if char.isalnum())


def alike(field: str, gold: object, said: object) -> bool:
    """Exact for numbers, units and times; else one holds the other, or their bigrams agree by 0.6 (lists 0.5)."""
    if field == "phones":
        return "".join(filter(str.isdigit, str(gold))) == "".join(filter(str.isdigit, str(said)))
    if field in EXACT:
        return gold == said
    left, right = sorted((_plain(gold), _plain(said)), key=len)
    if not left or (len(left) >= 2 and left in right and len(right) <= 4 * len(left)):
        return bool(left)
    one, two = ([word[i : i + 2] for i in range(max(1, len(word) - 1))] for word in (left, right))
    both = sum((Counter(one) & Counter(two)).values())
    return 2 * both / (len(one) + len(two)) >= (0.5 if field in LISTS else 0.6)


def _pair(gold: list[Draft], said: list[Draft]) -> list[tuple[Draft, Draft]]:
    """Posts of the same title, in order; what is left over is paired with nothing."""
    left, pairs = list(said), []
    for post in gold:
        match = next((one for one in left if one["title"] and alike("title", post["title"], one["title"])), None)
        if match is None and len(gold) == len(said) == 1:
            match = left[0]
        if match is not None:
            left.remove(match)
        pairs.append((post, match or {}))
    return [*pairs, *(({}, post) for post in left)]


def _view(gold: Draft, said: Draft) -> Draft:
    """The stated wage that agrees best: 综合工资 beside the basic rate is right as well."""
    keys = ("pay_min", "pay_max", "pay_unit")
    views = [{key: reading.get(key) for key in keys} for reading in (gold, *gold.get("pay_alt", ()))]
    return {**gold, **max(views, key=lambda view: sum(view[key] == said.get(key) for key in keys))}


def score(gold: Iterable[Draft], parse: Callable[[str], list[Draft]]) -> dict[str, float]:
    """F1 by field; ``macro`` over fields with five gold values or more; ``count``: right number of posts."""
    tally: dict[str, list[int]] = {field: [0, 0, 0] for field in (*SCALARS, *LISTS)}  # right, said, gold
    right = total = 0
    for message in gold:
        said = parse(message["text"])
        total += 1
        right += len(said) == len(message["posts"])
        for wanted, got in _pair(message["posts"], said):
            view = _view(wanted, got)
            for field in SCALARS:
                ours, theirs = got.get(field), view.get(field)
                tally[field][0] += ours is not None and theirs is not None and alike(field, theirs, ours)
                tally[field][1] += ours is not None
                tally[field][2] += theirs is not None
            for field in LISTS:
                left = list(got.get(field, ()))
                tally[field][1] += len(left)
                tally[field][2] += len(view.get(field, ()))
                for theirs in view.get(field, ()):
                    hit = next((ours for ours in left if alike(field, theirs, ours)), None)
                    if hit is not None:
                        left.remove(hit)
                        tally[field][0] += 1
    fields = {
        field: 2 * hit / (said_ + wanted_) if said_ + wanted_ else 0.0
        for field, (hit, said_, wanted_) in tally.items()
    }
    counted = [fields[field] for field in fields if tally[field][2] >= 5]
    return {**fields, "macro": sum(counted) / len(counted), "count": right / total}
