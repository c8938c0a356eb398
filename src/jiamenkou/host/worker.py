"""The worker process: Procrastinate's worker on its own connections, beside the web process."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from procrastinate import App

CONCURRENCY = 2
RESCUE_EVERY = 15.0  # seconds
SILENT_FOR = 40.0  # seconds without a heartbeat (one comes every 10) after which a worker counts as killed


def main() -> None:
    import django

    django.setup()
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    connector = app.connector
    if not isinstance(connector, DjangoConnector):
        raise TypeError("procrastinate.contrib.django is not among the installed apps")
    # a copy with the worker's own connections: jobs that a task defers still go through Django's connection,
    # so they are written in the transaction of the task and vanish with it
    asyncio.run(_work(app.with_connector(connector.get_worker_connector())))


async def _work(app: App) -> None:
    async with app.open_async():
        rescue = asyncio.create_task(_rescue(app))
        try:
            await app.run_worker_async(concurrency=CONCURRENCY, shutdown_graceful_timeout=10)
        finally:
            rescue.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await rescue


async def _rescue(app: App) -> None:
    """Give the jobs of workers that were killed to a living one. Tasks are written to be run again."""
    while True:
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_FOR):
            await app.job_manager.retry_job(job)
        await asyncio.sleep(RESCUE_EVERY)


if __name__ == "__main__":
    # by its name, not as __main__: Procrastinate warns of an app that lives in the main module
    from jiamenkou.host import worker

    worker.main()
