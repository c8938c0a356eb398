"""The counter of a rush: how many orders are written at a time, and which boxes those in front are about to take.

One for each web process, in memory. It decides nothing: the database alone gives boxes away. It only spares those who
come too late the wait behind others who will have had the last box, and the others the crowd.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from jiamenkou.services.groupbuy.actions.stock import SoldOut, Standing, sold_out

# Python writes one order at a time; while PostgreSQL works on it, there is time for another
PLACES = 2
# whoever has waited so long is let in beside the others
PATIENCE = 15.0


class Counter:
    def __init__(self, places: int = PLACES) -> None:
        self._lock = threading.Lock()
        self._spoken_for: defaultdict[int, dict[int, int]] = defaultdict(dict)
        self._places = threading.Semaphore(places)

    @contextmanager
    def boxes(self, account: int, wanted: Mapping[int, int], seen: Mapping[int, Standing]) -> Iterator[None]:
        """``account`` stands in line for ``wanted``. Raises SoldOut where fewer are left than that, or where those in
        front are about to take them.

        An account stands in line once for an offer, and for no more than one may have: whatever it sends, it keeps
        nobody else away.
        """
        speaks_for = []
        with self._lock:
            for offer, (left, limit) in seen.items():
                others = self._spoken_for.get(offer, {})
                if left < wanted[offer]:
                    raise sold_out(offer, left)
                if account in others or (limit and wanted[offer] > limit):
                    continue
                if left - sum(others.values()) < wanted[offer]:
                    raise SoldOut("最后几份正有人在下单，这会儿没有了。", field=f"offer-{offer}", code="sold_out")
                speaks_for.append(offer)
            for offer in speaks_for:
                self._spoken_for[offer][account] = wanted[offer]
        try:
            yield
        finally:
            with self._lock:
                for offer in speaks_for:
                    del self._spoken_for[offer][account]
                    if not self._spoken_for[offer]:
                        del self._spoken_for[offer]

    @contextmanager
    def place(self) -> Iterator[None]:
        """Wait for one of the places at the counter."""
        had = self._places.acquire(timeout=PATIENCE)
        try:
            yield
        finally:
            if had:
                self._places.release()


counter = Counter()
