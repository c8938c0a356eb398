"""Somebody without a phone: a worker files for them, they sign on glass or say a code; so at the end, before a witness."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from jiamenkou.foundation.cases.actions import handling
from jiamenkou.foundation.cases.actions.opening import follow
from jiamenkou.foundation.cases.leaving import forget
from jiamenkou.foundation.cases.models import Case, CaseEvent, CaseFile, Follower
from jiamenkou.foundation.cases.states import CaseState, EventKind, Moment, Outcome
from jiamenkou.foundation.events.kinds import ResidentErased
from jiamenkou.foundation.files.models import StoredFile
from tests.foundation.cases.make import Office, make_case

ClientFor = Callable[[Any], Any]
ANSWERS = {"solved": "yes", "satisfaction": "good"}


def glass(*strokes: tuple[int, int, int, int]) -> SimpleUploadedFile:
    """The canvas with these strokes on it."""
    picture, out = Image.new("RGB", (720, 240), "white"), BytesIO()
    for stroke in strokes:
        ImageDraw.Draw(picture).line(stroke, fill="#10203c", width=5)
    picture.save(out, "PNG")
    return SimpleUploadedFile("sign.png", out.getvalue(), "image/png")


def name() -> SimpleUploadedFile:
    return glass((60, 120, 300, 40), (300, 40, 320, 200), (340, 60, 600, 180))


def voice() -> SimpleUploadedFile:
    return SimpleUploadedFile("说的话.ogg", b"OggS" + bytes(500), "audio/ogg")


@pytest.fixture
def done(office: Office) -> tuple[Case, str]:
    """Handled by the worker; the address at which a colleague takes the answer."""
    case = make_case(office)
    handling.sign(case, by=office.worker, reason="测试")
    case = handling.handle(case, Outcome.SOLVED, "换了灯泡", by=office.worker, reason="测试")
    return case, f"{case.href}confirm/{Follower.objects.get().pk}/"


def told(office: Office, **more: Any) -> dict[str, Any]:
    return {
        "title": "下水堵了", "place": office.town.grids[0].pk, "channel": "visit", "resident": f"R{office.resident.pk}",
    } | more  # fmt: skip


def token_and_code(page: str) -> tuple[str, str]:
    token = re.search(r'name="token" value="([^"]+)"', page)
    code = re.search(r"再念 (\d{4})", page)
    assert token and code
    return token[1], code[1]


def test_filed_for_somebody_who_signs(office: Office, client_for: ClientFor) -> None:
    desk = client_for(office.worker.account)
    sent = desk.post("/desk/cases/new/", told(office, signature=name()))
    case = Case.objects.get()
    assert (sent.status_code, sent["Location"]) == (302, case.href)
    kept = CaseFile.objects.get(case=case)
    assert (kept.moment, kept.file.kind) == (Moment.SIGNATURE, "image")
    page = desk.get(case.href).content.decode()
    assert "收到：本人签名" in page and kept.file.href in page
    assert desk.get(kept.file.href).status_code == 200
    assert client_for(office.street.account).get(kept.file.href).status_code == 200, "who sees the case sees its proof"


@pytest.mark.parametrize("strokes", [(), ((100, 100, 102, 102),)])
def test_an_empty_glass_is_no_signature(office: Office, client_for: ClientFor, strokes: Any) -> None:
    answer = client_for(office.worker.account).post("/desk/cases/new/", told(office, signature=glass(*strokes)))
    assert answer.status_code == 422 and "还没有签名" in answer.content.decode()
    assert not Case.objects.exists() and not StoredFile.objects.exists()


def test_signed_at_the_end_before_a_witness(office: Office, client_for: ClientFor, done: tuple[Case, str]) -> None:
    case, address = done
    handler, witness = client_for(office.worker.account), client_for(office.colleague.account)
    assert (
        address not in handler.get(case.href).content.decode() and address in witness.get(case.href).content.decode()
    )
    # careless: whoever handled it holds out the glass themselves
    own = handler.post(address, ANSWERS | {"signature": name()})
    assert own.status_code == 409 and "没有经手的人" in own.content.decode() and not StoredFile.objects.exists()
    assert witness.post(address, {"signature": name()}).status_code == 422
    assert witness.post(address, ANSWERS).status_code == 422
    assert not StoredFile.objects.exists() and not CaseEvent.objects.filter(kind=EventKind.CALLED_BACK).exists()
    sent = witness.post(address, ANSWERS | {"signature": name(), "text": "亮堂了"})
    assert (sent.status_code, sent["Location"]) == (302, case.href)
    follower = Follower.objects.get()
    assert (follower.proof, follower.solved, follower.satisfaction) == ("signature", "yes", "good")
    assert CaseFile.objects.get(case=case).moment == Moment.SIGNATURE
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED
    assert "亮堂了。本人签名" in witness.get(case.href).content.decode()
    assert witness.post(address, ANSWERS | {"signature": name()}).status_code == 409, "nobody answers twice"


def test_a_code_said_into_the_microphone(office: Office, client_for: ClientFor, done: tuple[Case, str]) -> None:
    case, address = done
    witness = client_for(office.colleague.account)
    token, code = token_and_code(witness.get(address).content.decode())
    sent = witness.post(address, ANSWERS | {"recording": voice(), "token": token})
    assert sent.status_code == 302 and Follower.objects.get().proof == "voice"
    event = CaseEvent.objects.get(case=case, kind=EventKind.CALLED_BACK)
    assert code in event.text and CaseFile.objects.get(case=case).file.kind == "voice"


@pytest.mark.parametrize("token", ["", "nonsense", "another"])
def test_a_code_that_is_not_of_this_page(
    office: Office, client_for: ClientFor, done: tuple[Case, str], token: str
) -> None:
    """Of another account, made up, or none: an old recording cannot be put in the place of a new one."""
    _case, address = done
    if token == "another":
        token = token_and_code(client_for(office.lead.account).get(address).content.decode())[0]
    answer = client_for(office.colleague.account).post(address, ANSWERS | {"recording": voice(), "token": token})
    assert answer.status_code == 422 and "码过期了" in answer.content.decode()
    assert not StoredFile.objects.exists()


def test_what_is_no_picture_and_no_recording(office: Office, client_for: ClientFor, done: tuple[Case, str]) -> None:
    _case, address = done
    witness = client_for(office.colleague.account)
    token, _code = token_and_code(witness.get(address).content.decode())
    for field in ("signature", "recording"):
        for content in (b"no such thing", b""):
            answer = witness.post(address, ANSWERS | {field: SimpleUploadedFile("x", content), "token": token})
            assert answer.status_code == 422 and answer.context["refused"].message
    empty = client_for(office.worker.account).post(
        "/desk/cases/new/", told(office, signature=SimpleUploadedFile("sign.png", b""))
    )
    assert empty.status_code == 422 and not StoredFile.objects.exists()


def test_a_protected_source_signs_nowhere(office: Office, client_for: ClientFor) -> None:
    case = make_case(office, category="care", title="三楼老人好几天没见")
    follower = Follower.objects.get(case=case)
    assert client_for(office.colleague.account).get(f"{case.href}confirm/{follower.pk}/").status_code == 404


def test_a_signature_would_give_a_protected_source_away(office: Office, client_for: ClientFor) -> None:
    answer = client_for(office.worker.account).post(
        "/desk/cases/new/", told(office, category="care", signature=name())
    )
    assert answer.status_code == 422 and "不留签名" in answer.content.decode()
    assert not StoredFile.objects.exists() and not Case.objects.exists()


def test_who_is_forgotten_takes_the_signature_along(
    office: Office, client_for: ClientFor, done: tuple[Case, str]
) -> None:
    case, address = done
    neighbour = follow(case, office.neighbour, by=office.worker, reason="测试")
    client_for(office.colleague.account).post(address, ANSWERS | {"signature": name()})
    client_for(office.lead.account).post(f"{case.href}confirm/{neighbour.pk}/", ANSWERS | {"signature": name()})
    client_for(office.worker.account).post("/desk/cases/new/", told(office, signature=name()))
    assert CaseFile.objects.filter(moment=Moment.SIGNATURE).count() == 3
    forget(ResidentErased(office.resident.pk))
    kept = CaseFile.objects.get(moment=Moment.SIGNATURE)
    assert kept.case == case and StoredFile.objects.get() == kept.file, "the neighbour's own stays"
