"""Requests to other machines stay outside, and end."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from jiamenkou.foundation import outgoing
from jiamenkou.foundation.outgoing import NoAnswer, Unreachable, fetch, is_allowed
from tests.loopback import OtherSide, other_side


@pytest.fixture
def side() -> Iterator[OtherSide]:
    with other_side() as found:
        yield found


@pytest.mark.parametrize(
    "address",
    [
        *("10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1"),
        *("127.0.0.1", "::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1"),
        *("2002:a00:1::1", "255.255.255.255", "::"),
    ],
)
def test_nothing_inside_is_reached(address: str) -> None:
    assert not is_allowed(address, loopback=False)


def test_public_addresses_are_and_loopback_only_when_said() -> None:
    assert is_allowed("114.114.114.114", loopback=False)
    assert is_allowed("240e::1", loopback=False)
    assert is_allowed("127.0.0.1", loopback=True)
    assert not is_allowed("10.0.0.1", loopback=True)


@pytest.mark.parametrize(
    "url", ["file:///etc/hostname", "ftp://example.com/", "http://", "http://a:b@example.com/", "http://x:99999999/"]
)
def test_odd_addresses_are_refused(url: str) -> None:
    with pytest.raises(Unreachable):
        fetch(url)


def test_loopback_is_refused_where_it_is_not_the_demo(side: OtherSide, settings: Any) -> None:
    assert fetch(side.url).status == 200
    settings.DEMO = False
    with pytest.raises(Unreachable, match="不在公网"):
        fetch(side.url)
    assert len(side.seen) == 1


def test_a_name_that_changes_its_mind_reaches_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def resolve(host: str, port: int, **more: Any) -> list[Any]:
        asked.append(host)
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.7" if len(asked) > 1 else "114.114.114.114", port))
        ]

    reached: list[Any] = []

    def connect(address: Any, timeout: Any = None) -> Any:
        reached.append(address)
        raise OSError

    monkeypatch.setattr(outgoing.socket, "getaddrinfo", resolve)
    monkeypatch.setattr(outgoing.socket, "create_connection", connect)
    with pytest.raises(Unreachable):
        fetch("http://feed.example/", loopback=False)
    assert reached == [("114.114.114.114", 80)]
    assert asked == ["feed.example"]


def test_a_redirect_is_not_followed(side: OtherSide) -> None:
    side.says("", status=302, Location=side.url + "/other")
    with pytest.raises(Unreachable, match="转到了别的地址"):
        fetch(side.url)
    assert len(side.seen) == 1


def test_too_much_is_not_read(side: OtherSide) -> None:
    side.says(b"x" * 3000)
    with pytest.raises(Unreachable):
        fetch(side.url, most=2000)


def test_waiting_ends(side: OtherSide) -> None:
    def slow(request: Any) -> Any:
        time.sleep(0.6)
        return 200, {}, b""

    side.answer = slow
    with pytest.raises(NoAnswer):
        fetch(side.url, seconds=0.2)


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unreachable, match="连不上"):
        fetch(f"http://127.0.0.1:{port}/")
