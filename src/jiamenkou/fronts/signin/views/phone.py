"""Residents: phone number, code, and who one is. Known and unknown numbers take the same way."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jiamenkou.foundation.access import accounts, codes, sessions
from jiamenkou.foundation.access.guards import for_everyone, for_residents
from jiamenkou.foundation.access.limits import TooMany
from jiamenkou.foundation.access.phones import spaced
from jiamenkou.foundation.access.sender import NoSender, sender
from jiamenkou.foundation.people.models import Account
from jiamenkou.foundation.vault.crypto import CannotOpen, seal, unseal
from jiamenkou.foundation.vault.service import blind_index
from jiamenkou.fronts.signin import wechat
from jiamenkou.fronts.signin.forms import CodeForm, PhoneForm, WhoForm
from jiamenkou.fronts.signin.web import (
    BROWSER_COOKIE,
    client_address,
    next_page,
    page,
    wait_words,
    with_next,
)

SCREEN_COOKIE = "signin-screen"
_COOKIE_AGE = int(codes.LIFETIME.total_seconds())


@for_everyone
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: HttpRequest) -> HttpResponse:
    """The number. The answer to a good one is the same whoever it belongs to."""
    target = next_page(request)
    if request.method != "POST":
        if request.user.is_authenticated:
            return HttpResponseRedirect(target)
        return _phone_page(request, PhoneForm(), target)
    form = PhoneForm(request.POST)
    if not form.is_valid():
        return _phone_page(request, form, target, status=400)
    try:
        sent = codes.request_code(form.cleaned_data["phone"], client_address(request))
    except TooMany as refused:
        form.add_error("phone", _("发得太勤了，请过 %(wait)s再试。") % {"wait": wait_words(refused)})
        return _phone_page(request, form, target, refused=refused)
    except NoSender:
        form.add_error("phone", _("短信暂时发不出去，请到社区登录。"))
        return _phone_page(request, form, target, status=503)
    return _to_code_page(sent, target)


@for_everyone
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The code. Only the browser that asked for it gets this page."""
    target = next_page(request)
    browser = request.COOKIES.get(BROWSER_COOKIE, "")
    state = codes.waiting(browser) if browser else None
    if request.method != "POST":
        if state is None:
            return HttpResponseRedirect(with_next("signin:phone", target))
        return _code_page(request, CodeForm(), target, state)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _code_page(request, form, target, state, status=400)
    try:
        outcome = codes.check_code(browser, form.cleaned_data["code"], client_address(request))
    except TooMany as refused:
        form.add_error("code", _("试得太勤了，请过 %(wait)s再试。") % {"wait": wait_words(refused)})
        return _code_page(request, form, target, state, refused=refused)
    if outcome is codes.Refused.WRONG:
        form.add_error("code", _("验证码不对，请再看一遍短信。"))
        return _code_page(request, form, target, state, status=400)
    if outcome is codes.Refused.STALE:
        form.add_error("code", _("这个验证码不能用了，请重新发一个。"))
        return _code_page(request, form, target, None, status=400)
    account = accounts.account_for_phone(outcome)
    if not account.is_active:
        form.add_error("code", _("这个号码暂时不能登录，请到社区问一问。"))
        return _code_page(request, form, target, None, status=403)
    openid = wechat.waiting_openid(request)
    sessions.begin(request, account, way="phone", strong=False)
    wechat.connect(account, openid)
    answer = HttpResponseRedirect(target if _is_known(account) else with_next("signin:who", target))
    answer.delete_cookie(BROWSER_COOKIE, samesite="Lax")
    answer.delete_cookie(SCREEN_COOKIE, samesite="Lax")
    return answer


@for_everyone
@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Another code to the same number, as a message or read out over the phone (``how=call``)."""
    target = next_page(request)
    state = codes.waiting(request.COOKIES.get(BROWSER_COOKIE, ""))
    if state is None:
        return HttpResponseRedirect(with_next("signin:phone", target))
    form = CodeForm({})
    form.errors.clear()
    try:
        spoken = request.POST.get("how") == "call"
        return _to_code_page(codes.request_code(state.phone, client_address(request), spoken=spoken), target)
    except TooMany as refused:
        form.add_error("code", _("刚发过，请过 %(wait)s再试。") % {"wait": wait_words(refused)})
        return _code_page(request, form, target, state, refused=refused)
    except NoSender:
        form.add_error("code", _("短信暂时发不出去，请到社区登录。"))
        return _code_page(request, form, target, state, status=503)


@for_residents
@require_http_methods(["GET", "HEAD", "POST"])
def who(request: HttpRequest) -> HttpResponse:
    """Name and the last six of the number of identity. Whatever does not match gets one and the same answer."""
    target = next_page(request)
    account = request.user
    if not isinstance(account, Account):
        return HttpResponseRedirect(reverse("signin:phone"))
    form = WhoForm(request.POST or None)
    status, refused = 200, None
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                if accounts.link_by_number(account, form.cleaned_data["name"], form.cleaned_data["last_six"]):
                    return HttpResponseRedirect(target)
                form.add_error(None, _("没有对上，请到社区登记。"))
            except TooMany as error:
                refused = error
                form.add_error(None, _("今天试得太多了，请到社区登记。"))
    return page(request, "who.html", {"form": form, "next": target}, status=status, refused=refused)


def _is_known(account: Account) -> bool:
    """Whether there is anybody or anything this account already acts for."""
    return account.links.current().exists() or account.memberships.exists() or sessions.holds_roles(account)


def _phone_page(request: HttpRequest, form: PhoneForm, target: str, **answer: Any) -> HttpResponse:
    problem = wechat.PROBLEM if request.GET.get("problem") == "wechat" else ""
    context = {"form": form, "next": target, "wechat": bool(settings.WEIXIN_ID), "problem": problem}
    return page(request, "phone.html", context | {"binding": bool(wechat.waiting_openid(request))}, **answer)


def _code_page(
    request: HttpRequest, form: CodeForm, target: str, state: codes.Waiting | None, **answer: Any
) -> HttpResponse:
    context = {
        "form": form,
        "next": target,
        "phone": spaced(state.phone) if state else "",
        "again_in": state.again_in if state else 0,
        "calls": _can_call(),
        "screen": _screen_code(request) if state else "",
    }
    return page(request, "code.html", context, **answer)


def _can_call() -> bool:
    try:
        return sender().calls
    except NoSender:
        return False


def _to_code_page(sent: codes.Sent, target: str) -> HttpResponse:
    answer = HttpResponseRedirect(with_next("signin:code", target))
    _keep(answer, BROWSER_COOKIE, sent.browser)
    if sent.screen and settings.DEMO:
        # the demo has no phone to send to: its own browser carries the code, sealed, to the next page
        sealed = seal(blind_index("code.screen", sent.browser), sent.screen.encode(), "screen")
        _keep(answer, SCREEN_COOKIE, b64encode(sealed).decode())
    return answer


def _screen_code(request: HttpRequest) -> str:
    if not settings.DEMO or SCREEN_COOKIE not in request.COOKIES:
        return ""
    key = blind_index("code.screen", request.COOKIES.get(BROWSER_COOKIE, ""))
    try:
        return unseal(key, b64decode(request.COOKIES[SCREEN_COOKIE]), "screen").decode()
    except (CannotOpen, ValueError):
        return ""


def _keep(answer: HttpResponse, name: str, value: str) -> None:
    answer.set_cookie(name, value, max_age=_COOKIE_AGE, httponly=True, samesite="Lax", secure=settings.BEHIND_TLS)
