"""Pages of a running server in a real Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from jiamenkou.foundation.access.scope import EVERYTHING, scope
from tests import guards

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# mode: width, height, cookies
MODES: dict[str, tuple[int, int, dict[str, str]]] = {
    "phone": (390, 844, {}),
    "care": (390, 844, {"care": "1"}),
    "dark": (390, 844, {"dark": "1"}),
    "small": (320, 640, {}),
    "small-care": (320, 640, {"care": "1"}),
    "desk": (1366, 768, {}),
}
# what reaches beyond the screen, from the outside in
BEYOND = """(width) => [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > width + 1)
  .map((one) => one.outerHTML.slice(0, 80)).slice(0, 6)"""
SHOTS = os.environ.get("JIAMENKOU_SHOTS", "")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Closed with its module: a second driver in the same process would not start beside this one."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "Chromium is missing: apt-get install chromium fonts-noto-cjk"
    # the driver keeps an event loop in this thread; Django would take every query for one made inside it
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


@dataclass
class Tab:
    """One page in one mode. ``complaints`` is what the console said."""

    page: Page
    mode: str
    base: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        answer = self.page.goto(self.base + path)
        assert answer is not None
        assert answer.status < 400, f"{path}: {answer.status}"
        return self.page

    def check(self, name: str) -> None:
        """Saves a picture where one is wanted; nothing wider than the screen, nothing that axe finds."""
        if SHOTS:
            folder = Path(SHOTS)
            folder.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=str(folder / f"{name}-{self.mode}.png"), full_page=True)
        width = MODES[self.mode][0]
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide == width, f"{name}: wider than {width}: {self.page.evaluate(BEYOND, width)}"
        # a new state fades in once: colours are judged when it is there
        self.page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished)).then(() => null)")
        found = Axe().run(self.page).response["violations"]
        assert [(rule["id"], [node["html"][:160] for node in rule["nodes"]]) for rule in found] == [], name
        assert self.complaints == [], name


@pytest.fixture
def browser_page(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Tab]]:
    """``browser_page(mode, account=None)``: a tab in one of ``MODES``, signed in where an account is given."""
    contexts: list[BrowserContext] = []

    def opened(mode: str = "phone", account: Any = None) -> Tab:
        width, height, cookies = MODES[mode]
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        contexts.append(context)
        if account is not None:
            cookies = cookies | {settings.SESSION_COOKIE_NAME: session_of(account)}
        context.add_cookies(
            [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
        )
        tab = Tab(context.new_page(), mode, live_server.url)
        tab.page.on("console", lambda message: tab.complaints.append(message.text))
        tab.page.on("pageerror", lambda error: tab.complaints.append(str(error)))
        return tab

    yield opened
    for context in contexts:
        context.close()


def session_of(account: Any) -> str:
    """The key of a session in which the account has signed in, second factor included."""
    browser = Client()
    with scope(EVERYTHING, actor="test", reason="test"):
        guards.sign_in(browser, account)
    return browser.cookies[settings.SESSION_COOKIE_NAME].value
