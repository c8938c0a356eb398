"""One command, one answer: a double tap, a retry after a lost signal and a queued form act once.

The key's row is inserted first, in the command's own transaction. A parallel duplicate waits on the unique index
until the first one commits (and then finds its answer) or fails (and then acts itself); a crash leaves neither
the deed nor the row. The answer is sealed under a key derived from the caller's own key, which is not stored.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import timedelta

from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from jiamenkou.foundation.access.models import StoredAnswer
from jiamenkou.foundation.vault.crypto import seal, unseal
from jiamenkou.foundation.vault.service import blind_index

HEADER = "Idempotency-Key"
FIELD = "idempotency_key"
KEPT = timedelta(hours=24)
_LONGEST_KEY = 200
_AT_WORK = "同一请求正在处理，请稍后再看"
_FORM = ("application/x-www-form-urlencoded", "multipart/form-data")
_KEPT_HEADERS = (
    "Content-Type",
    "Location",
    "Content-Language",
    "Content-Disposition",
    "ETag",
    "HX-Redirect",
    "HX-Trigger",
)


def key_of(request: HttpRequest) -> str | None:
    """The key that came with an unsafe request: the header, else the hidden field; None where there is none."""
    if request.method in {"GET", "HEAD", "OPTIONS", "TRACE"}:
        return None
    key = request.headers.get(HEADER)
    if not key and (request.content_type or "") in _FORM:
        key = request.POST.get(FIELD)
    return key or None


def once(request: HttpRequest, act: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """``act()``, or the answer it gave when the same caller sent the same key and body to the same route before.

    Must run inside the transaction that ``act`` writes in. Another body under a used key is 422. Answers of 500
    and above, refusals for now (429), streams and exceptions are not kept: the same key may be tried again.
    """
    key = key_of(request)
    if key is None:
        return act()
    if len(key) > _LONGEST_KEY:
        return _plain(400, "Idempotency-Key 太长")
    if not connection.in_atomic_block:
        raise RuntimeError("an idempotency key is kept in the transaction of its command")
    name = _name(request, key)
    key_hash, body = blind_index("idempotency", name), _fingerprint(request)
    try:
        first = _claim(key_hash, body)
    except OperationalError:
        # the first one holds the row longer than the lock timeout: it is still at work
        transaction.set_rollback(True)
        return _plain(409, _AT_WORK, retry_after=1)
    if not first:
        return _replay(key_hash, body, name, request)
    answer = act()
    if connection.needs_rollback:
        return answer  # the act undid everything, and the key with it
    if not _keepable(answer):
        StoredAnswer.objects.filter(key_hash=key_hash).delete()
        return answer
    sealed = seal(blind_index("idempotency.seal", name), _packed(answer, request), "answer")
    with connection.cursor() as cursor:
        cursor.execute(
            "update access_storedanswer set status = %s, sealed = %s where key_hash = %s",
            [answer.status_code, sealed, key_hash],
        )
    return answer


def hash_of(request: HttpRequest) -> bytes | None:
    """Under what the answer of this request is kept in ``access_storedanswer``, once there is one."""
    key = key_of(request)
    return blind_index("idempotency", _name(request, key)) if key is not None else None


def _name(request: HttpRequest, key: str) -> str:
    return f"{_who(request)}|{request.method}|{request.path}|{key}"


def _claim(key_hash: bytes, body: bytes) -> bool:
    """Whether this request is the first with its key. Waits for a parallel one; an answer past its day gives way."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into access_storedanswer as a (key_hash, body_hash, at) values (%s, %s, %s)
            on conflict (key_hash) do update set body_hash = excluded.body_hash, at = excluded.at,
                   status = null, sealed = null
             where a.at < %s
            returning 1""",
            [key_hash, body, now, now - KEPT],
        )
        return cursor.fetchone() is not None


def _replay(key_hash: bytes, body: bytes, name: str, request: HttpRequest) -> HttpResponseBase:
    row = StoredAnswer.objects.filter(key_hash=key_hash).first()
    if row is None or row.sealed is None or row.status is None:
        return _plain(409, _AT_WORK, retry_after=1)
    if bytes(row.body_hash) != body:
        return _plain(422, "这个编号已经用于另一个请求")
    kept = json.loads(unseal(blind_index("idempotency.seal", name), bytes(row.sealed), "answer"))
    content = b64decode(kept["content"])
    nonce = getattr(request, "csp_nonce", "")
    if kept["nonce"] and nonce:
        # the page's scripts must carry the nonce of the answer they now come with
        content = content.replace(kept["nonce"].encode(), nonce.encode())
    answer = HttpResponse(content, status=row.status)
    del answer.headers["Content-Type"]
    for header, value in kept["headers"].items():
        answer.headers[header] = value
    return answer


def _keepable(answer: HttpResponseBase) -> bool:
    return not answer.streaming and answer.status_code < 500 and answer.status_code not in {409, 429}


def _packed(answer: HttpResponseBase, request: HttpRequest) -> bytes:
    render = getattr(answer, "render", None)
    if render is not None and not getattr(answer, "is_rendered", True):
        render()
    content = getattr(answer, "content", b"")
    headers = {name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers}
    nonce = getattr(request, "csp_nonce", "")
    return json.dumps({"headers": headers, "nonce": nonce, "content": b64encode(content).decode()}).encode()


def _who(request: HttpRequest) -> str:
    """The caller: the account, else this browser, so that nobody reads another's answer by guessing a key."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return f"account:{user.pk}"
    browser = request.session.session_key or request.META.get("CSRF_COOKIE") or request.META.get("REMOTE_ADDR", "")
    return f"visitor:{browser}"


def _fingerprint(request: HttpRequest) -> bytes:
    """A digest of what was sent: query, and the body; of forms the fields without tokens, and the files' content."""
    digest = hashlib.sha256(request.META.get("QUERY_STRING", "").encode())
    if (request.content_type or "") in _FORM:
        fields = sorted(
            (name, values) for name, values in request.POST.lists() if name not in {FIELD, "csrfmiddlewaretoken"}
        )
        digest.update(json.dumps(fields).encode())
        for name, files in sorted(request.FILES.lists()):
            for upload in files:
                digest.update(json.dumps([name, upload.name, upload.size]).encode())
                for chunk in upload.chunks():
                    digest.update(chunk)
                upload.seek(0)
    else:
        digest.update(request.body)
    return digest.digest()


def _plain(status: int, text: str, retry_after: int | None = None) -> HttpResponse:
    answer = HttpResponse(text + "\n", status=status, content_type="text/plain; charset=utf-8")
    if retry_after is not None:
        answer.headers["Retry-After"] = str(retry_after)
    return answer
