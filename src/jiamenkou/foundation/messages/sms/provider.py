"""The provider's gateway: ``SendSms`` with the signature ``ACS3-HMAC-SHA256``, as Alibaba Cloud's (2017-05-25) has it.

Phone number and variables travel in the body, not in the address, so that no log of a proxy holds them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from jiamenkou.foundation.messages.channels import Outcome
from jiamenkou.foundation.messages.models import DeliveryState
from jiamenkou.foundation.outgoing import NoAnswer, Unreachable, fetch

ALGORITHM = "ACS3-HMAC-SHA256"
VERSION = "2017-05-25"
FORM = "application/x-www-form-urlencoded"
# refusals that pass: too many at once, or their own trouble
PASSING = frozenset({"Throttling", "Throttling.User", "isp.SYSTEM_ERROR", "ServiceUnavailable", "InternalError"})


@dataclass(frozen=True, slots=True)
class SmsConfig:
    """What an operator has agreed with a provider. ``templates`` maps our template ids to the approved ones."""

    url: str
    key: str
    secret: str
    sign: str
    hook_secret: str
    code_template: str = ""
    templates: Mapping[str, str] = field(default_factory=dict)
    cost_fen: int = 5

    @classmethod
    def of(cls, env: Mapping[str, str]) -> SmsConfig | None:
        """From ``JIAMENKOU_SMS_URL``, ``_KEY``, ``_SECRET``, ``_SIGN``, ``_HOOK_SECRET``, ``_CODE_TEMPLATE``,
        ``_TEMPLATES`` (``JOBS_HIRED=SMS_123,…``) and ``_COST_FEN``; None where no gateway is named."""
        given = {
            name: env.get(f"JIAMENKOU_SMS_{name}", "") for name in ("URL", "KEY", "SECRET", "SIGN", "HOOK_SECRET")
        }
        if not given["URL"]:
            return None
        if missing := [name for name, value in given.items() if not value]:
            raise ValueError("JIAMENKOU_SMS_" + ", JIAMENKOU_SMS_".join(missing) + " must be set, too")
        pairs = (pair.split("=", 1) for pair in env.get("JIAMENKOU_SMS_TEMPLATES", "").split(",") if "=" in pair)
        return cls(
            url=given["URL"],
            key=given["KEY"],
            secret=given["SECRET"],
            sign=given["SIGN"],
            hook_secret=given["HOOK_SECRET"],
            code_template=env.get("JIAMENKOU_SMS_CODE_TEMPLATE", ""),
            templates={ours.strip(): theirs.strip() for ours, theirs in pairs},
            cost_fen=int(env.get("JIAMENKOU_SMS_COST_FEN", "5")),
        )


def send_sms(config: SmsConfig, phone: str, template: str, variables: Mapping[str, str], reference: str) -> Outcome:
    """One message. ``reference`` comes back with the receipt, also where no answer came."""
    fields = {
        "PhoneNumbers": phone,
        "SignName": config.sign,
        "TemplateCode": template,
        "TemplateParam": json.dumps(dict(variables), ensure_ascii=False),
        "OutId": reference,
    }
    body = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in sorted(fields.items())).encode()
    try:
        answer = fetch(config.url, method="POST", headers=signed_headers(config, body, datetime.now(UTC)), body=body)
    except NoAnswer as error:
        return Outcome(DeliveryState.UNKNOWN, problem=error.message)
    except Unreachable as error:
        return Outcome(DeliveryState.FAILED, problem=error.message, again=True)
    return _outcome(answer.status, answer.body, config.cost_fen)


def signed_headers(config: SmsConfig, body: bytes, at: datetime, nonce: str = "") -> dict[str, str]:
    """Everything the gateway checks: action, time, nonce, digest of the body, and the signature over them."""
    headers = {
        "content-type": FORM,
        "host": urlsplit(config.url).netloc,
        "x-acs-action": "SendSms",
        "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
        "x-acs-date": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce or secrets.token_hex(16),
        "x-acs-version": VERSION,
    }
    names = ";".join(sorted(headers))
    signature = hmac.new(config.secret.encode(), to_sign(headers, body).encode(), hashlib.sha256).hexdigest()
    return headers | {
        "Authorization": f"{ALGORITHM} Credential={config.key},SignedHeaders={names},Signature={signature}"
    }


def to_sign(headers: Mapping[str, str], body: bytes) -> str:
    """The string that is signed: algorithm and digest of the canonical request."""
    names = sorted(headers)
    canonical = "\n".join(
        ["POST", "/", "", *(f"{name}:{headers[name].strip()}" for name in names), "", ";".join(names), _digest(body)]
    )
    return f"{ALGORITHM}\n{_digest(canonical.encode())}"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _quoted(text: str) -> str:
    return quote(text, safe="-_.~")


def _outcome(status: int, body: bytes, cost_fen: int) -> Outcome:
    try:
        said = json.loads(body)
        code, words = str(said["Code"]), str(said.get("Message", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        if status >= 500:
            return Outcome(DeliveryState.UNKNOWN, problem=f"运营商回答 {status}")
        return Outcome(DeliveryState.FAILED, problem=f"运营商回答 {status}，看不懂")
    if code == "OK":
        return Outcome(DeliveryState.SENT, str(said.get("BizId", "")), cost_fen=cost_fen)
    return Outcome(DeliveryState.FAILED, problem=f"{code} {words}".strip(), again=code in PASSING)
