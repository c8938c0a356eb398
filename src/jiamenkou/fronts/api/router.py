"""``/api/v1/``: rooms add their routers; the OpenAPI document is at ``/api/v1/openapi.json``."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError

from jiamenkou import __version__
from jiamenkou.foundation.events.contributions import rooms
from jiamenkou.foundation.refusals import Conflict, NotAllowed, Refused

# docs_url: the interactive page loads scripts from elsewhere, which our policy forbids
api = NinjaAPI(title="家门口", version=__version__, docs_url=None, urls_namespace="api")


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused | type[Refused]) -> HttpResponse:
    """A refusal names its field; 409 when somebody else was first, 403 when it is not the caller's to do."""
    assert isinstance(error, Refused)
    status = 409 if isinstance(error, Conflict) else 403 if isinstance(error, NotAllowed) else 422
    body: dict[str, Any] = {"message": error.message, "field": error.field, "code": error.code}
    return api.create_response(request, body, status=status)


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
    assert isinstance(error, HttpError)
    return api.create_response(
        request, {"message": str(error), "field": None, "code": "http"}, status=error.status_code
    )


for room in rooms():
    if room.api is not None:
        room.api(api)
