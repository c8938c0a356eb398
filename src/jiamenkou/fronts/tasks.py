"""Background work of the fronts."""

from __future__ import annotations

from procrastinate.contrib.django import app


@app.task(name="fronts.load_demo", queue="demo", queueing_lock="load_demo")
def load_demo() -> None:
    """Load the demo community."""
    from jiamenkou.fronts import demo  # only the worker that loads it pays for its import

    demo.load()


@app.task(name="fronts.check_import", queue="imports")
def check_import(run: int) -> None:
    """Look at a roster that is too long to be looked at while somebody waits."""
    from jiamenkou.foundation.people.importing.looking import check_in_worker

    check_in_worker(run)


@app.task(name="fronts.write_import", queue="imports")
def write_import(run: int, account: int, skip_errors: bool) -> None:
    """Write a long roster; ``account`` is who pressed the button."""
    from jiamenkou.foundation.people.importing.looking import write_in_worker

    write_in_worker(run, account, skip_errors)


@app.periodic(cron="23 3 * * *")
@app.task(name="fronts.forget_stale_imports", queue="imports", queueing_lock="forget_stale_imports")
def forget_stale_imports(timestamp: int) -> None:
    """Every night: forget the rosters that nobody came back to."""
    from django.utils import timezone

    from jiamenkou.foundation.access.scope import EVERYTHING, scope
    from jiamenkou.foundation.people.importing.runs import abandon_stale_runs

    with scope(EVERYTHING, actor="system:imports", reason="一周没有人管的导入"):
        abandon_stale_runs(now=timezone.now())
