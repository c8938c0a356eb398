"""Every page of the closed loop on the demo community: axe finds nothing, on the desk and on the phone, in every mode."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, expect

from tests.stories.conftest import House

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("house")]

Someone = Callable[..., Page]
Shot = Callable[[Page, str], None]
DESK_PAGES = {
    "cases": "/desk/cases/",
    "cases-none": "/desk/cases/?q=nothing-like-it",
    "board": "/desk/cases/board/",
    "decisions": "/desk/cases/decisions/",
    "street": "/desk/cases/street/",
    "figures": "/desk/cases/figures/?days=365",
    "hours": "/desk/cases/hours/",
    "calendar": "/desk/cases/calendar/",
    "hotline": "/desk/cases/hotline/",
    "case-new": "/desk/cases/new/",
    "case-round": "/desk/cases/round/",
}
PHONE_PAGES = {
    "help": "/help/",
    "help-report": "/help/report/",
    "help-lead": "/help/report/?kind=care",
    "help-public": "/help/public/",
}
# mode, cookie, width
MODES = [
    ("normal", "", 390), ("care", "care", 390), ("dark", "dark", 390), ("care-320", "care", 320), ("normal-320", "", 320)
]  # fmt: skip


def clean(page: Page) -> None:
    page.wait_for_timeout(300)
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], [node["html"][:160] for node in rule["nodes"]]) for rule in found] == [], page.url
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is wider than the screen"


def dressed(page: Page, cookie: str, width: int = 0) -> None:
    if cookie:
        page.context.add_cookies([{"name": cookie, "value": "1", "url": page.url}])
    if width:
        page.set_viewport_size({"width": width, "height": 844})


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("who", ["demo-lead-1", "demo-street-officer-1"])
def test_the_desk(someone: Someone, shot: Shot, who: str, look: str) -> None:
    page = someone(who, desk=True)
    page.goto("/desk/")
    dressed(page, "dark" if look == "dark" else "")
    for name, address in DESK_PAGES.items():
        answer = page.goto(address)
        assert answer is not None and answer.status in {200, 404}, address
        if answer.status == 404:
            assert who.startswith("demo-street") and name in {"case-new", "hotline"}, address
            continue
        shot(page, f"{who.split('-')[1]}-{name}-{look}")
        clean(page)
    page.goto("/desk/cases/")
    page.locator("tbody a.button").first.click()
    expect(page.get_by_role("heading", name="经过")).to_be_visible()
    shot(page, f"{who.split('-')[1]}-case-{look}")
    clean(page)


@pytest.mark.parametrize(("mode", "cookie", "width"), MODES)
def test_the_phone(someone: Someone, shot: Shot, mode: str, cookie: str, width: int) -> None:
    page = someone("demo-resident-1")
    page.goto("/help/")
    dressed(page, cookie, width)
    for name, address in PHONE_PAGES.items():
        page.goto(address)
        shot(page, f"phone-{name}-{mode}")
        clean(page)
    page.goto("/help/report/")
    page.get_by_label("什么事？").fill("楼道灯坏了，晚上看不见台阶")
    said = page.locator("#promise")
    expect(said).to_contain_text("楼道照明")
    expect(said).to_contain_text(re.compile(r"一般 \d+ .+内答复"))
    page.get_by_label("哪一类").select_option("water")
    expect(said).to_contain_text("漏水和下水")
    page.get_by_label("哪一类").select_option("")
    expect(said).to_contain_text("按您写的猜的")
    said.scroll_into_view_if_needed()
    shot(page, f"phone-help-promise-{mode}")
    clean(page)
    page.get_by_role("button", name="报上去").click()
    expect(page.get_by_text("编号")).to_be_visible()
    shot(page, f"phone-help-mine-{mode}")
    clean(page)


def test_a_photo_is_shrunk_before_it_is_sent(someone: Someone) -> None:
    """Several megabytes of a phone's camera leave it as at most 300 KB, also where one sends at once."""
    out = BytesIO()
    Image.effect_noise((3000, 2200), 80).convert("RGB").save(out, "JPEG", quality=95)
    assert len(out.getvalue()) > 4_000_000
    taken = {"name": "照片.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}
    page = someone("demo-resident-1")
    page.goto("/help/report/")
    page.get_by_label("拍一张").set_input_files(taken)
    page.locator("input[data-shrunk]").wait_for(state="attached")
    expect(page.get_by_text("再拍一张")).to_be_visible()
    kept = page.evaluate("document.querySelector('input[data-shrunk]').files[0].size")
    assert 20_000 < kept <= 300 * 1024

    # sent at once, while it is still being made small: it waits for that
    page.goto("/help/report/")
    page.get_by_label("什么事？").fill("楼道里有纸箱")
    page.get_by_label("拍一张").set_input_files(taken)
    # what goes through the page's worker is seen at the form, not on the wire
    page.evaluate(
        "addEventListener('formdata', ({ formData }) => sessionStorage.setItem('left', formData.get('photo').size))"
    )
    page.get_by_role("button", name="报上去").click()
    page.wait_for_url(re.compile(r"/help/\d+/"))
    assert 20_000 < int(page.evaluate("sessionStorage.getItem('left')")) <= 300 * 1024


def test_without_a_script_the_promise_is_asked_about_once(house: House, someone: Someone, shot: Shot) -> None:
    """The photo that came first is not asked for again."""
    out = BytesIO()
    Image.effect_noise((640, 480), 80).convert("RGB").save(out, "JPEG")
    signed_in = someone("demo-resident-1").context
    assert signed_in.browser is not None
    plain = signed_in.browser.new_context(
        java_script_enabled=False, storage_state=signed_in.storage_state(), viewport={"width": 390, "height": 844}
    )
    page = plain.new_page()
    page.goto(f"{house.url}/help/report/")
    page.get_by_label("什么事？").fill("楼道灯坏了，晚上看不见台阶")
    taken = {"name": "照片.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}
    page.locator("input[name=photo]").set_input_files(taken)
    page.get_by_role("button", name="报上去").click()
    expect(page.get_by_text("还没报上去")).to_be_visible()
    expect(page.locator("#promise")).to_contain_text("楼道照明")
    assert page.get_by_alt_text("拍好的照片").evaluate("image => image.naturalWidth") == 640
    shot(page, "phone-help-asked")
    page.get_by_role("button", name="就这样报上去").click()
    expect(page.get_by_text("编号")).to_be_visible()
    plain.close()
