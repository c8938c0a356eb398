"""WeChat sign-in: only where an app is configured, only for accounts that a phone code has tied to the openid.

The provider is a stranger: whatever it answers, the visitor sees the sign-in page and a sentence, never a 500.
"""

from __future__ import annotations

from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.weixin.views import oauth2_callback, oauth2_login
from django.conf import settings
from django.db import DataError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from jiamenkou.foundation.access.guards import for_everyone, writes_on_get
from jiamenkou.foundation.people.models import Account

PROVIDER = "weixin"
WAITING = "wechat_openid"
PROBLEM = _("微信登录没有成功，请用手机号登录。")


@for_everyone
@writes_on_get("the state that WeChat sends back is kept in the session")
@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """Off to WeChat."""
    if not settings.WEIXIN_ID:
        raise Http404
    answer: HttpResponse = oauth2_login(request)
    return answer


@for_everyone
@writes_on_get("WeChat sends people back by a redirect")
@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """Back from WeChat. The adapters decide what follows."""
    if not settings.WEIXIN_ID:
        raise Http404
    try:
        # a savepoint: what the database refuses (a nickname with a zero byte) must not spoil the visit
        with transaction.atomic():
            answer: HttpResponse = oauth2_callback(request)
    except (KeyError, ValueError, TypeError, AttributeError, DataError):
        # a profile without openid, a list for an object, not JSON at all
        return failed()
    return answer


def failed() -> HttpResponse:
    """To the sign-in page, which says that WeChat did not work."""
    return HttpResponseRedirect(reverse("signin:phone") + "?problem=wechat")


def wait_for_phone(request: HttpRequest, openid: str) -> HttpResponse:
    """An openid nobody is tied to yet: the phone code decides whose it is."""
    request.session[WAITING] = openid
    return HttpResponseRedirect(reverse("signin:phone"))


def waiting_openid(request: HttpRequest) -> str:
    """The openid that this browser proved to WeChat and that has no account yet, or an empty string."""
    if not request.session.session_key:
        return ""
    return str(request.session.get(WAITING, ""))


def connect(account: Account, openid: str) -> None:
    """Tie a proved openid to the account a phone code has just proved. An openid has one account, and keeps it."""
    if openid:
        SocialAccount.objects.get_or_create(provider=PROVIDER, uid=openid, defaults={"user": account})
