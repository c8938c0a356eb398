"""Where a form goes on to, and how a moment is said on a phone."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

DAYS = "一二三四五六日"


def back_to(request: HttpRequest, otherwise: str) -> str:
    """``next`` if it is a page of ours, never another site's."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    local = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if local else otherwise


def said(moment: datetime, now: datetime) -> str:
    """``9:12`` today, ``昨天``, ``周一`` within the last week, else ``11月3日``."""
    at, today = timezone.localtime(moment), timezone.localdate(now)
    ago = (today - at.date()).days
    if ago == 0:
        return f"{at.hour}:{at.minute:02d}"
    if ago == 1:
        return _("昨天")
    if 1 < ago < 7:
        return "周" + DAYS[at.weekday()]
    return f"{at.month}月{at.day}日" if at.year == today.year else f"{at.year}年{at.month}月{at.day}日"
