"""``jiamenkou manage verify_audit``: walk the whole chain; exit 1 and a line for each problem where it does not hold."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from jiamenkou.commandline import PROBLEMS
from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.audit.chain import ANCHORS, verify


class Command(BaseCommand):
    help = "核对留痕：封条是否相接、内容是否被改过、与库外锚点是否一致"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anchors", default=None, metavar="FILE", help="default: the file in the data directory")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["anchors"]) if options["anchors"] else settings.DATA_DIR / ANCHORS
        with scope(EVERYTHING):
            verdict = verify(path)
        for problem in verdict.problems:
            self.stderr.write(problem)
        self.stdout.write(f"封条 {verdict.seals} 个，留痕 {verdict.entries} 条，问题 {len(verdict.problems)} 个")
        if not path.exists():
            self.stderr.write(f"没有库外锚点文件 {path}：末尾被截断时看不出来")
        if verdict.problems:
            sys.exit(PROBLEMS)
