"""The demo community: places and people first, then every room by its order. Each step is one transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from django.utils import timezone

from jiamenkou.foundation.access.demo import report_demo_progress
from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.events.contributions import rooms
from jiamenkou.foundation.people.demo import load as people
from jiamenkou.foundation.places.demo import COMMUNITIES, plant_places
from jiamenkou.foundation.places.models import Place

log = logging.getLogger(__name__)
Step = tuple[str, Callable[[], object]]


class DemoIncomplete(RuntimeError):
    """Some steps could not be loaded; the message names them."""


def steps() -> list[Step]:
    today, now = timezone.localdate(), timezone.now()
    found: list[Step] = [("画出街道、社区和网格", plant_places)]
    for plan in COMMUNITIES:
        found.append((f"导入{plan.name}的花名册", partial(people.import_community, plan, today, now)))
    found += [("安排工作人员", people.make_staff), ("给居民开通账号", people.make_residents)]
    with_demo = sorted(
        (room for room in rooms() if room.demo is not None), key=lambda room: (room.demo_order, room.name)
    )
    for room in with_demo:
        assert room.demo is not None
        found.append((f"布置{room.label}", partial(room.demo, lambda words: None)))
    return found


def load() -> None:
    """Load everything, once. A step that fails is undone whole, and said; the others go on.

    Raises :class:`DemoIncomplete` at the end: the house is then not ready, and says what is missing.
    """
    if Place.objects.filter(code=COMMUNITIES[0].code).exists():
        return
    todo = steps()
    missing: list[str] = []
    for number, (words, step) in enumerate(todo):
        report_demo_progress(number - len(missing), len(todo), words)
        try:
            with scope(EVERYTHING, actor="system:demo", reason="示范数据"):
                step()
        except Exception:
            log.exception("demo step failed: %s", words)
            missing.append(words)
    if missing:
        told = f"没有装好：{'、'.join(missing)}（worker.log 里有原因）"
        report_demo_progress(len(todo) - len(missing), len(todo), told)
        raise DemoIncomplete(told)
    report_demo_progress(len(todo), len(todo), "好了")
