"""A job that takes long enough to be killed."""

from __future__ import annotations

import time

from django.db import connection
from procrastinate.contrib.django import app


@app.task(name="stub.slow_note")
def slow_note(text: str, seconds: float) -> None:
    """Writes its row after ``seconds``; run twice, it is still one row."""
    time.sleep(seconds)
    with connection.cursor() as cursor:
        cursor.execute("insert into note (text) values (%s) on conflict (text) do nothing", [text])
