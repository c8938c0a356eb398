"""WeChat's gateway: ``stable_token`` and ``message/subscribe/bizsend`` (公众号) or ``/send`` (小程序).

The openid travels in the body; the token is in the address because WeChat wants it there, so no address of ours is
logged. Errors are WeChat's own (全局返回码).
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import quote

from jiamenkou.foundation.messages.channels import Outcome
from jiamenkou.foundation.messages.models import DeliveryState
from jiamenkou.foundation.outgoing import NoAnswer, Unreachable, fetch

# a token is given back this long before it ends: the old and the new one both hold for five minutes
MARGIN = 300  # seconds
REFUSED = 43101
STALE_TOKEN = frozenset({40001, 40014, 42001})
# their trouble, or too many at once: it did not go out and is worth another try
PASSING = frozenset({-1, 45009, 45011})
WORDS = {
    40003: "微信账号不对，可能换过公众号",
    40037: "微信模板编号不对",
    41030: "微信消息的页面地址不对",
    REFUSED: "居民没有同意这条微信提醒",
    47003: "内容放不进微信模板",
}
SENDS = {"service": "bizsend", "mini": "send"}


@dataclass(frozen=True, slots=True)
class Template:
    """An approved template: its id, and which of our variables fills each of its fields."""

    id: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WeChatConfig:
    """What an operator has set up. ``templates`` by our own ids. The app is the one people sign in with: an openid
    of another app reaches nobody. ``site``: where our pages are, for the link of a message; empty: no link."""

    app: str
    secret: str
    templates: Mapping[str, Template]
    url: str = "https://api.weixin.qq.com"
    kind: str = "service"
    site: str = ""

    @classmethod
    def of(cls, env: Mapping[str, str]) -> WeChatConfig | None:
        """From ``JIAMENKOU_WEIXIN_ID`` and ``_SECRET`` and ``JIAMENKOU_WECHAT_TEMPLATES``
        (``{"CAMPAIGN": {"id": "…", "fields": {"thing1": "title"}}}``), ``_URL``, ``_KIND`` (service, mini), ``_SITE``;
        None where no templates are named."""
        raw = env.get("JIAMENKOU_WECHAT_TEMPLATES", "")
        if not raw:
            return None
        app, secret = env.get("JIAMENKOU_WEIXIN_ID", ""), env.get("JIAMENKOU_WEIXIN_SECRET", "")
        if not (app and secret):
            raise ValueError("JIAMENKOU_WEIXIN_ID and JIAMENKOU_WEIXIN_SECRET must be set, too")
        kind = env.get("JIAMENKOU_WECHAT_KIND", "service")
        if kind not in SENDS:
            raise ValueError("JIAMENKOU_WECHAT_KIND is service or mini")
        try:
            given = json.loads(raw)
            templates = {key: Template(str(one["id"]), dict(one["fields"])) for key, one in given.items()}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError("JIAMENKOU_WECHAT_TEMPLATES is not the JSON that is asked for") from error
        base = env.get("JIAMENKOU_WECHAT_URL", "").rstrip("/") or "https://api.weixin.qq.com"
        return cls(app, secret, templates, base, kind, env.get("JIAMENKOU_WECHAT_SITE", "").rstrip("/"))


@dataclass(slots=True)
class Tokens:
    """The access token, kept in this process. ``stable_token`` gives every process the same one, so that none of
    them makes another's invalid."""

    config: WeChatConfig
    _token: str = ""
    _until: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def get(self, *, instead_of: str = "") -> str:
        """A token that holds. ``instead_of``: one that WeChat has just called invalid. Raises ``Unreachable``."""
        with self._lock:
            if self._token and self._token != instead_of and time.monotonic() < self._until:
                return self._token
            self._fetch(force=False)
            if self._token == instead_of:
                self._fetch(force=True)
            return self._token

    def _fetch(self, *, force: bool) -> None:
        asked = {"grant_type": "client_credential", "appid": self.config.app, "secret": self.config.secret}
        said = _post(f"{self.config.url}/cgi-bin/stable_token", asked | {"force_refresh": force})
        token, lives = said.get("access_token"), said.get("expires_in")
        if not isinstance(token, str) or not token or not isinstance(lives, int):
            raise Unreachable(f"微信不给令牌（{_code(said)}）。")
        self._token, self._until = token, time.monotonic() + max(lives - MARGIN, 0)


class Gateway:
    """Sends one message at a time."""

    def __init__(self, config: WeChatConfig) -> None:
        self.config, self.tokens = config, Tokens(config)

    def send(self, openid: str, template: Template, data: Mapping[str, Any], href: str) -> Outcome:
        """One message. An invalid token is replaced once; nothing that may have gone out is sent again."""
        message: dict[str, Any] = {"touser": openid, "template_id": template.id, "data": data}
        if href and self.config.kind == "mini":
            message["page"] = href.lstrip("/")
        elif href and self.config.site:
            message["page"] = self.config.site + href
        try:
            token = self.tokens.get()
            said = self._send(token, message)
            if _code(said) in STALE_TOKEN:
                said = self._send(self.tokens.get(instead_of=token), message)
        except NoAnswer as error:
            return Outcome(DeliveryState.UNKNOWN, problem=error.message)
        except Unreachable as error:
            return Outcome(DeliveryState.FAILED, problem=error.message, again=True, unused=True)
        return _outcome(said)

    def _send(self, token: str, message: Mapping[str, Any]) -> dict[str, Any]:
        address = f"{self.config.url}/cgi-bin/message/subscribe/{SENDS[self.config.kind]}"
        return _post(f"{address}?access_token={quote(token, safe='')}", message)


def _post(address: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """JSON to and from. An answer that is none raises ``NoAnswer``: what became of it is not known."""
    raw = json.dumps(body, ensure_ascii=False).encode()
    answer = fetch(address, method="POST", headers={"Content-Type": "application/json"}, body=raw)
    try:
        said = json.loads(answer.body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise NoAnswer(f"微信回答 {answer.status}，看不懂。")
    return said


def _code(said: Mapping[str, Any]) -> int:
    code = said.get("errcode", 0)
    return code if isinstance(code, int) else -2


def _outcome(said: Mapping[str, Any]) -> Outcome:
    """WeChat's own sentence is left out: it may name the openid."""
    code = _code(said)
    if code == 0 and "errcode" in said:
        return Outcome(DeliveryState.SENT, str(said.get("msgid", "")))
    if "errcode" not in said:
        return Outcome(DeliveryState.UNKNOWN, problem="微信没有说结果")
    words = f"{WORDS.get(code, '微信没有发')}（{code}）"
    return Outcome(
        DeliveryState.FAILED, problem=words, again=code in PASSING, unused=code != REFUSED, refused=code == REFUSED
    )
