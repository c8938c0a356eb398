"""What is promised is said before a report is sent, and every word of it is the catalogue's and the calendar's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from jiamenkou.engines.workdays import CHINA
from jiamenkou.foundation.cases.actions.opening import promise, promise_words
from jiamenkou.foundation.cases.catalogue import Limit
from jiamenkou.foundation.cases.models import Case, CaseFile, CatalogueVersion
from jiamenkou.foundation.cases.standard import RULES
from jiamenkou.foundation.files.models import StoredFile
from jiamenkou.foundation.files.storing import sweep
from tests.foundation.cases.make import Office
from tests.people import make_account, make_signed_up

ClientFor = Callable[[Any], Any]
TUESDAY = datetime(2026, 3, 10, 9, 0, tzinfo=CHINA)
ASK = "/help/report/promise/"


@pytest.fixture(autouse=True)
def a_tuesday() -> Any:
    with patch("jiamenkou.fronts.cases.phone.promising.now", return_value=TUESDAY):
        yield


def photo() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (64, 48), "grey").save(out, "JPEG")
    return SimpleUploadedFile("照片.jpg", out.getvalue(), "image/jpeg")


def test_the_words_decide_until_a_kind_is_tapped(office: Office, client_for: ClientFor) -> None:
    phone = client_for(make_signed_up(office.resident))
    first = phone.get("/help/report/").content.decode()
    assert 'name="promised" value="other"' in first and "别的事" in first
    said = phone.post(ASK, {"words": "楼道灯坏了", "category": ""}).content.decode()
    assert 'value="lighting"' in said and "楼道照明" in said and "按您写的猜的" in said
    tapped = phone.post(ASK, {"words": "楼道灯坏了", "category": "water"}).content.decode()
    assert 'value="water"' in tapped and "漏水和下水" in tapped and "按您写的猜的" not in tapped
    assert 'value="other"' in phone.post(ASK, {"words": "", "category": "nonsense"}).content.decode()


@pytest.mark.parametrize("category", ["lighting", "elevator", "road", "care"])
def test_every_figure_is_the_catalogue_s(office: Office, client_for: ClientFor, category: str) -> None:
    told = promise(category, office.town.grids[0], TUESDAY)
    page = client_for(make_signed_up(office.resident)).post(ASK, {"words": "", "category": category}).content.decode()
    assert told.response_due is not None
    answered = timezone.localtime(told.response_due)
    assert f"{answered.month}月{answered.day}日 {answered:%H:%M}" in page
    assert f"一般 {told.rule.handle}内答复" in page and promise_words(told.due) in page
    assert f"交给{told.desk.words}" in page
    assert ("会转过去" in page) == told.rule.may_return and ("办到底" in page) != told.rule.may_return


def test_the_row_of_the_place_is_the_one_that_counts(office: Office, client_for: ClientFor) -> None:
    own = replace(RULES[0], place=office.town.community.code, handle=Limit(2, "working_days"), may_return=False)
    CatalogueVersion.objects.create(rows=[rule.as_json() for rule in (*RULES, own)], note="灯两天")
    page = client_for(make_signed_up(office.resident)).post(ASK, {"words": "灯坏了"}).content.decode()
    assert "一般 2 个工作日内答复" in page and "3月11日（周三）前" in page and "办到底" in page


def test_beyond_the_calendar_no_day_is_invented(office: Office, client_for: ClientFor) -> None:
    late = datetime(2031, 3, 10, 9, 0, tzinfo=CHINA)
    with patch("jiamenkou.fronts.cases.phone.promising.now", return_value=late):
        page = client_for(make_signed_up(office.resident)).post(ASK, {"words": "灯坏了"}).content.decode()
    assert "期限定下来就告诉您" in page and "2031" not in page and "有人回您" not in page


def test_without_a_script_it_is_shown_once_before_anything_is_filed(office: Office, client_for: ClientFor) -> None:
    phone = client_for(make_signed_up(office.resident))
    told = {"words": "楼道灯坏了", "door": "6栋", "photo": photo(), "promised": "other"}
    page = phone.post("/help/report/", told)
    text = page.content.decode()
    assert page.status_code == 200 and not Case.objects.exists()
    assert "还没报上去" in text and "就这样报上去" in text and "一般 5 个工作日内答复" in text and "6栋" in text
    kept = StoredFile.objects.get()
    assert kept.expires_at is not None and f'name="kept" value="{kept.uid}"' in text and kept.href in text
    sent = phone.post(
        "/help/report/", {"words": "楼道灯坏了", "door": "6栋", "promised": "lighting", "kept": kept.uid}
    )
    case = Case.objects.get()
    assert sent["Location"] == f"/help/{case.pk}/" and case.category == "lighting"
    assert CaseFile.objects.get(case=case).file == kept
    kept.refresh_from_db()
    assert kept.expires_at is None


def test_a_photo_alone_is_two_taps(office: Office, client_for: ClientFor) -> None:
    """Nothing to guess from: the promise of 别的事 stood on the page from the start."""
    phone = client_for(make_signed_up(office.resident))
    assert phone.post("/help/report/", {"photo": photo(), "promised": "other"}).status_code == 302
    assert CaseFile.objects.get().case.category == "other"


def test_a_photo_survives_a_mistake_elsewhere_and_gives_way_to_a_new_one(
    office: Office, client_for: ClientFor
) -> None:
    phone = client_for(make_signed_up(office.resident))
    phone.post("/help/report/", {"words": "灯坏了", "photo": photo()})
    old = StoredFile.objects.get()
    again = phone.post("/help/report/", {"words": "灯坏了", "door": "6" * 81, "promised": "lighting", "kept": old.uid})
    assert again.status_code == 422 and str(old.uid) in again.content.decode()
    told = {"words": "灯坏了", "promised": "lighting", "kept": old.uid, "photo": photo()}
    assert phone.post("/help/report/", told).status_code == 302
    assert CaseFile.objects.get().file != old
    assert sweep(timezone.now() + timedelta(days=2)) == 1
    assert StoredFile.objects.get() == CaseFile.objects.get().file


def test_nobody_takes_what_somebody_else_laid_aside(office: Office, client_for: ClientFor) -> None:
    client_for(make_signed_up(office.resident)).post("/help/report/", {"words": "灯坏了", "photo": photo()})
    kept = StoredFile.objects.get()
    other = client_for(make_signed_up(office.neighbour))
    told = {"words": "灯坏了", "promised": "lighting", "kept": [str(kept.uid), "nonsense"]}
    assert other.post("/help/report/", told).status_code == 302
    assert not CaseFile.objects.exists()
    # nor is a file that a report has put on another
    mine = client_for(make_account())
    assert mine.post("/help/report/", told).status_code in {302, 422} and not CaseFile.objects.exists()


def test_where_nobody_answers_the_page_says_so(office: Office, client_for: ClientFor) -> None:
    elsewhere = replace(RULES[0], place=office.town.far.code)
    CatalogueVersion.objects.create(rows=[rule.as_json() for rule in (elsewhere, *RULES[1:])], note="只在那里")
    phone = client_for(make_signed_up(office.resident))
    assert "还没有定好由谁办" in phone.post(ASK, {"words": "", "category": "lighting"}).content.decode()
    sent = phone.post("/help/report/", {"words": "灯坏了", "category": "lighting", "promised": "lighting"})
    assert sent.status_code == 422 and "没有人管" in sent.content.decode() and not Case.objects.exists()


@pytest.mark.parametrize(
    "words", ["\x00楼道灯坏了", "灯" * 50_000, "<script>alert(1)</script>", "%s %(x)s {0} %%", "\ue0000.1\ue001"]
)
@pytest.mark.parametrize("category", ["\x00", "x" * 5_000, "<b>lighting</b>", "9" * 30])
def test_hostile_words_and_kinds_are_answered(
    office: Office, client_for: ClientFor, words: str, category: str
) -> None:
    phone = client_for(make_signed_up(office.resident))
    answer = phone.post(ASK, {"words": words, "category": category})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "<script>" not in page and "<b>lighting" not in page
    sent = phone.post("/help/report/", {"words": words, "category": category, "promised": category, "kept": "\x00"})
    assert sent.status_code in {200, 422} and not Case.objects.exists()
