"""The data directory: what lies where in it, who holds it, and small JSON files that are never half written.

::

    lock           held (flock) by the one command that runs the database; says which and its pid
    up.json        where a running ``up`` answers
    installed.json what has been migrated, and whether this house wanted the demo
    keys.json      0600; in production elsewhere (``JIAMENKOU_KEYS``)
    postgres/      the embedded PostgreSQL: secrets.json (0600), cluster/
    files/         uploads
    log/           one file per process
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class Held(Exception):
    """Another command holds the data directory."""

    def __init__(self, pid: int, command: str) -> None:
        super().__init__(f"数据目录正被进程 {pid}（jiamenkou {command}）使用")
        self.pid = pid
        self.command = command


def read_json(path: Path) -> dict[str, Any]:
    """The object in the file; empty where there is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as damaged:
        raise ValueError(f"文件损坏，无法读取：{path}") from damaged
    if not isinstance(found, dict):
        raise ValueError(f"文件损坏，无法读取：{path}")
    return found


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Write for the owner's eyes only, whole or not at all, on the disk when this returns."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        json.dump(value, out, ensure_ascii=False, indent=1)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)


@dataclass(frozen=True, slots=True)
class DataDir:
    """A data directory by its absolute path; nothing is created until :meth:`create`."""

    root: Path

    @classmethod
    def at(cls, given: str | Path | None = None) -> DataDir:
        """``given``, else ``$JIAMENKOU_DATA``, else ``.data`` here."""
        return cls(Path(given or os.environ.get("JIAMENKOU_DATA") or ".data").absolute())

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def state(self) -> Path:
        return self.root / "up.json"

    @property
    def installed(self) -> Path:
        return self.root / "installed.json"

    @property
    def keys(self) -> Path:
        """The keys in force: ``$JIAMENKOU_KEYS`` where it is set."""
        return Path(os.environ.get("JIAMENKOU_KEYS") or self.root / "keys.json").absolute()

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def files(self) -> Path:
        return self.root / "files"

    @property
    def logs(self) -> Path:
        return self.root / "log"

    def create(self) -> None:
        for folder in (self.root, self.files, self.logs):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextmanager
    def held(self, command: str) -> Iterator[None]:
        """Hold the directory for one command. Raises :class:`Held`; a killed holder holds nothing."""
        self.create()
        with os.fdopen(os.open(self.lock, os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pid, _, holder = file.read().strip().partition(" ")
                raise Held(int(pid or 0), holder) from None
            file.truncate(0)
            file.write(f"{os.getpid()} {command}")
            file.flush()
            yield
