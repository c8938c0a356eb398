"""What stands between a phone and the house, and can be told to fail: refuse, answer late, or lose the answer.

Real connections, passed on byte by byte. The house itself goes on running, so other stories are not disturbed; a phone
sees what it would see of a house that has stopped.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

QUICK = (b"/static/", b"/healthz", b"/offline/")
LONGEST = 65536


class Between:
    """``late``: seconds before a page is passed on. ``lose``: a POST to such a path is passed on, its answer is not."""

    def __init__(self, house: str) -> None:
        parts = urlsplit(house)
        self.target = (str(parts.hostname), int(parts.port or 80))
        self.late = 0.0
        self.lose = b""
        self.lost = 0
        self._open: set[socket.socket] = set()
        self._losing: set[socket.socket] = set()
        self._door: socket.socket | None = None
        self.port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def stands(self) -> bool:
        return self._door is not None

    def start(self) -> None:
        door = socket.socket()
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", self.port))
        door.listen(64)
        self.port = door.getsockname()[1]
        self._door = door
        threading.Thread(target=self._accept, args=(door,), daemon=True).start()

    def stop(self) -> None:
        """Nobody answers any more; what is under way breaks off."""
        if self._door is not None:
            _close(self._door)
            self._door = None
        for one in list(self._open):
            _close(one)

    def _accept(self, door: socket.socket) -> None:
        while True:
            try:
                phone, _ = door.accept()
            except OSError:
                return
            try:
                house = socket.create_connection(self.target)
            except OSError:
                _close(phone)
                continue
            self._open |= {phone, house}
            threading.Thread(target=self._ask, args=(phone, house), daemon=True).start()
            threading.Thread(target=self._pass, args=(house, phone), daemon=True).start()

    def _ask(self, phone: socket.socket, house: socket.socket) -> None:
        for data in self._read(phone):
            first = data.split(b"\r\n", 1)[0]
            if first.endswith(b"HTTP/1.1"):
                if self.late and not any(quick in first for quick in QUICK):
                    time.sleep(self.late)
                if self.lose and first.startswith(b"POST") and self.lose in first:
                    self._losing.add(house)
            try:
                house.sendall(data)
            except OSError:
                break
        _close(house)

    def _pass(self, house: socket.socket, phone: socket.socket) -> None:
        for data in self._read(house):
            if house in self._losing:  # it has acted and answers, and finds nobody
                self.lost += 1
                _close(house)
                break
            try:
                phone.sendall(data)
            except OSError:
                break
        _close(phone)

    def _read(self, source: socket.socket) -> Iterator[bytes]:
        while True:
            try:
                data = source.recv(LONGEST)
            except OSError:
                return
            if not data:
                return
            yield data


def _close(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(OSError):
        one.close()
