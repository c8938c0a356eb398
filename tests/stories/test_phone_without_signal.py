"""A resident's phone without signal: what was seen opens with its time, what was written is sent once, and nobody reads it.

The network is really cut (the browser's own switch), the house really stops answering (between.py), answers really get
lost on their way back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Error, Page, expect

from tests.stories.between import Between
from tests.stories.conftest import PHONE, House
from tests.stories.stored import stored

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("house")]

SECRET = "三单元二楼的灯坏了三天"
CONTROLLED = """() => navigator.serviceWorker.controller ? null
  : new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", () => done(null)))"""


@pytest.fixture
def between(house: House) -> Iterator[Between]:
    found = Between(house.url)
    yield found
    found.stop()


@pytest.fixture
def resident(house: House, between: Between, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """``resident("demo-resident-1")`` on a phone of their own, or ``on=page`` on a phone that is there."""
    contexts = []

    def enter(username: str, on: Page | None = None) -> Page:
        page = on
        if page is None:
            context = chromium.new_context(viewport=PHONE, base_url=between.url, locale="zh-CN")  # type: ignore[arg-type]
            contexts.append(context)
            page = context.new_page()
            page.set_default_timeout(20_000)
        page.goto(house.sign_in_link(username).replace(house.url, between.url))
        live(page)
        return page

    yield enter
    for context in contexts:
        context.close()


def live(page: Page) -> None:
    """The page came from the house, was kept and has sent what waited; its worker is there."""
    page.locator("body[data-store=ready]").wait_for()
    page.evaluate(CONTROLLED)


def look(page: Page, *paths: str) -> None:
    for path in paths:
        page.goto(path)
        live(page)


def opened(page: Page, path: str) -> None:
    """As last seen, with its time."""
    page.goto(path)
    page.locator("body[data-store=kept]").wait_for()
    expect(page.locator("[data-offline]")).to_contain_text(re.compile(r"看到的是 \d{1,2}:\d\d 存下的"))


def photo() -> dict[str, Any]:
    """As a phone takes it: several megabytes."""
    out = BytesIO()
    Image.effect_noise((1600, 1200), 60).convert("RGB").save(out, "JPEG", quality=95)
    return {"name": "灯.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def take(page: Page) -> None:
    """Take a photo, and wait until it is small; noise is the hardest to make so."""
    page.locator("[name=photo]").set_input_files(photo())
    small = "() => { const [one] = document.querySelector('[name=photo]').files; return one?.size > 9000 && one.size <= 300 * 1024; }"
    page.wait_for_function(small, timeout=60_000)


def vacancy_to_apply_for(page: Page) -> tuple[str, str]:
    """Address and title of a vacancy that this person has not applied for."""
    page.goto("/jobs/?all=1")
    hrefs = [str(link.get_attribute("href")) for link in page.locator("article h3 a").all()]
    for href in hrefs:
        look(page, href)
        if page.locator("[data-open=apply]").count():
            return href, page.locator("main h2.h1").inner_text()
    raise AssertionError("the demo has no vacancy to apply for")


def apply(page: Page) -> None:
    page.locator("[data-open=apply]").click()
    page.get_by_role("button", name="确认投递").click()


def applied(page: Page, title: str) -> int:
    """How often 我的事 names it."""
    page.goto("/me/things/")
    live(page)
    return page.locator(".event").filter(has_text=title).count()


def test_what_was_seen_opens_without_signal(
    resident: Callable[..., Page], between: Between, shot: Callable[[Page, str], None]
) -> None:
    page = resident("demo-resident-1")
    context = page.context
    # careless: a page that was never looked at is not there
    vacancy, title = vacancy_to_apply_for(page)
    page.goto("/groups/orders/")
    page.get_by_role("article").filter(has_text="待提货").get_by_role("link").first.click()
    live(page)
    order = page.url.removeprefix(between.url)
    page.get_by_role("link", name="出示取货码").click()
    live(page)
    code, digits = page.url.removeprefix(between.url), page.locator(".digits").inner_text()
    kept = [
        "/",
        "/jobs/",
        "/me/things/",
        "/me/messages/",
        "/stations/",
        "/help/",
        "/help/report/",
        "/groups/orders/",
        order,
    ]
    look(page, *kept)

    for cut in (lambda: context.set_offline(True), between.stop):  # the network, then the house
        cut()
        for path in [*kept, vacancy]:
            opened(page, path)
        expect(page.get_by_role("heading", name=title).first).to_be_visible()
        opened(page, code)
        expect(page.locator(".digits")).to_have_text(digits)
        expect(page.locator(".group-qr svg")).to_be_visible()
        shot(page, "phone-code-without-signal")
        # a link from one kept page to another, and to one that is not kept
        opened(page, "/")
        page.locator("nav.tabs a", has_text="我的事").click()
        expect(page.get_by_role("heading", name="我的事")).to_be_visible()
        page.locator("nav.tabs a", has_text=re.compile("^我的$")).click()
        expect(page.get_by_role("heading", name="这一页要有网才能看")).to_be_visible()
        expect(page.locator("[data-kept-list] a")).not_to_have_count(0)
        shot(page, "phone-needs-signal")
        page.locator("[data-kept-list] a", has_text="找工作").click()
        expect(page.locator("[data-offline]")).to_be_visible()
        # the desk is nobody's to answer for
        with pytest.raises(Error, match=r"ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED"):
            context.new_page().goto("/desk/")
        opened(page, "/me/things/")
        if between.stands:
            context.set_offline(False)
            live(page)  # by itself
    # what needs signal says so at its button
    opened(page, "/me/messages/")
    for button in page.locator("form[action$='/answer/'] button").all():
        expect(button).to_be_disabled()
        expect(button).to_have_text("要有网才能办")
    between.start()
    live(page)  # by itself
    expect(page.locator("[data-offline]")).to_be_hidden()


def test_an_application_is_sent_once(
    resident: Callable[..., Page], between: Between, shot: Callable[[Page, str], None]
) -> None:
    page = resident("demo-resident-graduate-2")
    vacancy, title = vacancy_to_apply_for(page)
    assert applied(page, title) == 0
    posts: list[str] = []
    page.on("request", lambda one: posts.append(one.url) if one.method == "POST" and "/apply/" in one.url else None)
    page.context.set_offline(True)
    opened(page, vacancy)
    apply(page)
    expect(page.locator(".toasts")).to_contain_text("没有网，已经替您留着，有网就发")
    expect(page.locator("[data-offline]")).to_contain_text("还有 1 件等着发")
    shot(page, "phone-kept-application")
    opened(page, vacancy)
    apply(page)  # a second time: the same thing
    page.goto("/offline/")
    expect(page.locator("[data-waiting-list] li")).to_have_count(1)
    expect(page.locator("[data-waiting-list]")).to_contain_text(title)
    shot(page, "phone-waiting")
    opened(page, "/me/things/")
    page.context.set_offline(False)
    live(page)
    expect(page.locator(".toasts")).to_contain_text("没网时留着的，发出去了")
    assert applied(page, title) == 1
    assert len(posts) == 1


def test_a_report_whose_answer_was_lost_is_filed_once(
    resident: Callable[..., Page], between: Between, shot: Callable[[Page, str], None]
) -> None:
    page = resident("demo-resident-graduate-3")
    look(page, "/help/report/", "/me/things/")
    before = applied(page, SECRET)
    # the house files it, and its answer gets lost: nobody knows, so it is kept
    page.goto("/help/report/")
    live(page)
    between.lose = b"/help/report/ "
    take(page)
    page.locator("[name=words]").fill(SECRET)
    expect(page.locator("[name=promised]")).to_have_value("lighting")  # else the house would ask first
    page.get_by_role("button", name="报上去").click()
    expect(page.get_by_role("heading", name="没有网，已经替您留着")).to_be_visible()
    assert between.lost
    between.lose = b""
    page.goto("/me/things/")
    live(page)
    assert applied(page, SECRET) == before + 1, "one case, though it was sent twice"

    # written without signal, with its photo: numbered on arrival
    between.stop()
    opened(page, "/help/report/")
    take(page)
    page.locator("[name=words]").fill(f"{SECRET}，楼道黑")
    page.get_by_role("button", name="报上去").click()
    expect(page.locator(".toasts")).to_contain_text("已经替您留着")
    assert SECRET not in stored(page), "what was written lies readable on the phone"
    opened(page, "/me/things/")
    between.start()
    live(page)  # by itself
    page.locator(".toasts a").click()
    expect(page.get_by_text(re.compile(r"编号 \w+"))).to_be_visible()
    expect(page.get_by_role("heading", name=SECRET)).to_be_visible()
    assert applied(page, SECRET) == before + 2


def test_what_is_refused_says_why_and_can_be_mended(
    resident: Callable[..., Page], between: Between, shot: Callable[[Page, str], None]
) -> None:
    page = resident("demo-resident-3")
    look(page, "/help/report/", "/me/things/")
    between.stop()
    opened(page, "/help/report/")
    broken = {"name": "灯.jpg", "mimeType": "image/jpeg", "buffer": b"no picture at all"}
    page.locator("[name=photo]").set_input_files(broken)
    page.locator("[name=words]").fill(SECRET)
    page.get_by_role("button", name="报上去").click()
    expect(page.locator(".toasts")).to_contain_text("已经替您留着")
    opened(page, "/me/things/")
    between.start()
    live(page)  # by itself
    expect(page.locator("[data-refused]")).to_contain_text("1 件没有发出去")
    page.locator("[data-refused] a").click()
    expect(page.locator("[data-problem]")).to_contain_text("照片")
    shot(page, "phone-refused")
    page.get_by_role("link", name="去改一改").click()
    live(page)
    expect(page.locator("[name=words]")).to_have_value(SECRET)
    take(page)
    page.get_by_role("button", name="报上去").click()
    number, again = page.get_by_text(re.compile(r"编号 \w+")), page.get_by_role("button", name="就这样报上去")
    expect(number.or_(again)).to_be_visible()
    if again.is_visible():  # another promise than the one that was shown: asked once
        again.click()
    expect(number).to_be_visible()
    live(page)
    expect(page.locator("[data-refused]")).to_be_hidden()


def names(page: Page) -> list[str]:
    return list(page.evaluate("async () => (await indexedDB.databases()).map(({ name }) => name)"))


def test_nobody_else_reads_it(resident: Callable[..., Page], house: House, between: Between) -> None:
    page = resident("demo-resident-2")
    name = next(one["name"] for one in house.accounts() if one["username"] == "demo-resident-2")
    vacancy, title = vacancy_to_apply_for(page)
    look(page, "/", "/me/things/", "/me/messages/")
    # careless: the same page kept as it is, and the reader finds it
    page.evaluate(
        """async (text) => {
      const base = await new Promise((done) => { const asked = indexedDB.open("session-careless", 1);
        asked.onupgradeneeded = () => asked.result.createObjectStore("pages");
        asked.onsuccess = () => done(asked.result); });
      await new Promise((done) => { const row = base.transaction("pages", "readwrite").objectStore("pages").put(text, 1); row.onsuccess = done; });
      base.close();
    }""",
        f"{name} {title}",
    )
    assert name in stored(page)
    page.evaluate(
        "() => new Promise((done) => { indexedDB.deleteDatabase('session-careless').onsuccess = () => done(null); })"
    )
    page.context.set_offline(True)
    opened(page, vacancy)
    apply(page)
    expect(page.locator(".toasts")).to_contain_text("已经替您留着")
    found = stored(page)
    assert "session-phone/pages" in found
    assert "phone-waiting/forms" in found
    assert "key(false)" in found
    assert "key(true)" not in found
    for word in (name, title, "确认投递", vacancy):
        assert word not in found

    # twelve hours without the house: gone
    between.stop()
    page.context.set_offline(False)
    opened(page, "/me/things/")
    page.clock.set_fixed_time(datetime.now().astimezone() + timedelta(hours=12, minutes=1))
    page.goto("/me/things/")
    expect(page.get_by_role("heading", name="这一页要有网才能看")).to_be_visible()
    expect(page.locator("[data-kept-list] a")).to_have_count(0)
    expect(page.locator("[data-others]")).to_contain_text("1 件没有发")
    assert "session-phone/pages" not in stored(page)
    page.clock.set_fixed_time(datetime.now().astimezone())

    # signing out takes the pages; what waits stays, sealed; somebody else sees nothing of either
    between.lose = b"/apply/"  # so that it waits on
    between.start()
    live(page)  # by itself
    page.goto("/me/")
    live(page)
    page.locator("form[action='/signin/out/'] button").click()
    page.wait_for_url(re.compile("/signin/"))
    page.wait_for_timeout(500)
    assert "session-phone/pages" not in stored(page)
    assert "session-phone/keys" not in stored(page)
    between.lose = b""
    resident("demo-elder-2", on=page)
    look(page, "/jobs/")
    page.goto("/offline/")
    page.locator("[data-kept-list] a").first.wait_for()
    expect(page.locator("[data-waiting-list] li")).to_have_count(0)
    expect(page.locator("[data-others]")).to_be_hidden()
    page.context.set_offline(True)
    page.goto("/me/things/")
    expect(page.get_by_role("heading", name="这一页要有网才能看")).to_be_visible()
    page.context.set_offline(False)
    live(page)

    # the first one again: now it is sent, once
    resident("demo-resident-2", on=page)
    expect(page.locator(".toasts")).to_contain_text(title)
    assert applied(page, title) == 1


def test_a_sign_in_ended_elsewhere_is_gone_at_the_next_signal(resident: Callable[..., Page]) -> None:
    lost, other = resident("demo-elder-3"), resident("demo-elder-3")
    look(lost, "/me/things/")
    lost.context.set_offline(True)
    opened(lost, "/me/things/")
    other.goto("/me/devices/")
    other.get_by_role("button", name=re.compile("其他|别的")).first.click()
    opened(lost, "/me/things/")  # no signal yet
    lost.context.set_offline(False)
    lost.wait_for_url(re.compile("/signin/"))
    lost.wait_for_timeout(500)
    assert "session-phone/pages" not in stored(lost)
    lost.context.set_offline(True)
    lost.goto("/me/things/")
    expect(lost.get_by_role("heading", name="这一页要有网才能看")).to_be_visible()


def test_a_slow_house_is_waited_for_beside_what_is_kept(resident: Callable[..., Page], between: Between) -> None:
    page = resident("demo-elder-1")
    look(page, "/me/things/")
    between.late = 9
    page.goto("/me/things/", timeout=8_500)  # after five seconds, as it was
    page.locator("body[data-store=kept]").wait_for(timeout=3_000)
    expect(page.locator("[data-offline]")).to_contain_text("连不上社区的网站")
    live(page)  # and then as it is, by itself
    expect(page.locator("[data-offline]")).to_be_hidden()
    page.goto("/me/notices/", timeout=8_500)
    expect(page.get_by_role("heading", name="网很慢，还在打开")).to_be_visible()
    live(page)
    expect(page.get_by_role("heading", name="通知怎么收")).to_be_visible()


def test_what_waits_can_be_taken_back_and_a_clock_set_back_ends_it_all(resident: Callable[..., Page]) -> None:
    page = resident("demo-resident-graduate-1")
    vacancy, title = vacancy_to_apply_for(page)
    page.context.set_offline(True)
    opened(page, vacancy)
    apply(page)
    expect(page.locator("[data-offline]")).to_contain_text("还有 1 件等着发")
    page.locator("[data-offline] a[data-waiting]").click()
    page.on("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="不发了").click()
    expect(page.get_by_text("没有等着发的")).to_be_visible()
    opened(page, vacancy)
    expect(page.locator("[data-waiting]")).to_be_hidden()
    page.clock.set_fixed_time(datetime.now().astimezone() - timedelta(hours=1))
    page.goto(vacancy)
    expect(page.get_by_role("heading", name="这一页要有网才能看")).to_be_visible()
    expect(page.locator("[data-kept-list] a")).to_have_count(0)
    assert "session-phone/pages" not in stored(page)
    page.clock.set_fixed_time(datetime.now().astimezone())
    page.context.set_offline(False)
    live(page)
    assert applied(page, title) == 0
