"""``demo_accounts --json``: one fresh one-time sign-in for each demo account (contracts: demo accounts)."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from jiamenkou.foundation.access import demo_signins
from jiamenkou.foundation.access import scope as scopes


class Command(BaseCommand):
    help = "sign-ins of the demo community; each link works once, on this machine only"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document")
        parser.add_argument("--url", default=settings.PUBLIC_URL, help="where the web server answers")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("不是演示环境，没有演示账号。")
        with scopes.scope(scopes.EVERYTHING, actor="命令行", reason="列出演示账号"):
            found = demo_signins.sign_ins(options["url"].rstrip("/"))
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
            return
        for one in found:
            where = one["community"] or ""
            self.stdout.write(f"{one['role']:<18}{one['name']}\t{where}\t{one['phone'] or ''}\t{one['login_url']}")
