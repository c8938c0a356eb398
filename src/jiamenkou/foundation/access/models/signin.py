from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone


class PhoneCode(models.Model):
    """A code sent to a phone: hashed, five minutes, five tries, bound to the browser that asked.

    ASVS 5.0 6.5.1–6.5.5, 6.6.2, 6.6.3.
    """

    uid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    phone_index = models.BinaryField("手机号索引")
    phone_sealed = models.BinaryField("手机号（密文）")
    code_hash = models.BinaryField("验证码摘要")
    browser_hash = models.BinaryField("浏览器摘要", db_index=True)
    sent_at = models.DateTimeField("发送时间", default=timezone.now, db_index=True)
    tries = models.PositiveSmallIntegerField("试过几次", default=0)
    used_at = models.DateTimeField("用掉时间", null=True)

    class Meta:
        verbose_name = "验证码"
        verbose_name_plural = "验证码"


class OneTimeLink(models.Model):
    """A sign-in link of the demo community: hashed, loopback only, once."""

    token_hash = models.BinaryField("摘要", unique=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="账号")
    made_at = models.DateTimeField("建立时间", default=timezone.now)
    used_at = models.DateTimeField("用掉时间", null=True)

    class Meta:
        verbose_name = "一次性登录"
        verbose_name_plural = "一次性登录"


class StoredAnswer(models.Model):
    """The answer to a command with an idempotency key, sealed, kept 24 hours."""

    key_hash = models.BinaryField("键摘要", unique=True)
    body_hash = models.BinaryField("请求摘要")
    status = models.PositiveSmallIntegerField("状态码", null=True)
    sealed = models.BinaryField("回答（密文）", null=True)
    at = models.DateTimeField("时间", default=timezone.now, db_index=True)

    class Meta:
        verbose_name = "已答请求"
        verbose_name_plural = "已答请求"
