"""Pages of the stand-in: process, database and worker, and one thing that can be written."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from tests.host.stub.tasks import slow_note


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def readyz(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_workers where last_heartbeat > now() - interval '30 s'")
        return JsonResponse({"workers": (workers := cursor.fetchone()[0])}, status=200 if workers else 503)


@csrf_exempt
def notes(request: HttpRequest) -> HttpResponse:
    """POST text → the id of its row, after commit; the same text is the same row. GET → how many rows there are."""
    with connection.cursor() as cursor:
        if request.method == "POST" and "later" in request.GET:
            slow_note.defer(text=request.body.decode(), seconds=float(request.GET["later"]))
            return JsonResponse({}, status=202)
        if request.method == "POST":
            insert = "insert into note (text) values (%s) on conflict (text) do update set text = excluded.text returning id"
            cursor.execute(insert, [request.body.decode()])
            return JsonResponse({"id": cursor.fetchone()[0]}, status=201)
        cursor.execute("select count(*), current_user from note")
        count, role = cursor.fetchone()
        return JsonResponse({"notes": count, "role": role})


urlpatterns = [path("", notes), path("healthz", healthz), path("readyz", readyz)]
