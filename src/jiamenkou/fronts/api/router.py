"""``/api/v1/``: rooms add their routers; the OpenAPI document is at ``/api/v1/openapi.json``."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, RawPostDataException
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

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


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404 | type[Http404]) -> HttpResponse:
    return api.create_response(request, {"message": "没有这个", "field": None, "code": "not_found"}, status=404)


@api.exception_handler(ValidationError)
def wrong_input(request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
    """What the schema refuses: 400 for the address, 422 for the body, with the first field that is wrong."""
    assert isinstance(error, ValidationError)
    where = [str(part) for part in error.errors[0]["loc"]] if error.errors else ["body"]
    body = {"message": f"填得不对：{where[-1]}", "field": where[-1], "code": "invalid"}
    return api.create_response(request, body, status=422 if where[0] == "body" else 400)


@api.exception_handler(RawPostDataException)
def not_json(request: HttpRequest, error: RawPostDataException | type[RawPostDataException]) -> HttpResponse:
    """A form was sent where JSON is asked for; its body was read before the operation came to it."""
    return api.create_response(request, {"message": "请用 JSON 提交", "field": None, "code": "not_json"}, status=415)


for room in rooms():
    if room.api is not None:
        room.api(api)
