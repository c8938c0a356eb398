"""What ``up`` runs: PostgreSQL, web, worker, and the few things that happen once they answer."""

from __future__ import annotations

import functools
import http.client
import os
import sys
import time
from types import FrameType

from jiamenkou import __version__
from jiamenkou.host import external, keys, network, runtime
from jiamenkou.host.datadir import DataDir, read_json, write_json
from jiamenkou.host.errand import Errand, sign_ins
from jiamenkou.host.postgres import Cluster, PostgresError
from jiamenkou.host.processes import identify
from jiamenkou.host.runtime import Runtime
from jiamenkou.host.supervisor import Child, Restarts, say

START_WITHIN = 60.0  # seconds until the page must answer


class NotStarted(Exception):
    """The house does not answer; ``detail`` is the end of the log that says why."""

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail


class House:
    """One running system. :meth:`run` returns when it was asked to stop; :meth:`stop` may always be called."""

    def __init__(self, data: DataDir, host: str, port: int, *, demo: bool) -> None:
        self.data = data
        self.host = host
        self.port = port
        self.wants_demo = demo
        self.asked = 0
        self.cluster: Cluster | None = None
        self.cluster_restarts = Restarts()
        self.web: Child | None = None
        self.worker: Child | None = None
        self.errands: list[Errand] = []

    def asked_to_stop(self, signum: int, frame: FrameType | None) -> None:
        """Signal handler: the first asks, a second one hurries."""
        self.asked += 1

    # ---- start

    def run(self) -> None:
        began = time.monotonic()
        self.data.state.unlink(missing_ok=True)  # of an `up` that was killed
        here = self._database()
        self._remember_demo()
        environment = here.environment("web")
        python = [sys.executable, "-m"]
        address = ["--host", self.host, "--port", str(self.port)]
        gate = ["--gate", str(self.data.state)]
        web = [*python, "jiamenkou.host.web", *address, *gate]
        self.web = Child("网站", web, self.data.logs / "web.log", environment)
        self.worker = Child("后台任务", [*python, "jiamenkou.host.worker"], self.data.logs / "worker.log", environment)
        self.web.start()  # it reads its code while the tables are made, and lets nobody in before
        runtime.migrate_if_changed(here)
        if self.asked:
            return
        self._write_state()
        self._wait_for_page(began)
        self.worker.start()
        self._get("/", 10)  # the first page pays for imports and templates: we do, not the first visitor
        _print(f"家门口已就绪（{time.monotonic() - began:.1f} 秒）  {network.url(self.host, self.port)}")
        self._plan_demo(environment)
        self._supervise()

    def _database(self) -> Runtime:
        if url := os.environ.get("DATABASE_URL"):
            keys.create(self.data.keys)
            keys.check(self.data.keys)
            urls = external.urls(url)
        else:
            runtime.prepare_keys(self.data)
            self.cluster = runtime.cluster_of(self.data)
            self.cluster.start()
            urls = runtime.prepare(self.cluster)
        return Runtime(self.data, urls, host=self.host, port=self.port)

    def _remember_demo(self) -> None:
        """The first start decides whether this house has a demo; later ones keep to it."""
        installed = read_json(self.data.installed)
        if "demo" not in installed:
            write_json(self.data.installed, {**installed, "demo": self.wants_demo})

    def _write_state(self) -> None:
        me = identify(os.getpid())
        write_json(
            self.data.state,
            {
                "pid": os.getpid(),
                "started": me.started if me else "",
                "host": self.host,
                "port": self.port,
                "postgres_port": self.cluster.port if self.cluster else 0,
                "version": __version__,
            },
        )

    def _wait_for_page(self, began: float) -> None:
        assert self.web is not None and self.web.process is not None
        while self._get("/healthz", 2) != 200:
            if self.asked:
                return
            if self.web.process.poll() is not None:
                raise NotStarted(f"网站没有启动，日志 {self.web.log}", _tail(self.web))
            if time.monotonic() - began > START_WITHIN:
                raise NotStarted(f"网站在 {START_WITHIN:.0f} 秒内没有应答，日志 {self.web.log}", _tail(self.web))
            time.sleep(0.03)

    # ---- demo

    def _plan_demo(self, environment: dict[str, str]) -> None:
        """Queue the demo once, and print its sign-ins when it is there."""
        if environment["JIAMENKOU_DEMO"] != "1":
            if not read_json(self.data.installed).get("staffed"):
                _print(
                    f"还没有账号：另开一个窗口运行 jiamenkou staff add 姓名 --community 社区名称 --data {self.data.root}"
                )
            return
        if not read_json(self.data.installed).get("demo_queued"):
            self.errands.append(Errand(["load_demo", "--defer"], environment, self._demo_queued))
        if network.loopback(self.host):
            there = functools.partial(self._says, "/readyz")
            self.errands.append(Errand(["demo_accounts", "--json"], environment, self._show_accounts, there))

    def _demo_queued(self, printed: str) -> None:
        write_json(self.data.installed, {**read_json(self.data.installed), "demo_queued": True})
        _print("示范社区正在后台装入，完成后在这里显示登录方式")

    def _show_accounts(self, printed: str) -> None:
        _print(sign_ins(printed))

    def _says(self, path: str) -> bool:
        return self._get(path, 2) == 200

    # ---- run

    def _supervise(self) -> None:
        while not self.asked:
            self._watch_database()
            for child in (self.web, self.worker):
                if child is not None:
                    child.watch()
            self.errands = [errand for errand in self.errands if not errand.step()]
            time.sleep(0.1)

    def _watch_database(self) -> None:
        cluster = self.cluster
        if cluster is None:
            return
        if cluster.process is not None:
            if not cluster.died():
                return
            say(f"⚠ PostgreSQL（进程 {cluster.process.pid}）意外结束，正在重新启动；日志 {cluster.log}")
            cluster.process = None
            self.cluster_restarts.died()
        if self.cluster_restarts.due():
            try:
                cluster.start(cluster.port)  # the same port: the addresses of the children stay true
                self.cluster_restarts.started()
            except PostgresError as trouble:
                say(f"⚠ {trouble}")
                self.cluster_restarts.died()

    def _get(self, path: str, seconds: float) -> int:
        """The status of a page of ours; 0 where nothing answers."""
        connection = http.client.HTTPConnection(network.here(self.host), self.port, timeout=seconds)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    # ---- stop

    def stop(self) -> None:
        """Web first, so that nothing new is promised; PostgreSQL last. A second Ctrl-C hurries."""
        asked_before = max(self.asked, 1)

        def hurry() -> bool:
            return self.asked > asked_before

        for errand in self.errands:
            errand.stop()
        for child in (self.web, self.worker):
            if child is not None:
                child.stop(12, hurry)
        if self.cluster is not None:
            self.cluster.stop()
        self.data.state.unlink(missing_ok=True)


def _print(text: str) -> None:
    sys.stdout.write(text.rstrip("\n") + "\n")
    sys.stdout.flush()


def _tail(child: Child, lines: int = 15) -> str:
    """The end of a child's log: where the reason stands."""
    try:
        return "\n".join(child.log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
