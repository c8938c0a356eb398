"""What allauth asks of us: no open sign-up, no e-mail, WeChat for accounts that are tied to it already."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest, HttpResponseRedirect

from jiamenkou.foundation.access import sessions
from jiamenkou.foundation.people.models import Account
from jiamenkou.fronts.signin import wechat


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Our own rules for sessions take over here; allauth's login pipeline is never entered."""
        account = sociallogin.user
        if not sociallogin.is_existing or not isinstance(account, Account):
            raise ImmediateHttpResponse(wechat.wait_for_phone(request, sociallogin.account.uid))
        if not account.is_active:
            raise ImmediateHttpResponse(wechat.failed())
        sessions.begin(request, account, way="wechat", strong=False)
        raise ImmediateHttpResponse(HttpResponseRedirect("/"))

    def on_authentication_error(self, request: HttpRequest, provider: Any, **about: Any) -> None:
        raise ImmediateHttpResponse(wechat.failed())
