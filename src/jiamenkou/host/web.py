"""The web process: granian, one worker with up to 64 blocking threads, told to end with whoever started it."""

from __future__ import annotations

import argparse
import contextlib
import logging
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from jiamenkou.host.processes import follow_parent

# most of them wait for one of the eight connections to the database, or at the counter of a rush
THREADS = 64


def load_application(gate: Path | None = None) -> Callable[..., Any]:
    """Runs in granian's worker process: the WSGI application that the settings name.

    Requests wait until the file ``gate`` is there: ``up`` writes it when the tables are as the code expects.
    """
    follow_parent()  # a granian killed -9 would leave its worker holding the port
    from django.core.servers.basehttp import get_internal_wsgi_application

    application: Callable[..., Any] = get_internal_wsgi_application()
    while gate is not None and not gate.exists():
        time.sleep(0.02)
    _refuse_powerful_role()
    return application


def _refuse_powerful_role() -> None:
    """Ends the process where the database account is one that row-level security does not hold for."""
    from django.db import OperationalError

    from jiamenkou.site.powers import refuse_powerful_role

    # a database that does not answer is said by /readyz; nothing can be read from it meanwhile
    with contextlib.suppress(OperationalError):
        refuse_powerful_role()


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m jiamenkou.host.web")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--gate", type=Path, default=None, metavar="FILE", help="serve when this file is there")
    given = parser.parse_args(argv)
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    server = Granian(
        "jiamenkou.site.wsgi:application",
        address=given.host,
        port=given.port,
        interface=Interfaces.WSGI,
        workers=given.workers,
        blocking_threads=THREADS,
        websockets=False,
        log_level=LogLevels.error,  # it would warn of so many threads on two cores, which is what we mean
        # the main process keeps the socket, so requests wait for the next worker instead of being refused
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    )
    server.serve(target_loader=partial(load_application, given.gate), wrap_loader=False)


if __name__ == "__main__":
    logging.captureWarnings(True)
    main()
