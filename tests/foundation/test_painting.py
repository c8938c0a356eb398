"""Our drawings as pictures: the code can be read, the words stand where they belong, and nothing of others is guessed."""

from __future__ import annotations

import threading
from io import BytesIO

import pytest
import segno
from PIL import Image

from jiamenkou.foundation.painting import NotOurs, answering, can_paint, fonts, paint

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100">'
needs_font = pytest.mark.skipif(not can_paint(), reason="no Chinese font on this machine")


def picture(inside: str) -> Image.Image:
    return Image.open(BytesIO(paint(f"{HEAD}{inside}</svg>"))).convert("RGB")


@needs_font
def test_shapes_stand_where_they_were_drawn() -> None:
    image = picture(
        '<rect width="200" height="100" fill="#0b7a4b"/><g transform="translate(100 20) scale(2)" fill="#fff">'
        '<rect x="5" y="5" width="20" height="20" rx="4"/></g><circle cx="30" cy="50" r="10" fill="#c8210f"/>'
    )
    assert image.size == (200, 100)
    assert image.getpixel((5, 5)) == (0x0B, 0x7A, 0x4B)
    assert image.getpixel((130, 50)) == (255, 255, 255)
    assert image.getpixel((30, 50)) == (0xC8, 0x21, 0x0F)
    # the corner is round
    assert image.getpixel((111, 31)) == (0x0B, 0x7A, 0x4B)


@needs_font
def test_a_code_is_painted_square_by_square() -> None:
    from jiamenkou.fronts.templatetags.paper import drawn_qr

    address = "https://jiamenkou.example/q/ab23cd45"
    rows = [list(row) for row in segno.make(address, error="h", micro=False).matrix]
    image = picture(drawn_qr(address, 0, 0, 100, "#1c1f1d")).convert("L")
    side = 100 / len(rows)
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            middle = (int((across + 0.5) * side), int((down + 0.5) * side))
            assert (image.getpixel(middle) < 128) == bool(dark), (down, across)


@needs_font
def test_words_are_written_from_their_line_upwards() -> None:
    image = picture('<text x="10" y="60" font-size="40" font-weight="700" fill="#c8210f">护理员</text>')
    box = Image.eval(image.convert("L"), lambda v: 255 - v).getbbox()
    assert box is not None
    left, top, right, bottom = box
    assert 8 <= left <= 16 and 18 <= top <= 30 and 120 <= right <= 134 and 58 <= bottom <= 68
    ended = picture('<text x="190" y="60" font-size="40" text-anchor="end" fill="#000">护理员</text>')
    box = Image.eval(ended.convert("L"), lambda v: 255 - v).getbbox()
    assert box is not None and 180 <= box[2] <= 191
    # pictographs are left out, no empty box stands for them
    plain, smiling = (picture(f'<text x="9" y="60" font-size="40" fill="#000">{w}</text>') for w in ("急招", "急招😀"))
    assert plain.tobytes() == smiling.tobytes()


@pytest.mark.parametrize(
    "drawing",
    ["", "<svg", "<svg/>", f'{HEAD}<image href="file:///etc/hostname"/></svg>', f"{HEAD}<g></svg>",
     '<svg width="99999" height="9"/>', '<svg xmlns="http://www.w3.org/2000/svg" height="9" height="9"/>',
     HEAD + " " * 300_000 + "</svg>", '<!DOCTYPE a [<!ENTITY b "c">]>' + HEAD + "</svg>"],
)  # fmt: skip
@needs_font
def test_what_is_not_ours_is_refused(drawing: str) -> None:
    with pytest.raises(NotOurs):
        paint(drawing)


@needs_font
def test_every_icon_of_the_house_can_be_painted() -> None:
    from jiamenkou.fronts.icons import NAMES
    from jiamenkou.fronts.templatetags.paper import drawn_icon

    for name in NAMES:
        image = picture(drawn_icon(name, 10, 10, 80, "#0b7a4b"))
        box = Image.eval(image.convert("L"), lambda v: 255 - v).getbbox()
        assert box is not None, name
        assert box[0] >= 8 and box[1] >= 8 and box[2] <= 92 and box[3] <= 92, (name, box)


def test_two_are_not_painted_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    inside, most, lock = 0, 0, threading.Lock()

    def slow(drawing: str) -> bytes:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        threading.Event().wait(0.02)
        with lock:
            inside -= 1
        return drawing.encode()

    monkeypatch.setattr(answering, "paint", slow)

    def many(work: object) -> int:
        nonlocal most
        most = 0
        threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]  # type: ignore[arg-type]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return most

    assert many(lambda n: slow(str(n))) > 1, "without the lock they run side by side"
    assert many(lambda n: answering._paint(bytes([n]), str(n))) == 1
    monkeypatch.setattr(answering, "WAIT_S", 0.01)
    with answering._one:
        assert answering._paint(b"busy", "x") is None


def test_the_last_ones_are_kept_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "paint", lambda drawing: drawing.encode())
    for number in range(answering.KEPT + 9):
        answering._paint(f"key{number}".encode(), "x")
    assert len(answering._kept) <= answering.KEPT


def test_a_named_file_that_is_no_font_paints_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    for path in (f"{tmp_path}/absent.ttc", __file__):
        monkeypatch.setenv(fonts.NAMED, path)
        assert fonts.faces.__wrapped__() is None
