"""The database connection from a URL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.conninfo import conninfo_to_dict

# A statement that needs longer is a fault: the page says so instead of hanging.
STATEMENT_TIMEOUT_MS = 5_000
LOCK_TIMEOUT_MS = 2_000
# a statement is kept on its connection once it was used so often; a hundred of them, the longest unused goes first
PREPARE_AFTER = 1
# There are more threads than connections: whoever comes in a crowd waits for one.
POOL_TIMEOUT = 5


def database_settings(env: Mapping[str, str]) -> dict[str, Any]:
    """Django's ``DATABASES['default']`` for ``JIAMENKOU_DATABASE_URL`` (or ``DATABASE_URL``).

    The web role gets a pool and short timeouts; the owner, who migrates, gets neither.
    """
    url = env.get("JIAMENKOU_DATABASE_URL") or env.get("DATABASE_URL") or "postgresql://127.0.0.1/jiamenkou"
    parts = {key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None}
    settings: dict[str, Any] = {
        # a pooled connection that PostgreSQL has lost is replaced, not handed to a page
        "CONN_HEALTH_CHECKS": True,
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "jiamenkou"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        # statements are bound and planned by PostgreSQL and kept from their second use on: planning them anew under row-level
        # security costs more than running them; a pooler between that cannot keep them is said with JIAMENKOU_PREPARE=0
        "OPTIONS": {
            **parts,
            "connect_timeout": 5,
            "server_side_binding": True,
            "prepare_threshold": None if env.get("JIAMENKOU_PREPARE") == "0" else PREPARE_AFTER,
        },
        "TEST": {
            "NAME": env.get("JIAMENKOU_TEST_DB", "test_jiamenkou"),
            "TEMPLATE": env.get("JIAMENKOU_TEST_TEMPLATE", "template1"),
        },
    }
    role = env.get("JIAMENKOU_ROLE", "web")
    if role == "web":
        settings["OPTIONS"]["options"] = (
            f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS}"
        )
        settings["OPTIONS"]["pool"] = {
            "min_size": 1,
            "max_size": int(env.get("JIAMENKOU_POOL", "8")),
            "timeout": POOL_TIMEOUT,
        }
    return settings
