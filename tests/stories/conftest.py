"""The stories of the product, on the demo community of a real ``jiamenkou up``, through a real Chromium.

One house for all stories of a run; a browser context for each person. A story is not done while any step needs a
shell, a fixture or the back office. ``JIAMENKOU_SHOTS=DIR`` keeps the pictures that the docs use.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# a busy machine is slow, not wrong
expect.set_options(timeout=20_000)
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1366, "height": 768}


@dataclass
class House:
    """A running house: its address, and how its command line is called."""

    url: str
    environment: dict[str, str]

    def command(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "jiamenkou", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def accounts(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.command("demo", "accounts", "--json"))
        return found

    def sign_in_link(self, username: str) -> str:
        return next(one["login_url"] for one in self.accounts() if one["username"] == username)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def running_house(data: Path, *arguments: str, seconds: float = 240) -> Iterator[House]:
    """A real ``up`` on this data directory, ready; stopped at the end."""
    port = free_port()
    clean = {
        k: v for k, v in os.environ.items() if not k.startswith(("JIAMENKOU_", "DJANGO_", "DATABASE_", "PYTEST_"))
    }
    environment = clean | {"PORT": str(port), "JIAMENKOU_DATA": str(data)}
    with (data / "up.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jiamenkou", "up", "--port", str(port), "--data", str(data), *arguments],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + seconds
        while not answers(f"{url}/readyz"):
            assert process.poll() is None, (data / "up.log").read_text()
            assert time.monotonic() < until, (data / "up.log").read_text()
            time.sleep(0.5)
        yield House(url, environment)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(tmp_path_factory.mktemp("house")) as found:
        yield found


@pytest.fixture(scope="module")  # two Playwright drivers do not live in one process
def chromium() -> Iterator[Browser]:
    path = next((found for found in CHROMIUM if Path(found).exists()), None)
    assert path is not None, "Chromium is missing: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def someone(house: House, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """``someone("demo-worker-1", desk=True)`` is that person's browser, signed in; without a name a stranger's."""
    contexts = []

    def enter(username: str | None = None, *, desk: bool = False) -> Page:
        context = chromium.new_context(viewport=DESK if desk else PHONE, base_url=house.url, locale="zh-CN")  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        if username is not None:
            page.goto(house.sign_in_link(username))
        return page

    yield enter
    for context in contexts:
        context.close()


@pytest.fixture
def shot() -> Callable[[Page, str], None]:
    """Keep a picture for the docs where ``JIAMENKOU_SHOTS`` says so."""
    folder = os.environ.get("JIAMENKOU_SHOTS")

    def take(page: Page, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(Path(folder) / f"{name}.png"))

    return take
