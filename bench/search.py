"""Search over 100,000 vacancies, in the database: the newest page and the capped count, by how common the word is.

``python -m bench.search [--json] [--rows N]``. A PostgreSQL of its own in a temporary folder. Every answer is compared
with a plain scan of all rows: a missed row is a fault, not a figure.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bench._database import own_database

ROWS = 100_000
TARGET_MS = 20.0
TRIES = 15
KIND = "vacancy"
TITLES = ["护理员", "保洁员", "家政服务员", "收银员", "理货员", "厨师", "洗碗工", "保安", "缝纫工", "快递分拣员"]
RARE = ["助浴师", "修表匠", "标本制作员", "古籍修复员", "养蜂员"]
LEADS = ["日间", "社区", "夜班", "急招", "长期", "中心", "周末", "商场", "工厂", "上门"]
FIRMS = ["颐安居", "洁美佳", "鲜又多", "锦绣", "安达", "福满园", "天和", "永盛", "云帆", "星禾"]
TRADES = ["养老服务中心", "物业公司", "超市", "餐饮店", "服装厂", "物流公司"]
STREETS = ["梧桐路", "河畔路", "桂花街", "银杏巷", "长堤路", "锦程大道", "松柏路", "人民路"]
TAGS = ["双休", "包午餐", "五险", "日结", "住宿", "全勤奖"]
WORDS: dict[str, list[str]] = {
    "rare": ["助浴", "养蜂", "修表匠", "标本", "籍"],
    "common": ["护理", "保洁", "员", "超市", "收银", "养老护理", "餐", "包午餐"],
    "quarter": ["社区", "社"],
    "several words": ["收银 双休", "护理 梧桐", "助浴 日结", "护 夜 五险", "养蜂 保安"],
    "traditional": ["護理", "養老", "標本"],
    "initials": ["zys", "hly", "bj", "yfy"],
    "nothing": ["鲸", "宇航", "zzq"],
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.search", description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    figures = run(given.rows)
    if given.json:
        print(json.dumps(figures, ensure_ascii=False))
    else:
        for name, figure in figures["words"].items():
            print(
                f"{name:<14} page p50 {figure['p50_ms']:6.2f} p95 {figure['p95_ms']:6.2f} max {figure['max_ms']:6.2f} ms"
                f"  count p95 {figure['count_p95_ms']:6.2f} ms  recall {figure['recall']:.3f}"
            )
        print(f"rows {figures['rows']:,}  filled in {figures['fill_s']:.1f} s  index {figures['index_mb']:.1f} MB")
    return 0 if figures["ok"] else 1


def run(rows: int = ROWS) -> dict[str, Any]:
    """Milliseconds per group of words, recall, and whether every target is met."""
    with own_database():
        return _measure(rows)


def _measure(rows: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", "search", verbosity=0)
    started = time.perf_counter()
    texts = _fill(rows)
    fill = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze search_publicentry")
        cursor.execute("select pg_relation_size('public_grams')")
        size = cursor.fetchone()[0]
    groups = {name: _group(words, texts) for name, words in WORDS.items()}
    connection.close()
    ok = all(g["p95_ms"] < TARGET_MS and g["count_p95_ms"] < TARGET_MS and g["recall"] == 1 for g in groups.values())
    return {"rows": rows, "fill_s": fill, "index_mb": size / 2**20, "words": groups, "ok": ok}


def _fill(rows: int) -> list[tuple[int, str, str]]:
    """Synthetic vacancies, newest last. Returns (id, folded text, initials) for the plain scan."""
    from jiamenkou.foundation.search.folding import first_letters, fold
    from jiamenkou.foundation.search.indexing import Item, index_many

    chance, start = random.Random(7), datetime(2026, 1, 1, tzinfo=UTC)
    items = []
    for number in range(1, rows + 1):
        title = chance.choice(RARE) if chance.randrange(1000) == 0 else chance.choice(TITLES)
        lead = "社区" if chance.randrange(4) == 0 else chance.choice(LEADS)
        firm = chance.choice(FIRMS) + chance.choice(TRADES)
        place = f"{chance.choice(STREETS)}{chance.randrange(1, 300)}号"
        tags = tuple(chance.sample(TAGS, 2))
        items.append(Item(number, None, lead + title, (firm, place, title, *tags), start + timedelta(minutes=number)))
    for at in range(0, rows, 10_000):
        index_many(KIND, items[at : at + 10_000])
    plain = []
    for item in items:
        text = "\n".join(fold(part) for part in (item.title, *item.parts))
        plain.append((item.object_id, text, first_letters(text.split("\n"))))
    return plain


def _group(words: list[str], texts: list[tuple[int, str, str]]) -> dict[str, float]:
    from jiamenkou.foundation.search.folding import fold, is_letters
    from jiamenkou.foundation.search.indexing import COUNTED, count_public, find_public

    page, count, found, expected = [], [], 0, 0
    for word in words:
        terms = fold(word).split()
        hits = [
            number
            for number, text, letters in texts
            if all(term in text or (is_letters(term) and term in letters) for term in terms)
        ]
        # every hit of a rare word, the newest page of a common one
        wanted = sorted(hits, reverse=True)[:500]
        got = set(find_public(KIND, word, None, 500).ids)
        expected += len(wanted)
        found += len(got & set(wanted)) if got <= set(hits) else 0
        assert count_public(KIND, word, None).value == min(len(hits), COUNTED + 1), word
        page += _times(lambda word=word: find_public(KIND, word, None, 20))
        count += _times(lambda word=word: count_public(KIND, word, None))
    return {
        "p50_ms": statistics.median(page),
        "p95_ms": _p95(page),
        "max_ms": max(page),
        "count_p95_ms": _p95(count),
        "recall": found / expected if expected else 1.0,
    }


def _times(work: Callable[[], object]) -> list[float]:
    spent = []
    for _ in range(TRIES):
        started = time.perf_counter()
        work()
        spent.append((time.perf_counter() - started) * 1000)
    return spent


def _p95(values: list[float]) -> float:
    return sorted(values)[max(0, round(len(values) * 0.95) - 1)]


if __name__ == "__main__":
    raise SystemExit(main())
