import json
import os
from typing import Any

from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "one sign-in"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        account = {
            "role": "resident",
            "name": "陈一鸣",
            "community": "A01",
            "phone": "13800001234",
            "username": None,
            "login_url": f"http://127.0.0.1:{os.environ['PORT']}/in/x",
        }
        self.stdout.write(json.dumps([account], ensure_ascii=False))
