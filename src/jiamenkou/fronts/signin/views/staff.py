"""Staff: password, then the second factor; enrolling it at the first sign-in; showing it again before dangerous acts."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiamenkou.foundation.access import factors, links, sessions
from jiamenkou.foundation.access.guards import for_everyone
from jiamenkou.foundation.access.limits import Rate, TooMany, hit
from jiamenkou.foundation.people.models import Account
from jiamenkou.fronts.signin.forms import FactorForm, StaffForm
from jiamenkou.fronts.signin.web import client_address, next_page, on_this_machine, page, wait_words

PENDING = "staff_pending"
SECRET = "staff_enrolling"  # noqa: S105 - the name of a session key
PENDING_SECONDS = 300
PER_NAME = (Rate(10, 300), Rate(60, 86400))
PER_ADDRESS = (Rate(30, 300),)
DESK = "/desk/"


@for_everyone
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Username and password. Wrong name, wrong password and no role have one answer."""
    target = next_page(request, DESK)
    form = StaffForm(request.POST or None)
    status, refused = 200, None
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                hit("password.address", client_address(request), *PER_ADDRESS)
                hit("password.name", form.cleaned_data["username"].casefold(), *PER_NAME)
                account = authenticate(request, **form.cleaned_data)
                if isinstance(account, Account) and sessions.holds_roles(account):
                    return _to_second(request, account, target)
                form.add_error("password", _("用户名或密码不对。"))
            except TooMany as error:
                refused = error
                form.add_error("password", _("试得太勤了，请过 %(wait)s再试。") % {"wait": wait_words(error)})
    return page(request, "staff.html", {"form": form, "next": target}, status=status, refused=refused)


@for_everyone
@require_http_methods(["GET", "HEAD", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """The second factor of who has just shown the password."""
    account = _pending(request)
    if account is None:
        return HttpResponseRedirect(reverse("signin:staff"))
    answer = _ask(request, account, "second.html", {})
    if answer is None:
        target = request.session[PENDING]["next"]
        sessions.begin(request, account, way="password", strong=True)
        request.session.pop(PENDING, None)
        return HttpResponseRedirect(target)
    return answer


@for_everyone
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """The first second factor: an app or a passkey, proved before it counts."""
    account = _pending(request)
    sealed = request.session.get(SECRET, "")
    if account is None or not sealed or factors.enrolled(account):
        return HttpResponseRedirect(reverse("signin:staff"))
    form = FactorForm(request.POST or None)
    status, refused = 200, None
    if request.method == "POST":
        status = 400
        try:
            if form.is_valid() and _enrolled_now(account, sealed, form):
                target = request.session[PENDING]["next"]
                sessions.begin(request, account, way="password", strong=True)
                for name in (PENDING, SECRET):
                    request.session.pop(name, None)
                return HttpResponseRedirect(target)
            if not form.errors:
                form.add_error("code", _("没有对上，请用验证器上现在的 6 个数字。"))
        except TooMany as error:
            refused = error
            form.add_error("code", _("试得太勤了，请过 %(wait)s再试。") % {"wait": wait_words(error)})
    secret = factors.plain_secret(account, sealed)
    context = {
        "form": form,
        "address": _address(account, secret),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "passkey": factors.passkey_creation(account),
    }
    return page(request, "enrol.html", context, status=status, refused=refused)


@for_everyone
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """The second factor again, before a dangerous act."""
    account = request.user
    if not isinstance(account, Account) or not sessions.is_strong(request):
        return HttpResponseRedirect(reverse("signin:staff"))
    target = next_page(request, DESK)
    demo = links.is_demo(account) and on_this_machine(request)
    if request.method == "POST" and demo and request.POST.get("demo"):
        answer = None
    else:
        answer = _ask(request, account, "prove.html", {"next": target, "demo_account": demo})
    if answer is None:
        sessions.proved(request)
        return HttpResponseRedirect(target)
    return answer


def _to_second(request: HttpRequest, account: Account, target: str) -> HttpResponse:
    request.session.cycle_key()
    request.session[PENDING] = {"account": account.pk, "at": timezone.now().timestamp(), "next": target}
    if factors.enrolled(account):
        return HttpResponseRedirect(reverse("signin:second"))
    request.session[SECRET] = factors.fresh_secret(account)
    return HttpResponseRedirect(reverse("signin:enrol"))


def _pending(request: HttpRequest) -> Account | None:
    """Who showed a password in this browser within five minutes."""
    pending = request.session.get(PENDING)
    if not pending or timezone.now().timestamp() - pending["at"] > PENDING_SECONDS:
        return None
    account = Account.objects.filter(pk=pending["account"], is_active=True).first()
    if account is None or pending["at"] < account.sessions_valid_from.timestamp():
        return None
    return account


def _ask(request: HttpRequest, account: Account, template: str, context: dict[str, Any]) -> HttpResponse | None:
    """None when the factor was shown, else the page that asks for it."""
    form = FactorForm(request.POST or None)
    status, refused = 200, None
    if request.method == "POST":
        status = 400
        try:
            if form.is_valid() and _shown(account, form):
                return None
            if not form.errors:
                form.add_error("code", _("没有对上，请用验证器上现在的 6 个数字。"))
        except TooMany as error:
            refused = error
            form.add_error("code", _("试得太勤了，请过 %(wait)s再试。") % {"wait": wait_words(error)})
    kinds = factors.enrolled(account)
    context |= {"form": form, "app": factors.TOTP in kinds}
    context["passkey"] = factors.passkey_request(account) if factors.PASSKEY in kinds else None
    return page(request, template, context, status=status, refused=refused)


def _shown(account: Account, form: FactorForm) -> bool:
    if form.cleaned_data.get("credential"):
        return factors.check_passkey(account, form.cleaned_data["credential"])
    return factors.check_app(account, form.cleaned_data["code"])


def _enrolled_now(account: Account, sealed: str, form: FactorForm) -> bool:
    hit("enrol", account.pk, *factors.TRIES)
    if form.cleaned_data.get("credential"):
        return factors.enrol_passkey(account, form.cleaned_data["credential"], _("通行密钥"))
    return factors.enrol_app(account, sealed, form.cleaned_data["code"])


def _address(account: Account, secret: str) -> str:
    """The secret as authenticator apps scan it (otpauth, with the usual parameters of RFC 6238)."""
    issuer = "jiamenkou-demo" if settings.DEMO else "jiamenkou"
    return f"otpauth://totp/{issuer}:{quote(account.username)}?secret={secret}&issuer={issuer}"
