from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "jiamenkou.foundation.audit"
    label = "audit"
    verbose_name = "留痕"

    def ready(self) -> None:
        post_migrate.connect(hold, sender=self)


def hold(using: str = "default", **about: Any) -> None:
    """After every migration, and so after every restore: no trigger can be ignored, transactions count on."""
    from django.db import connections

    from jiamenkou.foundation.audit.triggers import GO_ON, NEVER_IGNORED

    with connections[using].cursor() as cursor:
        cursor.execute("select to_regproc('public._pgtrigger_should_ignore'), to_regclass('audit_epoch')")
        trigger, epoch = cursor.fetchone() or (None, None)
        if trigger is not None:
            cursor.execute(NEVER_IGNORED)
        if epoch is not None:
            cursor.execute(GO_ON)
