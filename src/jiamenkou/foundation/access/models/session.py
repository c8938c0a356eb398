from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class Session(AbstractBaseSession):
    """A browser that is signed in, or about to be. The account stands on the row, so that it can list and end its own."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="sessions", verbose_name="账号"
    )
    started_at = models.DateTimeField("登录时间", null=True)
    seen_at = models.DateTimeField("最近使用", null=True)
    device = models.CharField("设备", max_length=40, blank=True)
    way = models.CharField("怎么登录的", max_length=10, blank=True)

    class Meta(AbstractBaseSession.Meta):
        verbose_name = "登录"
        verbose_name_plural = "登录"

    @classmethod
    def get_session_store_class(cls) -> Any:
        from jiamenkou.foundation.access.session_store import SessionStore

        return SessionStore
