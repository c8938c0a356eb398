"""What signing in leaves behind goes after a day; what is in use stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from jiamenkou.foundation.access import codes
from jiamenkou.foundation.access.limits import Rate, hit, spend
from jiamenkou.foundation.access.models import Counter, PhoneCode, Recent
from jiamenkou.foundation.access.sweep import sweep


@pytest.mark.django_db
def test_only_what_is_over_goes() -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        codes.request_code("13800001234", "192.0.2.1")
        clock.shift(timedelta(hours=23))
        assert sweep() == 0
        hit("t", "a", Rate(1, 3600))
        spend("t", "a", 5)
        clock.shift(timedelta(hours=1, seconds=1))
        assert sweep() > 0
        assert not PhoneCode.objects.exists()
        assert Recent.objects.count() == 0 or all(row.until > timezone.now() for row in Recent.objects.order_by("id"))
        clock.shift(timedelta(days=3))
        sweep()
        assert not Recent.objects.exists()
        assert not Counter.objects.exists()
