"""Requests to other machines: public addresses only, no redirects, ten seconds, five megabytes.

The name is resolved once, every address it has is checked, and the connection goes to the address that was checked:
a name that answers differently the second time reaches nothing inside (CWE-918).
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

SECONDS = 10.0
MOST_BYTES = 5 * 1024 * 1024
_CHUNK = 64 * 1024
# addresses of IPv6 that carry one of IPv4 inside: what they reach is not theirs to say
_WRAPPERS = [ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")]


class Unreachable(Exception):
    """Nothing was sent, or it certainly did not arrive. ``message`` is a plain Chinese line."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NoAnswer(Unreachable):
    """The request may have arrived; what became of it is not known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """``status`` and the whole body. Names in ``headers`` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def is_allowed(address: str, *, loopback: bool) -> bool:
    """Whether a request may go to this IP address. ``loopback``: this machine too, and then nothing else inside."""
    ip = ipaddress.ip_address(address)
    mapped = getattr(ip, "ipv4_mapped", None)
    ip = mapped or ip
    if ip.is_loopback:
        return loopback
    if any(ip in net for net in _WRAPPERS if net.version == ip.version):
        return False
    return ip.is_global and not ip.is_multicast


def fetch(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    seconds: float = SECONDS,
    most: int = MOST_BYTES,
    loopback: bool | None = None,
) -> Answer:
    """One request. Any status is an answer, but a redirect is not followed and raises.

    ``loopback`` None: as the demo (and its tests) may. Raises :class:`Unreachable` or :class:`NoAnswer`.
    """
    until = time.monotonic() + seconds
    parts = urlsplit(url)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise Unreachable("地址里的端口不对。") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.password:
        raise Unreachable("地址要以 http:// 或 https:// 开头，不能带用户名。")
    address = _resolve(parts.hostname, port, settings.DEMO if loopback is None else loopback)
    connection = _Connection(parts.hostname, port, address, parts.scheme == "https", seconds)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.connect()
    except (OSError, ssl.SSLError) as error:
        raise Unreachable(f"连不上对方：{_reason(error)}。") from error
    try:
        connection.request(method, target, body, {"Accept-Encoding": "identity", **(headers or {})})
        return _read(connection, until, most)
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswer(f"对方没有好好回答：{_reason(error)}。") from error
    finally:
        connection.close()


def _resolve(host: str, port: int, loopback: bool) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable("找不到这个地址，请检查域名。") from error
    addresses = [str(entry[4][0]).split("%")[0] for entry in found]
    if not addresses or not all(is_allowed(address, loopback=loopback) for address in addresses):
        raise Unreachable("这个地址不在公网上，不能访问。")
    return addresses[0]


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "等得太久"
    if isinstance(error, ssl.SSLError):
        return "证书不对"
    return "连接断了" if isinstance(error, OSError) else "不是 HTTP"


class _Connection(http.client.HTTPConnection):
    """Connects to the address that was checked; the certificate is checked against the name."""

    def __init__(self, host: str, port: int, address: str, tls: bool, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self._address, self._tls = address, tls
        self.default_port = 443 if tls else 80

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._tls:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def _read(connection: _Connection, until: float, most: int) -> Answer:
    connection.sock.settimeout(max(until - time.monotonic(), 0.1))
    response = connection.getresponse()
    if 300 <= response.status < 400:
        raise Unreachable("对方转到了别的地址；请填最后的那个地址。")
    body = bytearray()
    while chunk := response.read(_CHUNK):
        body += chunk
        if len(body) > most:
            raise Unreachable(f"内容超过 {most // 2**20} MB，没有读完。")
        left = until - time.monotonic()
        if left <= 0:
            raise NoAnswer("对方没有好好回答：等得太久。")
        if connection.sock is not None:
            connection.sock.settimeout(left)
    return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, bytes(body))
