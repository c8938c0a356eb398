"""WeChat Pay API v3 as a service provider (服务商): suppliers are sub-merchants, so the money is theirs at once.

Real signing and verification over one seam, ``send``. The gateway's address is configuration, so the tests run this
very code against a gateway of their own. docs/decisions/ledger-payments.md says why no client library stands here.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from cryptography.hazmat.primitives.asymmetric import rsa

from jiamenkou.foundation.ledger.providers import (
    BillRow,
    Failed,
    Forged,
    Notification,
    Request,
    Seen,
    SeenState,
    Unknown,
    signing,
)
from jiamenkou.foundation.outgoing import Answer, Unreachable, fetch

GATEWAY = "https://api.mch.weixin.qq.com"
OLDEST = 300  # seconds; what is older may be something that somebody kept
_TRADE = {
    "SUCCESS": SeenState.PAID,
    "REFUND": SeenState.PAID,  # paid, and some of it went back
    "NOTPAY": SeenState.WAITING,
    "USERPAYING": SeenState.WAITING,
    "PAYERROR": SeenState.WAITING,
    "CLOSED": SeenState.CLOSED,
    "REVOKED": SeenState.CLOSED,
}
_REFUND = {"SUCCESS": SeenState.DONE, "PROCESSING": SeenState.RUNNING}
_SHARE = {"SUCCESS": SeenState.DONE, "PENDING": SeenState.RUNNING, "CLOSED": SeenState.FAILED}
# refused for now, not for ever
_LATER = frozenset({"FREQUENCY_LIMITED", "FREQUENCY_LIMIT_EXCEED", "SYSTEM_ERROR", "RATELIMIT_EXCEEDED"})
Send = Callable[..., Answer]


@dataclass(frozen=True, slots=True)
class Config:
    """``platform``: the provider's public keys by id (PUB_KEY_ID_… or the serial of a certificate), PEM each."""

    merchant: str
    app: str
    serial: str
    private_key: str = field(repr=False)
    api_key: str = field(repr=False)
    platform: Mapping[str, str]
    notify_url: str
    gateway: str = GATEWAY

    @classmethod
    def read(cls, path: Path) -> Config:
        """From a JSON file outside database and backup. Raises ValueError that names what is wrong with it."""
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except TypeError as wrong:
            raise ValueError(f"{path.name}: {wrong}") from None


class WeChatPay:
    def __init__(self, config: Config, *, send: Send = fetch, clock: Callable[[], float] = time.time) -> None:
        self.config = config
        self._key = signing.private_key(config.private_key)
        self._platform: dict[str, rsa.RSAPublicKey] = {
            serial: signing.public_key(pem) for serial, pem in config.platform.items()
        }
        self._send, self._clock = send, clock

    # payments

    def prepare(self, request: Request) -> str:
        """JSAPI order of a sub-merchant; returns prepay_id. The same number again returns the same order."""
        body: dict[str, Any] = {
            "sp_appid": self.config.app,
            "sp_mchid": self.config.merchant,
            "sub_mchid": request.merchant,
            "description": request.description,
            "out_trade_no": request.number,
            "time_expire": request.expires_at.isoformat(timespec="seconds"),
            "notify_url": self.config.notify_url,
            "settle_info": {"profit_sharing": request.profit_sharing},
            "amount": {"total": request.amount, "currency": "CNY"},
            "payer": {"sp_openid": request.payer},
        }
        return str(self._call("POST", "/v3/pay/partner/transactions/jsapi", body)["prepay_id"])

    def invocation(self, prepay: str) -> Mapping[str, str]:
        """What the page hands to WeixinJSBridge.invoke('getBrandWCPayRequest')."""
        stamp, nonce, package = str(int(self._clock())), hashlib.sha256(prepay.encode()).hexdigest()[:32], "prepay_id="
        package += prepay
        return {
            "appId": self.config.app,
            "timeStamp": stamp,
            "nonceStr": nonce,
            "package": package,
            "signType": "RSA",
            "paySign": signing.sign(self._key, [self.config.app, stamp, nonce, package]),
        }

    def ask(self, number: str, merchant: str) -> Seen:
        try:
            said = self._call(
                "GET",
                f"/v3/pay/partner/transactions/out-trade-no/{quote(number, safe='')}"
                f"?sp_mchid={self.config.merchant}&sub_mchid={quote(merchant, safe='')}",
            )
        except Failed as failed:
            if failed.code in {"ORDER_NOT_EXIST", "RESOURCE_NOT_EXISTS"}:
                return Seen(number, SeenState.WAITING, merchant)
            raise
        return self._seen(said)

    def close(self, number: str, merchant: str) -> None:
        body = {"sp_mchid": self.config.merchant, "sub_mchid": merchant}
        self._call("POST", f"/v3/pay/partner/transactions/out-trade-no/{quote(number, safe='')}/close", body)

    # back to where it came from

    def refund(self, number: str, payment: str, merchant: str, amount: int, total: int, reason: str) -> Seen:
        body = {
            "sub_mchid": merchant,
            "out_trade_no": payment,
            "out_refund_no": number,
            "reason": reason,
            "amount": {"refund": amount, "total": total, "currency": "CNY"},
        }
        return self._seen_refund(self._call("POST", "/v3/refund/domestic/refunds", body), merchant)

    def ask_refund(self, number: str, merchant: str) -> Seen:
        path = f"/v3/refund/domestic/refunds/{quote(number, safe='')}?sub_mchid={quote(merchant, safe='')}"
        return self._seen_refund(self._call("GET", path), merchant)

    # 分账

    def share(self, number: str, transaction: str, merchant: str, receiver: str, amount: int, reason: str) -> Seen:
        """To a person, who is made known as a receiver first; what is left is the sub-merchant's at once."""
        person = {"appid": self.config.app, "type": "PERSONAL_OPENID", "account": receiver}
        self._call(
            "POST",
            "/v3/profitsharing/receivers/add",
            {**person, "sub_mchid": merchant, "relation_type": "DISTRIBUTOR"},
        )
        body = {
            "sub_mchid": merchant,
            "appid": self.config.app,
            "transaction_id": transaction,
            "out_order_no": number,
            "receivers": [
                {"type": "PERSONAL_OPENID", "account": receiver, "amount": amount, "description": reason[:80]}
            ],
            "unfreeze_unsplit": True,
        }
        return self._seen_share(self._call("POST", "/v3/profitsharing/orders", body), number, merchant)

    def ask_share(self, number: str, transaction: str, merchant: str) -> Seen:
        path = f"/v3/profitsharing/orders/{quote(number, safe='')}?sub_mchid={merchant}&transaction_id={transaction}"
        return self._seen_share(self._call("GET", path), number, merchant)

    # the day's bill

    def bill(self, day: date) -> Iterable[BillRow]:
        said = self._call("GET", f"/v3/bill/tradebill?bill_date={day:%Y-%m-%d}&bill_type=ALL")
        raw = self._raw("GET", _target(str(said["download_url"]))).body
        if said.get("hash_type") != "SHA1" or hashlib.sha1(raw).hexdigest() != said.get("hash_value"):  # noqa: S324
            raise Unknown("账单没有下全。")
        return list(bill_rows(raw.decode("utf-8-sig")))

    # what the provider tells us by itself

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Notification:
        """Raises :class:`Forged`. ``headers``: names in any case."""
        text = body.decode("utf-8", "replace")
        self._verify(headers, text, int(now.timestamp()))
        try:
            sent = json.loads(text)
            sealed = sent["resource"]
            if sealed["algorithm"] != "AEAD_AES_256_GCM":
                raise ValueError("another algorithm")
            opened = signing.unseal(
                self.config.api_key, sealed["nonce"], sealed.get("associated_data", ""), sealed["ciphertext"]
            )
            event, resource = str(sent["event_type"]), json.loads(opened)
            seen = self._seen(resource) if event.startswith("TRANSACTION.") else self._noticed_refund(resource)
            return Notification(str(sent["id"]), event, seen)
        except (ValueError, KeyError, TypeError) as wrong:
            raise Forged("看不懂的通知") from wrong

    # inside

    def _seen(self, said: Mapping[str, Any]) -> Seen:
        if str(said.get("sp_mchid")) != self.config.merchant:
            raise Forged("另一个服务商的单子")
        amount = said.get("amount") or {}
        return Seen(
            str(said["out_trade_no"]),
            _TRADE.get(str(said["trade_state"]), SeenState.WAITING),
            str(said["sub_mchid"]),
            int(amount.get("total", 0)),
            str(amount.get("currency", "CNY")),
            str(said.get("transaction_id", "")),
            _moment(said.get("success_time")),
        )

    def _seen_refund(self, said: Mapping[str, Any], merchant: str) -> Seen:
        return Seen(
            str(said["out_refund_no"]),
            _REFUND.get(str(said.get("status")), SeenState.FAILED),
            merchant,
            int(said["amount"]["refund"]),
            provider_id=str(said.get("refund_id", "")),
            at=_moment(said.get("success_time")),
        )

    def _noticed_refund(self, said: Mapping[str, Any]) -> Seen:
        """A notice names the state and the merchants otherwise than an answer does."""
        if str(said.get("sp_mchid")) != self.config.merchant:
            raise Forged("另一个服务商的单子")
        return self._seen_refund({**said, "status": said["refund_status"]}, str(said["sub_mchid"]))

    def _seen_share(self, said: Mapping[str, Any], number: str, merchant: str) -> Seen:
        results = [str(one.get("result", "PENDING")) for one in said.get("receivers", []) if one.get("account")]
        ended = said.get("state") == "FINISHED"
        state = _SHARE.get(results[0], SeenState.RUNNING) if ended and results else SeenState.RUNNING
        return Seen(number, state, merchant, provider_id=str(said.get("order_id", "")))

    def _call(self, method: str, target: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """One signed request with a verified answer. Raises :class:`Failed` or :class:`Unknown`."""
        text = json.dumps(body, ensure_ascii=False) if body is not None else ""
        answer = self._raw(method, target, text)
        said = _object(answer.body)
        if answer.status >= 500 or answer.status == 429 or said.get("code") in _LATER:
            raise Unknown("支付平台这会儿忙。")
        try:
            self._verify(answer.headers, answer.body.decode("utf-8", "replace"), int(self._clock()))
        except Forged as forged:
            raise Unknown("支付平台的回答没有签好名。") from forged
        if answer.status >= 300:
            raise Failed(str(said.get("code", answer.status))[:40], str(said.get("message", "支付平台没有办。"))[:150])
        return said

    def _raw(self, method: str, target: str, text: str = "") -> Answer:
        now = int(self._clock())
        headers = {
            "Authorization": signing.authorization(
                self._key, self.config.merchant, self.config.serial, method, target, text, now
            ),
            "Accept": "application/json",
            "User-Agent": "jiamenkou",
        }
        if text:
            headers["Content-Type"] = "application/json"
        try:
            return self._send(
                self.config.gateway + target, method=method, headers=headers, body=text.encode() if text else None
            )
        except Unreachable as gone:
            raise Unknown(gone.message) from gone

    def _verify(self, headers: Mapping[str, str], body: str, now: int) -> None:
        known = {name.lower(): value for name, value in headers.items()}
        serial, stamp = known.get("wechatpay-serial", ""), known.get("wechatpay-timestamp", "")
        key = self._platform.get(serial)
        if key is None:
            raise Forged("不认识的平台公钥")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12) or abs(now - int(stamp)) > OLDEST:
            raise Forged("不是刚发的")
        lines = [stamp, known.get("wechatpay-nonce", ""), body]
        if not signing.is_signed(key, lines, known.get("wechatpay-signature", "")):
            raise Forged("签名不对")


def bill_rows(text: str) -> Iterator[BillRow]:
    """The trade bill (交易账单): a header, lines whose values begin with a grave accent, then the totals.

    Amounts are yuan with two decimals. A refund's line repeats the payment's number and has one of its own.
    """
    lines = list(csv.DictReader(io.StringIO(text)))
    for line in lines:
        values = {(name or "").strip("\ufeff` "): (value or "").lstrip("`") for name, value in line.items() if name}
        if not values.get("商户订单号") or not values.get("交易状态"):
            return
        refund = values["交易状态"] == "REFUND"
        yield BillRow(
            refund,
            values["商户退款单号"] if refund else values["商户订单号"],
            values.get("特约商户号", ""),
            _fen(values["退款金额"] if refund else values["订单金额"]),
            values.get("退款状态", "") if refund else values["交易状态"],
        )


def _fen(yuan: str) -> int:
    whole, _, part = yuan.strip().partition(".")
    return int(whole) * 100 + int((part + "00")[:2])


def _moment(text: object) -> datetime | None:
    return datetime.fromisoformat(str(text)) if text else None


def _object(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body) if body else {}
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _target(url: str) -> str:
    """The path with its query: the download goes to the gateway we know, whatever host the answer names."""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")
