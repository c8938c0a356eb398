from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection


class Command(BaseCommand):
    help = "one row, as if it were a community"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--defer", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("insert into note (text) values ('demo')")
