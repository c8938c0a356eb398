"""``load_demo``: the demo community, now or (``--defer``) in the worker."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from procrastinate.exceptions import AlreadyEnqueued

from jiamenkou.foundation.access.demo import report_demo_progress
from jiamenkou.fronts import demo
from jiamenkou.fronts.tasks import load_demo


class Command(BaseCommand):
    help = "load the demo community"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--defer", action="store_true", help="let the worker do it")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("不是演示环境。")
        if not options["defer"]:
            demo.load()
            return
        report_demo_progress(0, 1, "排队中")
        try:
            load_demo.defer()
        except AlreadyEnqueued:
            self.stdout.write("已经在装了")
