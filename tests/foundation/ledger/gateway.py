"""A gateway on loopback that behaves as WeChat Pay's does: it checks our signature, signs what it says, and can misbehave.

Written from the public description of API v3, apart from the code under test: signatures and seals are made here by
hand. Notices are delivered by the test, so that they can come twice, late, never or falsified.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from jiamenkou.foundation.ledger.providers import stop_using as stop
from jiamenkou.foundation.ledger.providers import use
from jiamenkou.foundation.ledger.providers.wechat import Config, WeChatPay

MERCHANT, APP, SUB = "1900000001", "wx0000000000000001", "1900000109"
API_KEY = "0123456789abcdef0123456789abcdef"
PLATFORM = "PUB_KEY_ID_0119000000012026000000000001"
AUTHORISATION = re.compile(r'(\w+)="([^"]*)"')


@cache
def keys() -> tuple[rsa.RSAPrivateKey, rsa.RSAPrivateKey, rsa.RSAPrivateKey]:
    """Ours, the platform's, and a forger's."""
    ours, theirs, forged = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(3))
    return ours, theirs, forged


def signed(key: rsa.RSAPrivateKey, text: str) -> str:
    return base64.b64encode(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()


@dataclass
class Gateway:
    """``mute``: does what is asked and then says nothing; ``down``: 500 before doing anything; ``forge``: signs wrongly."""

    url: str = ""
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[str, dict[str, Any]] = field(default_factory=dict)
    shares: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    bill: bytes = b""
    mute: bool = False
    down: bool = False
    forge: bool = False
    refuse_refund: str = ""
    refund_state: str = "SUCCESS"

    def pay(self, number: str, *, amount: int | None = None) -> dict[str, Any]:
        """The buyer pays in WeChat."""
        order = self.orders[number]
        assert order["trade_state"] == "NOTPAY", "a closed order cannot be paid"
        order |= {
            "trade_state": "SUCCESS",
            "transaction_id": f"42000{secrets.randbelow(10**18):018d}",
            "success_time": time.strftime("%Y-%m-%dT%H:%M:%S+08:00"),
        }
        if amount is not None:
            order["amount"] = {**order["amount"], "total": amount}
        return order

    def notice(
        self,
        order: dict[str, Any],
        *,
        forged: bool = False,
        age: int = 0,
        event: str = "TRANSACTION.SUCCESS",
        **changed: Any,
    ) -> tuple[bytes, dict[str, str]]:
        """Body and headers of a notice; ``changed`` falsifies fields before they are sealed and signed."""
        nonce = secrets.token_hex(6)
        plain = json.dumps(order | changed).encode()
        sealed = AESGCM(API_KEY.encode()).encrypt(nonce.encode(), plain, b"transaction")
        body = json.dumps(
            {
                "id": secrets.token_hex(8),
                "event_type": event,
                "resource_type": "encrypt-resource",
                "resource": {
                    "algorithm": "AEAD_AES_256_GCM",
                    "ciphertext": base64.b64encode(sealed).decode(),
                    "nonce": nonce,
                    "associated_data": "transaction",
                },
            }
        )
        key = keys()[2] if forged else keys()[1]
        return body.encode(), self.signature(key, body, int(time.time()) - age)

    def signature(self, key: rsa.RSAPrivateKey, body: str, stamp: int) -> dict[str, str]:
        nonce = secrets.token_hex(8)
        return {
            "Wechatpay-Serial": PLATFORM,
            "Wechatpay-Timestamp": str(stamp),
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Signature": signed(key, f"{stamp}\n{nonce}\n{body}\n"),
        }

    def answer(self, method: str, target: str, body: str) -> tuple[int, Any]:
        self.calls.append(f"{method} {urlsplit(target).path}")
        path = urlsplit(target).path
        asked = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
        sent = json.loads(body) if body else {}
        number = path.split("/")[-1]
        routes: list[tuple[str, Callable[[], tuple[int, Any]]]] = [
            ("POST /v3/pay/partner/transactions/jsapi", lambda: self._prepare(sent)),
            ("POST .*/close", lambda: self._close(path.split("/")[-2])),
            ("GET .*/out-trade-no/.*", lambda: self._found(self.orders, number, asked)),
            ("POST /v3/refund/domestic/refunds", lambda: self._refund(sent)),
            ("GET /v3/refund/domestic/refunds/.*", lambda: self._found(self.refunds, number, {})),
            ("POST /v3/profitsharing/receivers/add", lambda: (200, {"account": sent.get("account")})),
            ("POST /v3/profitsharing/orders", lambda: self._share(sent)),
            ("GET /v3/profitsharing/orders/.*", lambda: self._found(self.shares, number, {})),
            ("GET /v3/bill/tradebill", self._bill),
        ]
        for pattern, act in routes:
            if re.fullmatch(pattern, f"{method} {path}"):
                return act()
        return 404, {"code": "NOT_FOUND", "message": path}

    def _prepare(self, sent: dict[str, Any]) -> tuple[int, Any]:
        order = self.orders.setdefault(sent["out_trade_no"], {**sent, "trade_state": "NOTPAY"})
        if order["trade_state"] == "CLOSED":
            return 400, {"code": "ORDER_CLOSED", "message": "订单已关闭"}
        if order["amount"] != sent["amount"]:
            return 400, {"code": "OUT_TRADE_NO_USED", "message": "商户订单号重复"}
        return 200, {"prepay_id": "wx" + hashlib.sha256(sent["out_trade_no"].encode()).hexdigest()[:30]}

    def _close(self, number: str) -> tuple[int, Any]:
        order = self.orders.get(number)
        if order is not None and order["trade_state"] == "SUCCESS":
            return 400, {"code": "ORDERPAID", "message": "该订单已支付"}
        if order is not None:
            order["trade_state"] = "CLOSED"
        return 204, None

    def _refund(self, sent: dict[str, Any]) -> tuple[int, Any]:
        if self.refuse_refund:
            return 403, {"code": self.refuse_refund, "message": "商户余额不足"}
        refund = self.refunds.setdefault(
            sent["out_refund_no"],
            {**sent, "refund_id": f"50000{secrets.randbelow(10**18):018d}", "status": self.refund_state},
        )
        return 200, refund

    def _share(self, sent: dict[str, Any]) -> tuple[int, Any]:
        receivers = [{**one, "result": "SUCCESS"} for one in sent["receivers"]]
        share = {**sent, "order_id": "3008450740201411110007820472", "state": "FINISHED", "receivers": receivers}
        return 200, self.shares.setdefault(sent["out_order_no"], share)

    def _found(self, where: dict[str, dict[str, Any]], number: str, asked: dict[str, str]) -> tuple[int, Any]:
        row = where.get(number)
        if row is None or (asked and row.get("sub_mchid") != asked["sub_mchid"]):
            return 404, {"code": "ORDER_NOT_EXIST", "message": "订单不存在"}
        return 200, row

    def _bill(self) -> tuple[int, Any]:
        url = f"{self.url}/v3/billdownload/file?token=abc"
        return 200, {"hash_type": "SHA1", "hash_value": hashlib.sha1(self.bill).hexdigest(), "download_url": url}


class _Handler(BaseHTTPRequestHandler):
    gateway: Gateway

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        parts = dict(AUTHORISATION.findall(self.headers.get("Authorization", "")))
        text = f"{self.command}\n{self.path}\n{parts['timestamp']}\n{parts['nonce_str']}\n{body}\n"
        keys()[0].public_key().verify(
            base64.b64decode(parts["signature"]), text.encode(), padding.PKCS1v15(), hashes.SHA256()
        )
        assert (parts["mchid"], parts["serial_no"]) == (MERCHANT, "OURS01")
        if self.path.startswith("/v3/billdownload/"):
            self._send(200, self.gateway.bill, {})
            return
        if self.gateway.down:
            self._send(500, b"{}", {})
            return
        status, said = self.gateway.answer(self.command, self.path, body)
        if self.gateway.mute:
            self.close_connection = True
            return
        words = json.dumps(said) if said is not None else ""
        key = keys()[2] if self.gateway.forge else keys()[1]
        self._send(status, words.encode(), self.gateway.signature(key, words, int(time.time())))

    def _send(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if status != 204:
            self.wfile.write(data)

    do_GET = do_POST = _serve

    def log_message(self, format: str, *args: Any) -> None:
        return


@contextmanager
def running() -> Iterator[Gateway]:
    """The gateway, and the house connected to it through its real client code."""
    gateway = Gateway()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"gateway": gateway}))
    server.daemon_threads = True
    gateway.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    use(WeChatPay(config(gateway.url)))
    try:
        yield gateway
    finally:
        stop()
        server.shutdown()
        server.server_close()


def config(url: str) -> Config:
    ours, theirs, _ = keys()
    pem = ours.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    platform = (
        theirs.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )
    return Config(MERCHANT, APP, "OURS01", pem, API_KEY, {PLATFORM: platform}, f"{url}/hooks/wechatpay/", url)
