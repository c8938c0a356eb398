"""How somebody without a phone confirms: by hand on the worker's glass, or by voice with a code read out."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

from jiamenkou.foundation.cases.states import Moment, Proof
from jiamenkou.foundation.files.storing import discard, read
from jiamenkou.foundation.refusals import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from jiamenkou.foundation.access.actor import Actor
    from jiamenkou.foundation.cases.models import Case
    from jiamenkou.foundation.files.models import StoredFile

# between ink and paper, of 255; a photo of a signed sheet in poor light has more
LEAST_CONTRAST = 60
# a dot is no signature: so much of the picture is ink
LEAST_INK = 0.0008


@dataclass(frozen=True, slots=True)
class Signed:
    """A stored proof. ``code``: the digits that are read out in a recording, so that no other one can be put in its place."""

    proof: Proof
    file: StoredFile
    code: str = ""

    @property
    def words(self) -> str:
        return f"本人录音，念的码是 {self.code}" if self.proof == Proof.VOICE else "本人签名"


def check_ink(file: StoredFile, *, by: Actor, field: str = "signature") -> None:
    """Raises Refused at ``field`` for an empty sheet or a dot, and keeps nothing of it."""
    grey = Image.open(io.BytesIO(read(file))).convert("L")
    counts = grey.histogram()
    shades = [shade for shade, count in enumerate(counts) if count]
    low, high = shades[0], shades[-1]
    ink = sum(counts[: (low + high) // 2])
    if high - low < LEAST_CONTRAST or ink < LEAST_INK * grey.width * grey.height:
        discard(file, by=by, reason="没有签名")
        raise Refused("还没有签名，请本人在框里写上名字。", field=field, code="empty")


def keep_proof(case: Case, signed: Signed, at: datetime) -> None:
    """The proof stays with the case, whatever becomes of it."""
    from jiamenkou.foundation.cases.models import CaseFile

    CaseFile.objects.create(case=case, file=signed.file, moment=Moment.SIGNATURE, at=at)
