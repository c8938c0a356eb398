"""One-time sign-in links of the demo community: hashed, loopback only, once, second factor included."""

from __future__ import annotations

import ipaddress
import secrets
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from jiamenkou.foundation.access.models import OneTimeLink
from jiamenkou.foundation.people.models import Account
from jiamenkou.foundation.vault.service import blind_index

DEMO_PREFIX = "demo-"
LIFETIME = timedelta(days=1)


def is_demo(account: Account) -> bool:
    """Whether the account belongs to the demo community and this is the demo."""
    return bool(settings.DEMO) and account.username.startswith(DEMO_PREFIX)


def make_link(account: Account) -> str:
    """The path of a fresh link for a demo account. The token is nowhere but in the answer."""
    if not is_demo(account):
        raise ValueError("links are for demo accounts of a demo only")
    token = secrets.token_urlsafe(32)
    OneTimeLink.objects.create(token_hash=blind_index("link", token), account=account)
    return f"/signin/once/{token}"


def use_link(token: str, address: str, forwarded: bool) -> Account | None:
    """The account of an unused link opened on this machine itself, or None. ``forwarded``: a proxy stood between."""
    if not settings.DEMO_LINKS or forwarded or not is_loopback(address):
        return None
    now = timezone.now()
    fresh = OneTimeLink.objects.filter(
        token_hash=blind_index("link", token), used_at__isnull=True, made_at__gt=now - LIFETIME
    )
    # the conditional update decides: of two parallel openings one finds the row already used
    if fresh.update(used_at=now) != 1:
        return None
    link = OneTimeLink.objects.select_related("account").get(token_hash=blind_index("link", token))
    return link.account if is_demo(link.account) and link.account.is_active else None


def is_loopback(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return (mapped or parsed).is_loopback
