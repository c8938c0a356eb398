"""Clients that insist: a command is sent with the same key until it is acknowledged."""

from __future__ import annotations

import http.client
import itertools
import threading
import time

from chaos.ledger import Ledger
from chaos.scenarios import Scenario

BETWEEN_TRIES = 0.1  # seconds
REFUSED = {409, 422}  # a repeated key that met itself; anything else below 500 is a fault of the client


class Clients:
    """``count`` threads against one port, from :meth:`start` to :meth:`finish`."""

    def __init__(self, scenario: Scenario, port: int, ledger: Ledger, count: int, name: str) -> None:
        self.scenario = scenario
        self.port = port
        self.ledger = ledger
        self.name = name
        self._done = threading.Event()
        self._threads = [threading.Thread(target=self._work, args=(number,), daemon=True) for number in range(count)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def finish(self, seconds: float) -> None:
        """No new commands; what is under way is settled within ``seconds``, or reported."""
        self._done.set()
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        if any(thread.is_alive() for thread in self._threads):
            self.ledger.complain(f"not settled within {seconds:.0f} s after the last kill")

    def _work(self, number: int) -> None:
        for count in itertools.count():
            if self._done.is_set():
                return
            self._settle(f"chaos {self.name} {number} {count}")

    def _settle(self, key: str) -> None:
        self.ledger.send(key)
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
            try:
                status = self.scenario.send(connection, key)
            except (OSError, http.client.HTTPException):
                status = 0
            finally:
                connection.close()
            if 200 <= status < 400:
                return self.ledger.acknowledge(key)
            if 400 <= status < 500 and status not in REFUSED and status != 429:
                return self.ledger.complain(f"answered {status}: {key}")
            self.ledger.retry()
            time.sleep(BETWEEN_TRIES)
