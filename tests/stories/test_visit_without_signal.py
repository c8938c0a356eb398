"""Visits without signal: a grid worker takes the list along, knocks at doors in a stairwell, and nothing is lost or doubled.

The network is really cut (the browser's own switch), tabs are really closed, sign-ins really end.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.stories.stored import stored

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("house")]

DOOR = "/desk/visits/door/"
VOICE = {"name": "说的话.ogg", "mimeType": "audio/ogg", "buffer": b"OggS" + bytes(2000)}
SECRET = "婆婆说膝盖疼"


def photo() -> dict[str, Any]:
    """As a phone takes it: several megabytes."""
    out = BytesIO()
    Image.effect_noise((2400, 1800), 80).convert("RGB").save(out, "JPEG", quality=95)
    assert len(out.getvalue()) > 3_000_000
    return {"name": "照片.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def open_door(page: Page, *, take: bool = True) -> None:
    """The page at the door, kept by its service worker."""
    page.goto(DOOR)
    page.locator("body[data-ready]").wait_for()
    page.evaluate(
        """() => navigator.serviceWorker.controller
             || new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done))"""
    )
    if take:
        page.get_by_role("button", name=re.compile("带走名单|重新带名单")).click()
        page.locator(".door-card").first.wait_for()


def back_online(page: Page) -> None:
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")


def fill(page: Page, door: int, outcome: str = "见到了", words: str = "") -> str:
    """Fill in the form of a door as far as the button; returns who was visited."""
    card = page.locator(".door-card").nth(door)
    name = card.locator("b").first.inner_text()
    card.click()
    page.get_by_text(outcome, exact=True).click()
    if words:
        page.get_by_text("看病吃药", exact=True).click()
        page.get_by_label("看病吃药：怎么说的").fill(words)
    return name


def finish(page: Page) -> None:
    page.get_by_role("button", name="记好了").click()
    page.locator(".door-form").wait_for(state="detached")


def visits_called(desk: Page, name: str) -> int:
    desk.goto(f"/desk/visits/?q={name}")
    return desk.locator("tbody tr", has_text=name).count()


@pytest.fixture
def grid_worker(someone: Callable[..., Page]) -> Page:
    return someone("demo-grid-worker-11")


@pytest.fixture
def desk(someone: Callable[..., Page]) -> Page:
    return someone("demo-worker-1", desk=True)


def test_two_visits_survive_the_stairwell(grid_worker: Page, desk: Page, shot: Callable[[Page, str], None]) -> None:
    page, context = grid_worker, grid_worker.context
    # careless: without the shell on the phone a reload without signal shows nothing
    page.goto("/desk/visits/plans/")
    context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.reload()
    context.set_offline(False)

    open_door(page)
    shot(page, "door-list")
    context.set_offline(True)
    page.reload()
    expect(page.get_by_text("现在没网")).to_be_visible()

    first = fill(page, 0, words=SECRET)
    page.locator("#photo").set_input_files(photo())
    expect(page.locator("[data-kind=photo]")).to_be_visible()
    kept = page.locator("[data-kind=photo] .meta").inner_text()
    assert int(kept.split()[0]) <= 300, "photos are shrunk on the phone"
    page.locator("#voice").set_input_files(VOICE)
    expect(page.locator("[data-kind=voice]")).to_be_visible()
    shot(page, "door-form")

    # the tab is killed in the middle of the form: a fresh one, still without signal, goes on where it was
    page.close()
    page = context.new_page()
    page.goto(DOOR)
    page.locator("a.item", has_text="开始记的").click()
    expect(page.get_by_label("看病吃药：怎么说的")).to_have_value(SECRET)
    expect(page.locator("[data-kind]")).to_have_count(2)
    finish(page)
    second = fill(page, 1, outcome="没人在家")
    finish(page)
    expect(page.get_by_text("2 次走访等着上传")).to_be_visible()
    shot(page, "door-waiting")
    assert SECRET not in stored(page), "what was recorded lies sealed"

    page.close()
    page = context.new_page()
    page.goto(DOOR)
    expect(page.get_by_text("2 次走访等着上传")).to_be_visible()
    before = {name: visits_called(desk, name) for name in (first, second)}
    back_online(page)
    expect(page.locator("#waiting")).to_have_count(0)
    page.reload()
    page.locator("body[data-ready]").wait_for()
    assert {name: visits_called(desk, name) for name in (first, second)} == {n: c + 1 for n, c in before.items()}
    desk.goto(f"/desk/visits/?q={first}")
    desk.locator("tbody tr", has_text=first).first.get_by_role("link").first.click()
    expect(desk.get_by_text(SECRET)).to_be_visible()
    expect(desk.locator("main img")).to_have_count(1)
    expect(desk.locator("main audio")).to_have_count(1)
    shot(desk, "desk-visit")


def test_a_lost_answer_doubles_nothing(grid_worker: Page, desk: Page) -> None:
    page, context = grid_worker, grid_worker.context
    open_door(page)
    context.set_offline(True)
    name = fill(page, 0)
    finish(page)
    before = visits_called(desk, name)
    received: list[str] = []

    def loses_the_answer(route: Route) -> None:
        answer = route.fetch()  # the server has it …
        received.append(f"{answer.status} {route.request.headers['idempotency-key']}")
        if len(received) < 3:
            route.abort()  # … the phone never hears of it
        else:
            route.fulfill(response=answer)

    page.route(re.compile("/door/send/"), loses_the_answer)
    back_online(page)
    for _ in range(2):
        expect(page.get_by_text("1 次走访等着上传")).to_be_visible()
        page.wait_for_timeout(500)
        page.get_by_role("button", name="现在上传").click()
    expect(page.locator("#waiting")).to_have_count(0)
    assert len(received) == 3 and len(set(received)) == 1 and received[0].startswith("200 ")
    assert visits_called(desk, name) == before + 1

    # careless: the same visit under a new number for each try is three visits
    page.unroute(re.compile("/door/send/"))
    context.set_offline(True)
    name = fill(page, 0)
    finish(page)
    before = visits_called(desk, name)
    page.evaluate(CARELESS)
    back_online(page)
    expect(page.locator("#waiting")).to_have_count(0)
    assert visits_called(desk, name) == before + 2


# puts a copy of what waits into the queue under another number, as a phone would that numbers its tries
CARELESS = """async () => {
  const { all, put } = await import("/static/visits/store.js");
  const queue = await import("/static/visits/queue.js");
  await queue.session();
  const [row] = await all("door-queue", "visits");
  const visit = await queue.draft(row.id);
  await queue.save({ ...visit, uid: crypto.randomUUID() }, true);
}"""


def test_two_phones_at_one_door_are_both_shown(
    someone: Callable[..., Page], desk: Page, shot: Callable[[Page, str], None]
) -> None:
    phones = [someone("demo-grid-worker-12"), someone("demo-grid-worker-12")]
    for phone in phones:
        open_door(phone)
        phone.context.set_offline(True)
    name = fill(phones[0], 2, words="药快吃完了")
    assert fill(phones[1], 2, words="想装个扶手") == name
    for phone in phones:
        finish(phone)
        back_online(phone)
        expect(phone.locator("#waiting")).to_have_count(0)
    desk.goto("/desk/visits/conflicts/")
    desk.get_by_role("row", name=re.compile(name)).get_by_role("link", name="对一对").click()
    for words in ("药快吃完了", "想装个扶手"):
        expect(desk.get_by_text(re.compile(words))).to_be_visible()
    shot(desk, "desk-conflict")
    desk.get_by_text("两份的需要都要").click()
    desk.get_by_role("button", name="就这样定").click()
    expect(desk.get_by_text("定好了，两份原样留着。")).to_be_visible()
    assert visits_called(desk, name) >= 2


def test_a_wrong_clock_is_flagged(grid_worker: Page, desk: Page) -> None:
    page = grid_worker
    page.clock.install(time=datetime.now() + timedelta(days=3))
    open_door(page)
    page.context.set_offline(True)
    name = fill(page, 0)
    finish(page)
    back_online(page)
    page.clock.run_for(2000)
    expect(page.locator("#waiting")).to_have_count(0)
    desk.goto(f"/desk/visits/?only=clock&q={name}")
    desk.get_by_role("row", name=re.compile(name)).first.get_by_role("link").first.click()
    expect(desk.get_by_text(re.compile("手机时间快了 3 天"))).to_be_visible()


def test_a_sign_in_that_ended_keeps_the_queue(
    house: Any, grid_worker: Page, desk: Page, shot: Callable[[Page, str], None]
) -> None:
    page, context = grid_worker, grid_worker.context
    open_door(page)
    context.set_offline(True)
    name = fill(page, 0, words=SECRET)
    finish(page)
    before = visits_called(desk, name)
    end_sign_in(context)
    back_online(page)
    expect(page.get_by_text("登录过期了，走访都留着")).to_be_visible()
    expect(page.get_by_text("1 次走访等着上传")).to_be_visible()
    shot(page, "door-expired")
    page.goto(house.sign_in_link("demo-grid-worker-11"))
    page.goto(DOOR)
    expect(page.locator("#waiting")).to_have_count(0)
    page.locator("body[data-ready]").wait_for()
    assert visits_called(desk, name) == before + 1


def end_sign_in(context: BrowserContext) -> None:
    """As after thirty idle minutes: the server knows this browser no more."""
    context.clear_cookies(name="session")


def test_signing_out_leaves_nothing_stored(house: Any, grid_worker: Page, desk: Page) -> None:
    page, context = grid_worker, grid_worker.context
    page.on("dialog", lambda dialog: dialog.accept())
    open_door(page)
    context.set_offline(True)
    name = fill(page, 0, words=SECRET)
    lying = stored(page)
    assert "key(false)" in lying, "the list's key cannot be taken out"
    assert name not in lying and SECRET not in lying
    page.goto(f"{DOOR}#")
    page.locator(".door-card").first.wait_for()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_text("还没有带名单")).to_be_visible()
    lying = stored(page)
    assert "session-door/" not in lying and "key(" not in lying
    assert name not in lying and SECRET not in lying
    assert "door-queue/visits" in lying, "what was not sent stays, sealed"

    # the same at the ordinary sign-out, from another page
    context.set_offline(False)
    page.goto(house.sign_in_link("demo-grid-worker-11"))
    open_door(page)
    page.locator("a.item", has_text="开始记的").click()
    expect(page.get_by_label("看病吃药：怎么说的")).to_have_value(SECRET)
    page.goto("/me/")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url(re.compile("/signin/"))
    assert "session-door/" not in stored(page)


def test_after_twelve_hours_the_list_is_gone(grid_worker: Page) -> None:
    page = grid_worker
    page.clock.install()
    open_door(page)
    page.context.set_offline(True)
    page.clock.fast_forward("12:00:05")
    page.reload()
    expect(page.get_by_text("还没有带名单")).to_be_visible()
    assert "session-door/" not in stored(page)
