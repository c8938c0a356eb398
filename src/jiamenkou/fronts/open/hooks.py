"""What other machines tell us. Each proves itself by a signature over the whole body."""

from __future__ import annotations

from django.http import Http404, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from jiamenkou.foundation.access.guards import for_everyone
from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.access.visit import Visit
from jiamenkou.foundation.ledger.hearing import hear
from jiamenkou.foundation.ledger.providers import Forged, in_use
from jiamenkou.foundation.messages.sms.plugging import config_in_use
from jiamenkou.foundation.messages.sms.receipts import is_genuine, take_receipts


@csrf_exempt
@require_POST
@for_everyone
def sms_receipts(request: Visit) -> HttpResponse:
    """``X-Sms-Timestamp`` and ``X-Sms-Signature``; answers ``{"code": 0}``. Without a provider there is no such page."""
    config = config_in_use()
    if config is None:
        raise Http404
    timestamp, signed = request.headers.get("X-Sms-Timestamp", ""), request.headers.get("X-Sms-Signature", "")
    if not is_genuine(config, timestamp, signed, request.body, timezone.now()):
        return JsonResponse({"code": 1, "msg": "签名不对"}, status=403)
    try:
        with scope(EVERYTHING, actor="system:sms", reason="短信回执"):
            take_receipts(config, request.body)
    except ValueError:
        return JsonResponse({"code": 2, "msg": "看不懂"}, status=400)
    return JsonResponse({"code": 0, "msg": "成功"})


@csrf_exempt
@require_POST
@for_everyone
def payment_notice(request: Visit) -> HttpResponse:
    """WeChat Pay's notice of a payment or a refund. What is not signed, or not now, is refused and asked for again."""
    provider = in_use()
    if provider is None:
        raise Http404
    try:
        notice = provider.read(dict(request.headers), request.body, timezone.now())
    except Forged:
        return JsonResponse({"code": "FAIL", "message": "签名不对"}, status=401)
    with scope(EVERYTHING, actor="system:payments", reason="支付通知"):
        hear(notice, now=timezone.now())
    return JsonResponse({"code": "SUCCESS", "message": "成功"})
