"""A hotline ticket comes in by Excel with its own number and hour, is handled, a second call makes it hotter, a colleague
calls back, and the reply goes out in the columns of those who sent it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("house")]

HEAD = ["工单编号", "诉求标题", "诉求内容", "来电人", "联系电话", "办理时限", "办理状态", "办理情况"]
DUE = (datetime.now() + timedelta(days=6)).replace(hour=17, minute=30, second=0, microsecond=0)
NUMBER = f"JS{datetime.now():%Y%m%d%H%M%S}"


def table(path: Path) -> Path:
    """As the platform hands it out: a title on top, a blank line, the deadline a real date with its hour."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["梧桐街道 12345 工单（转社区）"])
    sheet.append([])
    sheet.append(HEAD)
    sheet.append([NUMBER, "楼道灯不亮", "三单元的灯三天没亮了，老人摔过", "尹先生", "13800005566", DUE, "待办", ""])
    book.save(path)
    return path


def hand_in(desk: Page, path: Path) -> None:
    desk.goto("/desk/cases/hotline/")
    desk.get_by_label("或者上传表格").set_input_files(path)
    desk.get_by_role("button", name="收下并派单").click()
    expect(desk.get_by_role("heading", name="收下了")).to_be_visible()


def test_in_by_excel_out_in_their_format(
    someone: Callable[..., Page], shot: Callable[[Page, str], None], tmp_path: Path
) -> None:
    tickets = table(tmp_path / "tickets.xlsx")
    desk = someone("demo-worker-1", desk=True)
    hand_in(desk, tickets)
    shot(desk, "desk-hotline-in")
    desk.get_by_role("link", name=re.compile(r"\d{4}-\d{4}")).first.click()
    expect(desk.get_by_text(NUMBER).first).to_be_visible()
    case = desk.url

    hand_in(desk, tickets)
    expect(desk.get_by_text("又来一次")).to_be_visible()

    desk.goto(case)
    desk.get_by_role("button", name="签收", exact=True).click()
    desk.get_by_label("怎么办的，报的人会看到").fill("换了声控灯，试过三遍")
    desk.get_by_role("button", name="办好了", exact=True).click()
    expect(desk.get_by_text("待回访").first).to_be_visible()
    # careless: whoever handled it does not take the answer
    expect(desk.get_by_role("link", name="当面确认")).to_have_count(0)

    colleague = someone("demo-lead-1", desk=True)
    colleague.goto(case)
    colleague.get_by_role("link", name="当面确认").click()
    colleague.get_by_label("解决了", exact=True).check()
    colleague.get_by_label("很满意", exact=True).check()
    sign(colleague)
    shot(colleague, "desk-confirm")
    colleague.get_by_role("button", name="本人确认了").click()
    expect(colleague.get_by_text("本人签名").first).to_be_visible()
    shot(colleague, "desk-case-signed")

    desk.goto("/desk/cases/hotline/")
    with desk.expect_download() as waited:
        desk.get_by_role("button", name="导出答复").click()
    out = tmp_path / "answers.xlsx"
    waited.value.save_as(out)
    sheet = load_workbook(out).active
    assert sheet is not None
    rows = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    at = next(number for number, row in enumerate(rows) if "工单编号" in row)
    heads = rows[at]
    assert heads[: len(HEAD)] == HEAD, "their columns, in their order"
    [answer] = [dict(zip(heads, row, strict=True)) for row in rows[at + 1 :] if NUMBER in row]
    assert answer["办理情况"] == "换了声控灯，试过三遍"
    assert answer["办理状态"] == "办结"
    assert answer["办理时限"] == f"{DUE:%Y-%m-%d %H:%M}", "the hour is still there"
    assert answer["联系电话"] == "13800005566"


def sign(page: Page) -> None:
    """A name on the glass, with the mouse."""
    box = page.get_by_role("img", name="在这里签名").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    for x, y in [(200, 30), (220, 120), (260, 50), (420, 110), (470, 40)]:
        page.mouse.move(box["x"] + x, box["y"] + y, steps=6)
    page.mouse.up()
    page.locator("canvas[data-signed]").wait_for()
