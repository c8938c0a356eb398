"""What the store of the phone brings to the tests of trust."""

from __future__ import annotations

from tests.trust.rowing import EVERYONE, OPEN, RESIDENTS, get, post

ROWS = [
    get("offline/", EVERYONE, OPEN),
    get("offline/worker.js", EVERYONE, OPEN),
    post("offline/key/", RESIDENTS, "in 200 200 200 200 200 200"),
]
