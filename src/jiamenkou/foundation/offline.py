"""A page that opens without signal: a static shell, the same for everybody, kept on the phone by its service worker.

Neither the shell nor the worker holds a name or a number, so both are served to anybody and need no database. What a
person may see is put beside them by the page's own scripts, in a database named ``session-…`` that signing out deletes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static

# no nonce: the shell is the same answer for ever, every script of it a file of ours
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; "
    "connect-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


SENT_LATER = "Sent-Later"


def was_sent_later(request: HttpRequest) -> bool:
    """Whether a form was filled in without signal and is sent by the phone now: nobody looks at the answer."""
    return request.headers.get(SENT_LATER) == "1"


@dataclass(frozen=True)
class Shell:
    """``scope``: the folder whose pages the worker may answer; ``home``: where the shell itself is served.

    ``files`` are static files by name. ``words``: more for the templates. ``fresh_for``: how long a phone does not ask for
    a newer worker; by itself it asks with every page.
    """

    name: str
    scope: str
    home: str
    template: str
    worker_template: str
    files: tuple[str, ...]
    words: Mapping[str, Any] = field(default_factory=dict)
    fresh_for: timedelta = timedelta(0)

    @cached_property
    def page_text(self) -> str:
        return render_to_string(self.template, dict(self.words))

    @cached_property
    def version(self) -> str:
        """Changes with any file of the shell, so that phones fetch the new one whole."""
        digest = hashlib.sha256(self.page_text.encode())
        for name in self.files:
            path = finders.find(name) or f"{settings.STATIC_ROOT}/{name}"
            with open(str(path), "rb") as file:
                digest.update(file.read())
        return digest.hexdigest()[:16]

    def page(self, request: HttpRequest) -> HttpResponse:
        return self._answer(self.page_text, "text/html")

    def worker(self, request: HttpRequest) -> HttpResponse:
        files = [self.home, *(static(name) for name in self.files)]
        words = {"cache": f"{self.name}-{self.version}", "name": self.name, "home": self.home}
        text = render_to_string(self.worker_template, {**self.words, **words, "files": json.dumps(files)})
        answer = self._answer(text, "text/javascript")
        answer["Service-Worker-Allowed"] = self.scope
        if self.fresh_for:
            answer["Cache-Control"] = f"max-age={int(self.fresh_for.total_seconds())}"
        return answer

    @staticmethod
    def _answer(text: str, kind: str) -> HttpResponse:
        answer = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
        answer["Content-Security-Policy"] = POLICY
        answer["Cache-Control"] = "no-cache"  # kept by the service worker, by version
        return answer
