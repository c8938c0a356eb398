"""Files come in from any phone: drawn again, counted, and handed out only to those whose keeper says so."""

from __future__ import annotations

import struct
import zlib
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.files import storing
from jiamenkou.foundation.files.images import MOST_PIXELS, redraw
from jiamenkou.foundation.files.keepers import keep
from jiamenkou.foundation.files.models import FileKind, StoredFile
from jiamenkou.foundation.refusals import Refused
from tests.people import Town, make_account

pytestmark = pytest.mark.django_db


def photo(width: int = 40, height: int = 30, kind: str = "JPEG", **how: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, kind, **how)
    return out.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """A header that promises more pixels than anybody can hold, and next to no data."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def test_a_photo_loses_its_place_and_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the phone was held upright
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(0x8825)[1] = "N"
    drawn, width, height = redraw(photo(2400, 1200, exif=exif))
    assert (width, height) == (800, 1600)
    with Image.open(BytesIO(drawn)) as kept:
        assert not kept.getexif()
    assert b"PhoneMaker" not in drawn


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (huge_png(10_000, 8_000), "too_large"),  # 80 megapixels
        (huge_png(60_000, 60_000), "too_large"),
        (b"\xff\xd8\xff" + b"0" * 100, "not_an_image"),
        (photo()[:60], "not_an_image"),
        (b"", "not_an_image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_an_image"),
        (b"\0" * (13 * 1024 * 1024), "too_large"),
    ],
)
def test_what_is_no_photo_is_refused_at_its_field(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        redraw(data, field="before")
    assert (refused.value.field, refused.value.code) == ("before", code)


def test_most_pixels_is_below_what_a_phone_can_do_harm_with() -> None:
    assert redraw(photo(4000, 3000))[1] == 1600
    assert MOST_PIXELS < 80_000_000


def test_transparent_pictures_get_a_white_ground() -> None:
    out = BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(BytesIO(redraw(out.getvalue())[0])) as drawn:
        assert drawn.getpixel((1, 1)) == (255, 255, 255)


@pytest.mark.usefixtures("town")
def test_documents_are_known_by_their_first_bytes(town: Town) -> None:
    by = Actor(make_account())
    pdf = storing.store_document(b"%PDF-1.7 x", "../../租约?.pdf", by=by, keeper="t", community=town.community)
    assert (pdf.kind, pdf.name, storing.read(pdf)) == (FileKind.DOCUMENT, "租约.pdf", b"%PDF-1.7 x")
    assert storing.store_document(photo(), "a.pdf", by=by, keeper="t", community=None).kind == FileKind.IMAGE
    for data in (b"MZ\x90", b"<html>", b""):
        with pytest.raises(Refused, match="只收"):
            storing.store_document(data, "a.pdf", by=by, keeper="t", community=None)
    with pytest.raises(Refused, match="听不了"):
        storing.store_voice(b"%PDF-", by=by, keeper="t", community=None)


def test_a_day_has_a_quota(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "DAY_FILES", 2)
    by = Actor(make_account())
    for _ in range(2):
        storing.store_photo(photo(), by=by, keeper="t", community=None)
    with pytest.raises(Refused, match="太多"):
        storing.store_photo(photo(), by=by, keeper="t", community=None)
    storing.store_photo(photo(), by=Actor(make_account()), keeper="t", community=None)


def test_only_those_whom_the_keeper_lets_have_a_file(town: Town, client_for: Any, client: Any) -> None:
    owner, friend, stranger = make_account(), make_account(), make_account()
    file = storing.store_photo(photo(), by=Actor(owner), keeper="test.friend", community=town.community)
    assert client.get(file.href).status_code == 404
    assert client_for(friend).get(file.href).status_code == 404, "no keeper is registered yet"
    keep("test.friend", lambda by, _file: by.account == friend)
    assert [client_for(who).get(file.href).status_code for who in (owner, friend, stranger)] == [200, 200, 404]
    answer = client_for(friend).get(file.href)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "no-store"
    paper = storing.store_document(b"%PDF-1.7", "租约.pdf", by=Actor(owner), keeper="test.friend", community=None)
    assert client_for(owner).get(paper.href)["Content-Disposition"].startswith("attachment")


def test_what_is_over_is_swept_out(town: Town, django_capture_on_commit_callbacks: Any) -> None:
    now = timezone.now()
    by = Actor(make_account())
    old, fresh = (storing.store_photo(photo(), by=by, keeper="t", community=None) for _ in range(2))
    StoredFile.objects.filter(pk=old.pk).update(expires_at=now - timedelta(days=1))
    path = storing.path_of(old)
    with django_capture_on_commit_callbacks(execute=True):
        assert storing.sweep(now) == 1
    assert not path.exists()
    assert storing.path_of(fresh).exists()
