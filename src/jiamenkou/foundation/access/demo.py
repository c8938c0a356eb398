"""How far the demo community is: the loader writes here, readiness and the first page read it."""

from __future__ import annotations

import json

from django.conf import settings

FILE = "demo-progress.json"


def demo_progress() -> tuple[int, int, str]:
    """Steps done, steps in all (0: not begun), and what is being done, for people."""
    path = settings.DATA_DIR / FILE
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0, 0, "还没开始"
    return int(raw["done"]), int(raw["total"]), str(raw["doing"])


def report_demo_progress(done: int, total: int, doing: str) -> None:
    """Written whole and renamed, so that a reader never sees half a file."""
    path = settings.DATA_DIR / FILE
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"done": done, "total": total, "doing": doing}, ensure_ascii=False), encoding="utf-8")
    fresh.replace(path)
