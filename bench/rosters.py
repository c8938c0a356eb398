"""Rosters: a dry run of 100,000 rows with all checks, in wall and CPU seconds and resident memory.

Each size runs in a process of its own, so that one run's memory is not another's; the child that parses is
counted separately and added.
"""

from __future__ import annotations

import gc
import json
import math
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from jiamenkou.foundation.people.roster.identity import check_digit

ROWS = 100_000
TODAY = date(2026, 11, 22)
HEADINGS = [
    *("序号", "姓名", "身份证号", "性别", "出生日期", "手机号", "户籍地", "居住地址", "网格", "楼栋", "单元", "房号"),
    *("与户主关系", "户主身份证号", "就业状态", "技能", "人员类别", "备注"),
]
GRIDS = [f"第{number}网格" for number in "一二三四五六"]


def write_roster(path: Path, rows: int, seed: int = 1) -> None:
    """A roster of invented people, one row in fifty with an error of some kind."""
    from openpyxl import Workbook

    chance = random.Random(seed)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("花名册")
    sheet.append(HEADINGS)
    for index in range(rows):
        sheet.append(_row(chance, index))
    book.save(path)


def _row(chance: random.Random, index: int) -> list[Any]:
    born = date(1940, 1, 1) + timedelta(days=chance.randrange(29_000))
    first17 = f"32040{chance.randrange(1, 9)}{born:%Y%m%d}{chance.randrange(1000):03d}"
    number = first17 + check_digit(first17)
    sex = "男" if int(number[16]) % 2 else "女"
    wrong = chance.randrange(50) == 0
    if wrong:
        number = number[:16] + str((int(number[16]) + 1) % 10) + number[17]
    building, unit, room = 1 + index // 480 % 40, 1 + index // 120 % 4, f"{1 + index % 18}0{1 + index % 4}"
    return [
        index + 1,
        "张王李赵"[chance.randrange(4)] + chr(0x4E00 + chance.randrange(8000)) + chr(0x4E00 + chance.randrange(8000)),
        number,
        sex,
        born,
        f"138 0000 {chance.randrange(10_000):04d}",
        "江苏省常州市",
        f"兰翔{1 + index // 20_000}村{building}幢{unit}单元{room}室",
        chance.choice(GRIDS),
        f"{building}幢",
        unit,
        room,
        "户主",
        None if wrong else number,
        chance.choice(["在职", "退休", "失业", "灵活就业"]),
        chance.choice(["家政、月嫂", "电工", "理发;会计", None]),
        chance.choice(["党员", None, None]),
        "每周回访",
    ]


def dry_run(path: str) -> dict[str, float]:
    """One dry run in this process: against a register that already knows every second person."""
    from jiamenkou.foundation.people.roster import make_plan, read_roster
    from jiamenkou.foundation.people.roster.memory import MemoryRegister

    gc.disable()  # as the command does
    started = time.perf_counter()
    roster = read_roster(path, TODAY)
    read = time.perf_counter() - started
    plan = make_plan(roster, MemoryRegister(GRIDS))
    summary = plan.summary()
    wall = time.perf_counter() - started
    own, child = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "rows": summary["rows"],
        "errors": summary["error"],
        "wall_s": round(wall, 2),
        "read_s": round(read, 2),
        "cpu_s": round(own.ru_utime + own.ru_stime + child.ru_utime + child.ru_stime, 2),
        "rss_mb": round((own.ru_maxrss + child.ru_maxrss) / 1024),
        "parent_mb": round(own.ru_maxrss / 1024),
    }


def _measured(path: Path) -> dict[str, float]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        [sys.executable, "-m", "bench.rosters", str(path)], capture_output=True, text=True, check=True, env=environment
    )
    result: dict[str, float] = json.loads(done.stdout)
    return result


def run() -> dict[str, Any]:
    """The figures of ``make bench``: n, 4n, 16n rows (16n = 100,000) and the growth exponent of CPU time."""
    sizes = [ROWS // 16, ROWS // 4, ROWS]
    with tempfile.TemporaryDirectory() as folder:
        runs = []
        for size in sizes:
            path = Path(folder) / f"{size}.xlsx"
            write_roster(path, size)
            runs.append(_measured(path))
    exponent = math.log(runs[-1]["cpu_s"] / runs[0]["cpu_s"]) / math.log(sizes[-1] / sizes[0])
    return {
        "name": "roster of 100,000 rows, dry run with all checks",
        "targets": {"wall_s": 30, "rss_mb": 400},
        "runs": runs,
        "exponent": round(exponent, 2),
        "reached": runs[-1]["wall_s"] < 30 and runs[-1]["rss_mb"] < 400,
    }


if __name__ == "__main__":
    print(json.dumps(dry_run(sys.argv[1]) if len(sys.argv) > 1 else run(), ensure_ascii=False))
