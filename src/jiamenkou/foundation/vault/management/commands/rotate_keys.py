"""``jiamenkou manage rotate_keys``: wrap every data key under the current master key. May be stopped and run again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from jiamenkou.foundation.vault.service import rotate


class Command(BaseCommand):
    help = "把所有资料密钥改由当前主密钥封存；旧主密钥在显示 0 之后才可以收起"

    def handle(self, *args: Any, **options: Any) -> None:
        total = 0
        while True:
            with transaction.atomic():
                done = rotate()
            total += done
            if not done:
                break
        self.stdout.write(f"已换封 {total} 把，剩余 0 把")
