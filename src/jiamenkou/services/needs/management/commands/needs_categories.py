from typing import Any

from django.core.management.base import BaseCommand

from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.services.needs.catalogue import plant_categories


class Command(BaseCommand):
    help = "Plant the common kinds of need where they are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        with scope(EVERYTHING, actor="system:needs", reason="建立常见的需求分类"):
            planted = plant_categories()
        self.stdout.write(f"{planted} categories planted")
