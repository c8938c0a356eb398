"""走流程 as it looks and as it is used while the signal comes and goes, in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image, ImageDraw
from playwright.sync_api import BrowserContext, FilePayload, expect

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.cases.states import Outcome
from jiamenkou.services.walkthrough.actions import planning, recruiting, walking
from jiamenkou.services.walkthrough.actions.finding import check_finding, publish_finding
from jiamenkou.services.walkthrough.models import Finding
from tests.browser.conftest import SHOTS, Tab
from tests.people import make_resident, make_signed_up, make_town
from tests.services.walkthrough.make import WHY, another_round, handled, make_finding, make_scene

pytestmark = [pytest.mark.browser, pytest.mark.postgres]
MOST = 300_000  # bytes of a photo that leaves the phone
FOUND = {
    "unclear": "门口的牌子看不懂该去几号窗口", "papers": "清单上没写，到了又要户口簿", "waiting": "一个窗口，等了四十多分钟",
    "facility": "老人填表没有凳子和老花镜", "trips": "复印要跑到对面打印店", "attitude": "问第二遍就不耐烦", "system": "系统上午很慢",
}  # fmt: skip


def drawn(colour: str) -> bytes:
    """A window with a sign, in place of a photo."""
    picture, out = Image.new("RGB", (800, 600), colour), BytesIO()
    pen = ImageDraw.Draw(picture)
    pen.rectangle((120, 160, 680, 520), fill="white")
    pen.rectangle((180, 220, 620, 300), fill=colour)
    picture.save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def scene(transactional_db: None) -> dict[str, Any]:
    """Two rounds: in the first seven findings of which six are solved; in the second a walk under way."""
    with scope(EVERYTHING, actor="test", reason="test"):
        made = make_scene(make_town().community)
        by, start = Actor(made.worker), timezone.now() - timedelta(minutes=90)
        walk, neighbour = made.walk(start), make_resident(made.community, name="童青禾")
        joined = make_signed_up(neighbour)
        walking.accompany(walk, neighbour, by=Actor(joined), now=start, reason=WHY)
        for number, minutes in enumerate((4, 43, 9, 6), 1):
            walking.arrive(walk, number, by=made.by, now=start, reason=WHY)
            start += timedelta(minutes=minutes)
            asked = ["身份证", "房产证"] if number == 3 else []
            walking.finish(walk, number, by=made.by, now=start, reason=WHY, waiting_minutes=minutes // 2, asked=asked)
        for kind, words in FOUND.items():
            photo = drawn("firebrick") if kind in {"unclear", "facility"} else None
            finding = make_finding(made, walk, kind, words=words, photo=photo, step=2)
            beyond = kind == "system"
            handled(finding, made.worker, Outcome.CANNOT if beyond else Outcome.SOLVED)
            after = drawn("seagreen") if photo else None
            check_finding(finding, True, "看过了", by=made.by, now=timezone.now(), reason=WHY, photo=after)
            finding.refresh_from_db()
            fix = "" if beyond else "当天就改了"
            publish_finding(finding, words, fix, bool(photo), True, by=by, now=timezone.now(), reason=WHY)
        walking.end_walk(walk, "done", "办成了，路上不太顺", by=made.by, now=start, reason=WHY)
        first, made.round = made.round, another_round(made)
        running = made.walk(timezone.now() - timedelta(minutes=25))
        walking.arrive(running, 1, by=made.by, now=running.started_at, reason=WHY)
        walking.arrive(running, 2, by=made.by, now=running.started_at + timedelta(minutes=6), reason=WHY)
        make_finding(made, running, "papers", words="又要户口簿")
        check = handled(
            make_finding(made, running, "waiting", words="又等了半天", photo=drawn("firebrick")), made.worker
        )
        asking = make_resident(made.community, name="商月笙")
        recruiting.sign_up(
            asking, "退休了，认得路", True, by=Actor(make_signed_up(asking)), now=timezone.now(), reason=WHY
        )
        planning.save_point(
            None, made.community, {"name": "民政窗口", "address": "一楼 5 号", "charge": "民政所"}, by=by, reason=WHY
        )
        return {
            "officer": made.account, "worker": made.worker, "joined": joined, "asking": make_resident(made.community),
            "first": first.pk, "second": made.round.pk, "running": running.pk, "done": walk.pk, "check": check.pk,
            "code": walk.join_code, "solved": Finding.objects.solved().order_by("pk")[0].pk, "errand": made.errand.pk,
            "point": made.point.pk,
        }  # fmt: skip


@pytest.mark.parametrize("mode", ["phone", "care", "dark", "small", "small-care"])
def test_every_phone_page(browser_page: Callable[..., Tab], scene: dict[str, Any], mode: str) -> None:
    officer, joined, stranger = (
        browser_page(mode, account) for account in (scene["officer"], scene["joined"], None)
    )  # fmt: skip
    for tab, name, path in [
        (stranger, "walks", "/walks/"),
        (stranger, "walks-round", f"/walks/rounds/{scene['first']}/"),
        (joined, "walks-sign-up", "/walks/officer/"),
        (joined, "walks-joined", f"/walks/join/{scene['code']}/"),
        (joined, "walks-none", "/walks/mine/"),
        (officer, "walks-mine", "/walks/mine/"),
        (officer, "walks-walk", f"/walks/{scene['running']}/"),
        (officer, "walks-find", f"/walks/{scene['running']}/find/?step=2"),
        (officer, "walks-walked", f"/walks/{scene['done']}/"),
        (officer, "walks-check", f"/walks/findings/{scene['check']}/"),
        (officer, "walks-solved", f"/walks/findings/{scene['solved']}/"),
        (officer, "walks-things", "/me/things/"),
        (stranger, "walks-help", "/help/"),
    ]:
        tab.open(path)
        tab.check(name)
    page = officer.open(f"/walks/{scene['running']}/")
    page.get_by_text("等了多久、要了什么").click()
    page.get_by_text("请居民一起走").click()
    page.get_by_text("走完了", exact=True).click()
    officer.check("walks-walk-open")


def test_every_desk_page(browser_page: Callable[..., Tab], scene: dict[str, Any]) -> None:
    tab = browser_page("desk", scene["worker"])
    for name, path in {
        "rounds": "", "round": f"rounds/{scene['second']}/", "round-first": f"rounds/{scene['first']}/",
        "round-new": "rounds/new/", "findings": "findings/", "findings-kind": "findings/?kind=waiting&state=checking",
        "findings-none": "findings/?q=没有", "finding": f"findings/{scene['solved']}/",
        "finding-again": f"findings/{scene['check']}/", "visits": "visits/", "visit": f"visits/{scene['done']}/",
        "officers": "officers/", "errands": "errands/", "errand": f"errands/{scene['errand']}/", "points": "points/",
        "point": f"points/{scene['point']}/",
    }.items():  # fmt: skip
        tab.open(f"/desk/walks/{path}")
        tab.check(f"desk-walks-{name}")
    tab.open("/desk/")
    tab.check("desk-walks-today")


def test_the_lists_of_a_round_print_on_a4(browser_page: Callable[..., Tab], scene: dict[str, Any]) -> None:
    tab = browser_page("desk", scene["worker"])
    page = tab.open(f"/desk/walks/rounds/{scene['first']}/print/")
    expect(page.get_by_role("heading", name="满意清单")).to_be_visible()
    tab.check("desk-walks-paper")
    pdf = page.pdf(prefer_css_page_size=True)
    assert b"/MediaBox [0 0 594.95" in pdf or b"/MediaBox [0 0 595" in pdf, "A4 is 595 × 842 points"
    assert len(re.findall(rb"/Type\s*/Page(?![a-zA-Z])", pdf)) == 1


def test_a_finding_waits_for_the_signal_and_is_recorded_once(
    browser_page: Callable[..., Tab], scene: dict[str, Any]
) -> None:  # fmt: skip
    tab = browser_page("phone", scene["officer"])
    page = tab.open(f"/walks/{scene['running']}/find/?step=2")
    away: BrowserContext = page.context
    page.get_by_label("态度", exact=True).check()
    page.get_by_label("什么问题").fill("没网的时候写的")
    away.set_offline(True)
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_text("眼下没有网")).to_be_visible()
    page.get_by_role("button", name="记下").click()  # once more, out of impatience
    assert saved("没网的时候写的") == 0
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/walks-no-signal.png")
    away.set_offline(False)
    page.wait_for_url(f"**/walks/{scene['running']}/")
    expect(page.get_by_text("没网的时候写的")).to_be_visible()
    assert saved("没网的时候写的") == 1


def test_what_was_written_outlives_a_reload_and_is_gone_once_it_was_sent(
    browser_page: Callable[..., Tab], scene: dict[str, Any]
) -> None:  # fmt: skip
    page = browser_page("phone", scene["officer"]).open(f"/walks/{scene['running']}/find/")
    page.get_by_label("态度", exact=True).check()
    page.get_by_label("什么问题").fill("写到一半")
    key = page.locator("[name=idempotency_key]").input_value()
    page.reload()
    expect(page.get_by_label("什么问题")).to_have_value("写到一半")
    expect(page.get_by_label("态度", exact=True)).to_be_checked()
    # the same key goes with the same words: an answer that was lost on the way does not make two of one
    expect(page.locator("[name=idempotency_key]")).to_have_value(key)
    page.get_by_role("button", name="记下").click()
    page.wait_for_url(f"**/walks/{scene['running']}/")
    page.goto(page.url + "find/")
    expect(page.get_by_label("什么问题")).to_have_value("")
    assert saved("写到一半") == 1


def test_a_photo_leaves_the_phone_small(browser_page: Callable[..., Tab], scene: dict[str, Any]) -> None:
    page = browser_page("phone", scene["officer"]).open(f"/walks/{scene['running']}/find/")
    out = BytesIO()
    Image.effect_noise((2400, 1800), 90).convert("RGB").save(out, "JPEG", quality=95)
    assert out.tell() > 2_000_000
    big: FilePayload = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}
    page.get_by_label("拍一张").set_input_files(files=[big])
    page.get_by_label("态度", exact=True).check()
    page.get_by_label("什么问题").fill("门口拍的")
    # sending waits for the drawing; here it is waited for by asking
    sizes = (page.evaluate("() => document.querySelector('input[type=file]').files[0].size") for _ in range(200))
    assert any(size <= MOST or page.wait_for_timeout(50) for size in sizes)
    page.get_by_role("button", name="记下").click()
    page.wait_for_url(f"**/walks/{scene['running']}/")
    with scope(EVERYTHING):
        photo = Finding.objects.get(words="门口拍的").before
    assert photo is not None


def saved(words: str) -> int:
    with scope(EVERYTHING):
        return Finding.objects.filter(words=words).count()
