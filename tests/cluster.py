"""One PostgreSQL for the whole test run, started before Django reads its settings and stopped at the end.

Loaded with ``-p tests.cluster``. Each xdist process gets a database of its own in it. The engines' tests alone do
not need it: ``JIAMENKOU_TEST_DATABASE=off`` leaves it out.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest

from jiamenkou.host import keys
from jiamenkou.host.lean import lean
from jiamenkou.host.postgres import SUPERUSER, Cluster
from jiamenkou.host.runtime import prepare

_started: list[Cluster] = []
_home: list[Path] = []


def _start() -> None:
    home = Path(tempfile.mkdtemp(prefix="jiamenkou-test-"))
    home.chmod(0o755)
    _home.append(home)
    keys.create(home / "keys.json")
    os.environ["JIAMENKOU_KEYS"] = str(home / "keys.json")
    os.environ["JIAMENKOU_DATA"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "jiamenkou.site.settings"
    # tests connect as the owner: the policies are forced, so they hold for it too
    os.environ["JIAMENKOU_ROLE"] = "owner"
    os.environ["JIAMENKOU_DEMO"] = "1"
    os.environ.pop("DATABASE_URL", None)
    if os.environ.get("JIAMENKOU_TEST_DATABASE") == "off":
        return
    # forty at once for the last ten places, in every process of the run
    cluster = Cluster(home / "postgres", home / "postgres.log", most_connections=60 * ((os.cpu_count() or 1) + 1))
    cluster.start()
    _started.append(cluster)
    urls = prepare(cluster)
    with psycopg.connect(cluster.url(SUPERUSER, "postgres"), autocommit=True) as admin:
        admin.execute("alter role jiamenkou_owner createdb")
        # the tests of loss after a crash start clusters of their own
        admin.execute("alter system set fsync = off")
        admin.execute("alter system set synchronous_commit = off")
        admin.execute("select pg_reload_conf()")
        # what `prepare` furnished the first database with, every test database starts with
        admin.execute("drop database if exists jiamenkou_template")
        admin.execute("create database jiamenkou_template template jiamenkou owner jiamenkou_owner")
    os.environ["JIAMENKOU_DATABASE_URL"] = urls["owner"]
    os.environ["JIAMENKOU_TEST_WEB_URL"] = urls["web"]
    os.environ["JIAMENKOU_TEST_TEMPLATE"] = "jiamenkou_template"
    (home / "urls.json").write_text(json.dumps(urls), encoding="utf-8")


lean()  # every process makes its own test database
if "PYTEST_XDIST_WORKER" not in os.environ:
    _start()


def pytest_unconfigure(config: pytest.Config) -> None:
    for cluster in _started:
        cluster.stop()
    for home in _home:
        shutil.rmtree(home, ignore_errors=True)
    _started.clear()
    _home.clear()
