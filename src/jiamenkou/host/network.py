"""Addresses and ports of this machine. Nothing here sends a packet."""

from __future__ import annotations

import os
import socket
from pathlib import Path

_PROC = Path("/proc")
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound


def loopback(host: str) -> bool:
    """Whether only this machine reaches what listens on ``host``."""
    return host in {"127.0.0.1", "::1", "localhost"}


def here(host: str) -> str:
    """Where this machine reaches a server that listens on ``host``."""
    return _EVERYWHERE.get(host, host)


def address(host: str) -> str:
    """Where others reach it: for "everywhere" the address of the interface that leads out."""
    if host not in _EVERYWHERE:
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # a documentation address; connecting a datagram socket sends nothing
            return str(probe.getsockname()[0])
        except OSError:
            return here(host)


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def url(host: str, port: int) -> str:
    return f"http://{bracketed(address(host))}:{port}"


def free_port() -> int:
    """A TCP port that was free on the loopback a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listener(port: int) -> int | None:
    """The process that listens on a TCP ``port`` here, where the system tells us."""
    inodes = set()
    for table in ("net/tcp", "net/tcp6"):
        try:
            lines = (_PROC / table).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:
                inodes.add(f"socket:[{fields[9]}]")
    if not inodes:
        return None
    for folder in _PROC.glob("[0-9]*/fd"):
        try:
            if any(os.readlink(entry) in inodes for entry in folder.iterdir()):
                return int(folder.parent.name)
        except OSError:
            continue
    return None
