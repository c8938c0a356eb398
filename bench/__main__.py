"""``python -m bench [NAME …]``: each figure of docs/figures.md, as JSON in bench-out/ and as a table.

CPU time is the steady figure; wall time only as a ratio within one run. A figure that is not reached is printed.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
import time
from pathlib import Path
from typing import Any

import bench

OUT = Path("bench-out")


def names() -> list[str]:
    """Every module of this package that has ``run() -> dict``."""
    return sorted(found.name for found in pkgutil.iter_modules(bench.__path__) if not found.name.startswith("_"))


def flat(value: Any, path: str = "") -> list[tuple[str, Any]]:
    """Nested figures as rows."""
    if isinstance(value, dict):
        return [row for key, inner in value.items() for row in flat(inner, f"{path}.{key}" if path else str(key))]
    return [(path, value)]


def main(wanted: list[str]) -> int:
    OUT.mkdir(exist_ok=True)
    failed = 0
    for name in wanted or names():
        module = importlib.import_module(f"bench.{name}")
        if not hasattr(module, "run"):
            continue
        started = time.perf_counter()
        try:
            figures = module.run()
        except Exception as error:
            failed += 1
            print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
            continue
        (OUT / f"{name}.json").write_text(
            json.dumps(figures, ensure_ascii=False, indent=1, default=str), encoding="utf-8"
        )
        print(f"\n{name}  ({time.perf_counter() - started:.1f} s)")
        for path, value in flat(figures):
            print(f"  {path:<48} {value}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
