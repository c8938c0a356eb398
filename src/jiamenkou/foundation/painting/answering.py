"""A poster as an answer: painted once, kept a while, one at a time.

A painting takes an eighth of a second of one core. Ours are all of one size and few parts, the last ones are kept, and two
are never painted at once in a process: whoever has to wait too long is told to come again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from hashlib import sha256

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header

from jiamenkou.foundation.painting.drawing import paint
from jiamenkou.foundation.painting.fonts import can_paint

KEPT = 64
WAIT_S = 4.0
AGAIN_S = 5

_one = threading.Lock()
_kept: OrderedDict[bytes, bytes] = OrderedDict()


def painted(request: HttpRequest, template: str, context: dict[str, object], *, name: str) -> HttpResponse:
    """The PNG of a drawing's template. Without a font: on to the drawing itself, which a browser paints."""
    if not can_paint():
        return HttpResponseRedirect(request.path.removesuffix(".png") + ".svg")
    drawing = render_to_string(template, context, request)
    key = sha256(drawing.encode()).digest()
    picture = _kept.get(key) or _paint(key, drawing)
    if picture is None:
        busy = HttpResponse("正在画别的海报，过几秒再点一次。", status=503, content_type="text/plain; charset=utf-8")
        busy["Retry-After"] = str(AGAIN_S)
        return busy
    answer = HttpResponse(picture, content_type="image/png")
    answer["Content-Disposition"] = content_disposition_header(False, f"{name}.png") or ""
    return answer


def _paint(key: bytes, drawing: str) -> bytes | None:
    if not _one.acquire(timeout=WAIT_S):
        return None
    try:
        picture = _kept.get(key)  # while this one waited, another may have painted it
        if picture is None:
            picture = _kept[key] = paint(drawing)
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
        return picture
    finally:
        _one.release()
