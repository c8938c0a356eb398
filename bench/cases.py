"""The closed loop without a database: routing and both clocks of 10,000 cases, and folding their logs.

``python -m bench.cases [--json] [--cases N]``. CPU seconds; target: 10,000 cases routed and timed in under 5 s.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from datetime import datetime, timedelta
from random import Random
from typing import Any

CASES = 10_000
TARGET_S = 5.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.cases", description=__doc__.split("\n")[0])
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    figures = run(given.cases)
    print(json.dumps(figures, ensure_ascii=False) if given.json else figures)
    return 0


def run(cases: int = CASES) -> dict[str, Any]:
    """n, and a quarter of it, with the exponent of the growth between them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiamenkou.site.settings")
    import django

    django.setup()
    small, large = _times(cases // 4), _times(cases)
    import math

    grown = math.log(large["route_and_clock_cpu_s"] / small["route_and_clock_cpu_s"], 4)
    return {"cases": cases, **large, "exponent": round(grown, 2), "target_s": TARGET_S}


def _times(cases: int) -> dict[str, float]:
    from jiamenkou.engines.workdays import CHINA, WorkClock
    from jiamenkou.foundation.access.roles import Role
    from jiamenkou.foundation.cases import clocks
    from jiamenkou.foundation.cases.demo.inventing import Hands, story
    from jiamenkou.foundation.cases.folding import fold
    from jiamenkou.foundation.cases.rates import Log, figures
    from jiamenkou.foundation.cases.routing import Path, desk_for
    from jiamenkou.foundation.cases.standard import RULES, STANDARD
    from jiamenkou.foundation.places.models import Place, PlaceKind

    random = Random(7)
    kinds = (PlaceKind.DISTRICT, PlaceKind.STREET, PlaceKind.COMMUNITY, PlaceKind.GRID)
    path = Path(tuple(Place(pk=n, code=f"32-{n}", kind=kind, name=kind.label) for n, kind in enumerate(kinds, 1)))
    staffed = {(3, Role.WORKER), (2, Role.STREET_OFFICER)}
    start, now = datetime(2025, 3, 3, 9, tzinfo=CHINA), datetime(2026, 3, 3, 9, tzinfo=CHINA)
    rules = [rule for rule in RULES if not rule.protected]
    wanted = [
        (random.choice(rules).category, start + timedelta(minutes=random.randint(0, 500_000))) for _ in range(cases)
    ]
    clock = WorkClock(clocks.standard_calendar())
    began = time.process_time()
    for category, at in wanted:
        rule = STANDARD.rule(category, path.codes)
        desk_for(rule, path, staffed)
        for limit in (rule.response, rule.handle, rule.holder):
            clocks.due_or_none(clock, at, limit)
    routed = time.process_time() - began
    hands = Hands([1, 2, 3], 3)
    told = [
        story(random, clock, STANDARD.rule(kind, path.codes), at, now, hands, n) for n, (kind, at) in enumerate(wanted)
    ]
    began = time.process_time()
    for one in told:
        fold(one.facts)
    folded = time.process_time() - began
    began = time.process_time()
    figures([Log(n, 3, one.facts) for n, one in enumerate(told)], start, now, now)
    counted = time.process_time() - began
    return {
        "route_and_clock_cpu_s": round(routed, 3),
        "fold_cpu_s": round(folded, 3),
        "rates_cpu_s": round(counted, 3),
        "events": sum(len(one.facts) for one in told),
    }


if __name__ == "__main__":
    raise SystemExit(main())
