"""The worker process: Procrastinate's worker on its own connections, beside the web process."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from procrastinate import App

CONCURRENCY = 2
RESCUE_EVERY = 3.0  # seconds
ANSWER_WITHIN = 10.0  # seconds for the database
HEARTBEAT_EVERY = 3.0
SILENT_FOR = 15.0  # seconds without a heartbeat after which a worker counts as killed; a living one gives up before
FINISH_WITHIN = 10.0  # seconds for the jobs that run when we are asked to stop

log = logging.getLogger(__name__)


def main() -> None:
    import django

    django.setup()
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    from jiamenkou.site.powers import refuse_powerful_role

    connector = app.connector
    if not isinstance(connector, DjangoConnector):
        raise TypeError("procrastinate.contrib.django is not among the installed apps")
    refuse_powerful_role()
    # a copy with the worker's own connections: jobs that a task defers still go through Django's connection,
    # so they are written in the transaction of the task and vanish with it
    asyncio.run(_work(app.with_connector(connector.get_worker_connector())))


async def _work(app: App) -> None:
    """Work until SIGTERM or SIGINT. Whatever else ends the worker ends the process, so that ``up`` starts another.

    After a crash of PostgreSQL Procrastinate loses its listener, gives up working and may then wait for ever on
    connections that are gone: a process that looks alive and takes no job.
    """
    asked = asyncio.Event()
    for how in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(how, asked.set)
    async with app.open_async():
        working = asyncio.create_task(
            app.run_worker_async(
                concurrency=CONCURRENCY,
                shutdown_graceful_timeout=FINISH_WITHIN,
                install_signal_handlers=False,
                update_heartbeat_interval=HEARTBEAT_EVERY,
                stalled_worker_timeout=SILENT_FOR,
            )
        )
        rescuing = asyncio.create_task(_rescue(app))
        asking = asyncio.create_task(asked.wait())
        done, _ = await asyncio.wait({working, rescuing, asking}, return_when=asyncio.FIRST_COMPLETED)
        if asking not in done:
            fault = next((task.exception() for task in done if not task.cancelled()), None)
            log.error("the worker cannot go on", exc_info=fault)
            os._exit(1)
        for task in (rescuing, working):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def _rescue(app: App) -> None:
    """Give the jobs of workers that were killed to a living one. Tasks are written to be run again.

    Returns, or raises, when PostgreSQL is another one than at the start: the listener died with the first.
    """
    served_by = await _postmaster(app)
    while await _postmaster(app) == served_by:
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_FOR):
            await app.job_manager.retry_job(job)
        await asyncio.sleep(RESCUE_EVERY)


async def _postmaster(app: App) -> object:
    """Which start of PostgreSQL answers; TimeoutError where none does in time."""
    answer = app.connector.execute_query_one_async("select pg_postmaster_start_time() as started")
    return (await asyncio.wait_for(answer, ANSWER_WITHIN))["started"]


if __name__ == "__main__":
    # by its name, not as __main__: Procrastinate warns of an app that lives in the main module
    from jiamenkou.host import worker

    worker.main()
