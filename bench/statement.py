"""Figures of ``engines/statement``: how right, how fast, how much memory.

``python -m bench.statement`` prints JSON; ``run()`` returns it. Samples and invented lives are scored side by side,
because the words and thresholds were tuned on none of them alone. Each timed review is the whole command in a process of
its own, from its start to its JSON: wall and CPU seconds, peak memory. On a busy machine CPU seconds are the steadier
figure, though they grow as well when the other half of a core works.
"""

from __future__ import annotations

import csv
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from openpyxl import Workbook
from tests.engines.statement.lives import LIVES
from tests.engines.statement.other_lives import OTHERS
from tests.engines.statement.score import Score, score_life, score_sample, total
from tests.shared import ROOT

SEEDS = range(500, 510)
SIZES = (3_125, 12_500, 50_000)  # n, 4n, 16n
KINDS = ("ordinary", "dense", "round", "equal", "workbook")
SAMPLES = ("agent", "worker", "stall", "pensioner", "trickster", "shuffler")
HEADER = [
    "序号",
    "交易日期",
    "交易时间",
    "交易类型",
    "借贷",
    "交易金额",
    "余额",
    "对方账号",
    "对方户名",
    "交易地点",
    "摘要",
]
TARGETS = {
    "precision": 0.97,
    "recall": 0.92,
    "excused": 0.10,
    "months": 0.05,
    "wall_s_50000": 3.0,
    "rss_mb_50000": 300,
}


def run() -> dict[str, object]:
    """Scores by person and life, the speed at three sizes of an ordinary and of a dense file, the growth exponent."""
    base = Path(os.environ.get("JIAMENKOU_SHARED", ROOT.parent / "shared")) / "data" / "statements"
    return {
        "targets": TARGETS,
        "samples": {person: _figures(score_sample(base / person)) for person in SAMPLES if (base / person).exists()},
        "lives": {name: _figures(total(score_life(make(seed)) for seed in SEEDS)) for name, make in LIVES.items()},
        "other_lives": {name: _figures(total(score_life(make(s)) for s in SEEDS)) for name, make in OTHERS.items()},
        "speed": {kind: _speed(kind) for kind in KINDS},
    }


def _figures(score: Score) -> dict[str, object]:
    return {
        "lines": score.lines,
        "wrong": score.wrong,
        "precision": round(score.precision, 4),
        "recall": round(score.recall, 4),
        "excused": round(score.excused_share, 4),
        "months": round(score.months, 4),
        "tampering": f"{score.tampering_found}/{score.tampering}",
        "chance": round(score.chance, 4),
    }


def _speed(kind: str) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        paths = [_file(Path(folder) / f"{kind}{size}.csv", kind, size) for size in SIZES]
        measured = [_measure(_workbook(path) if kind == "workbook" else path) for path in paths]
    seconds = [cpu for _, cpu, _ in measured]
    return {
        "lines": list(SIZES),
        "wall_s": [round(wall, 2) for wall, _, _ in measured],
        "cpu_s": [round(cpu, 2) for cpu in seconds],
        "rss_mb": [round(rss) for _, _, rss in measured],
        "exponent": round(math.log(seconds[-1] / seconds[0]) / math.log(SIZES[-1] / SIZES[0]), 2),
    }


def _measure(path: Path) -> tuple[float, float, float]:
    """Wall and CPU seconds and peak MB of one whole review, the start of the process included."""
    code = (
        "import re, resource, sys; from jiamenkou.engines.statement.commands import main; main(sys.argv[1:]);"
        "u = resource.getrusage(resource.RUSAGE_SELF); status = open('/proc/self/status').read();"
        "print(u.ru_utime + u.ru_stime, re.search(r'VmHWM:\\s+(\\d+)', status)[1], file=sys.stderr)"
    )
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, "review", str(path), "--json"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    wall = time.perf_counter() - started
    cpu, peak = done.stderr.split()
    return wall, float(cpu), float(peak) / 1024


def _workbook(path: Path) -> Path:
    """The same rows as a workbook."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            sheet.append(row)
    book.save(path.with_suffix(".xlsx"))
    return path.with_suffix(".xlsx")


def _file(path: Path, kind: str, size: int) -> Path:
    """An invented BOCOM export: shopping and some transfers, or nothing but transfers that could all be deals; ``round``
    has five sums, ``equal`` one sum in and out for everybody, with words that mean nothing or everything.
    """
    chance = random.Random(f"{kind}{size}")
    names = [a + b + c for a in "卜尤石温庄晏瞿阎" for b in "嘉望立书" for c in "树舒秋言"]
    when, balance = datetime(2024, 1, 1), 10**10
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(size):
            when += timedelta(seconds=chance.randint(1, 1_200))
            shopping = kind in {"ordinary", "workbook"} and chance.random() < 0.9
            arrives = not shopping and chance.random() < 0.5
            amount = chance.randint(300, 20_000) if shopping else chance.randint(20_000, 5_000_000)
            if kind == "round":
                amount = chance.choice([100_000, 200_000, 300_000, 500_000, 1_000_000])
            if kind == "equal":
                amount = 1_000_000
            balance += amount if arrives else -amount
            flat = f"代{chance.choice(names)}付房款{chance.randint(1, 30)}-{chance.randint(101, 1802)}"
            writer.writerow(
                [
                    number,
                    f"{when:%Y-%m-%d}",
                    f"{when:%H:%M:%S}",
                    "网银转账",
                    "贷 Cr" if arrives else "借 Dr",
                    f"{amount / 100:.2f}",
                    f"{balance / 100:.2f}",
                    "6222****0000",
                    "街角超市" if shopping else chance.choice(names),
                    "网络支付",
                    flat if kind == "dense" else chance.choice(["", "房款", "代付"]) if kind == "equal" else "",
                ]
            )
    return path


if __name__ == "__main__":
    json.dump(run(), sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
