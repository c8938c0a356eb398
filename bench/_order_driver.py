"""Our adapter for the load driver that also drives the peers (``load.py``): the product's own form, one POST an order.

``python _order_driver.py LOAD.py SHOP.json [options of load.py]``. SHOP.json holds ``cookies`` (one signed-in browser a
buyer), ``cycle``, ``offer`` and ``point``. The token of the form and the key of the deed are sent as a browser sends them.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import secrets
import sys
from pathlib import Path
from types import ModuleType
from typing import Any


def loaded(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location("load", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"no load driver at {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def adapter(shop: dict[str, Any]) -> type:
    """A class as ``load.py`` wants it: made with its options, ``conn`` set afterwards."""
    import aiohttp

    class Ours:
        conn: Any = None

        def __init__(self, options: Any) -> None:
            self.base = options.base
            self.csrf = secrets.token_hex(16)

        async def buy(self, number: int) -> str:
            fields = {
                "csrfmiddlewaretoken": self.csrf, f"offer-{shop['offer']}": "1", "point": str(shop["point"]),
                "idempotency_key": secrets.token_hex(8),
            }  # fmt: skip
            headers = {"Cookie": f"session={shop['cookies'][number]}; csrf={self.csrf}", "Referer": self.base}
            async with (
                aiohttp.ClientSession(connector=self.conn, connector_owner=False) as browser,
                browser.post(
                    f"{self.base}/groups/{shop['cycle']}/order/", data=fields, headers=headers, allow_redirects=False
                ) as answer,
            ):
                await answer.read()
                ordered = answer.status == 302 and "/groups/orders/" in answer.headers.get("Location", "")
                return "ok" if ordered else "soldout" if answer.status == 409 else f"error:{answer.status}"

    return Ours


def main() -> None:
    driver, shop = loaded(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    driver.__dict__["Json"] = adapter(shop)
    sys.argv = [sys.argv[1], "--adapter", "json", "--buyers", str(len(shop["cookies"])), *sys.argv[3:]]
    asyncio.run(driver.main())


if __name__ == "__main__":
    main()
