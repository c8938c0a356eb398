"""Reads exactly what ``jiamenkou.site.settings`` reads from its environment."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from jiamenkou.host import keys

_place = urlsplit(os.environ["JIAMENKOU_DATABASE_URL"])

SECRET_KEY = keys.check(Path(os.environ["JIAMENKOU_KEYS"]))["django_secret"]
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "tests.host.stub.urls"
WSGI_APPLICATION = None
USE_TZ = True
INSTALLED_APPS = ["django.contrib.contenttypes", "procrastinate.contrib.django", "tests.host.stub"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _place.path[1:],
        "HOST": _place.hostname,
        "PORT": _place.port,
        "USER": _place.username,
        "PASSWORD": unquote(_place.password or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
