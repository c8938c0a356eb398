"""``jiamenkou manage reindex``: every search row anew, after the folding changed or in a database from before the index."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.events.contributions import rooms
from jiamenkou.foundation.people.models import Resident
from jiamenkou.foundation.search.residents import reindex_residents

AT_ONCE = 2_000


class Command(BaseCommand):
    help = "把居民和各项服务的搜索索引重新做一遍；可以随时中断再来"

    def handle(self, *args: Any, **options: Any) -> None:
        last = done = 0
        while True:
            # a transaction for each portion: pages go on meanwhile, and what was done stays
            with scope(EVERYTHING, actor="命令行", reason="重做搜索索引"):
                ids = list(Resident.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
                if not ids:
                    break
                done += reindex_residents(ids)
                last = ids[-1]
        self.stdout.write(f"居民：{done}")
        for room in rooms():
            for again in room.reindex:
                with scope(EVERYTHING, actor="命令行", reason="重做搜索索引"):
                    self.stdout.write(f"{room.label}：{again()}")
