"""Background work of the fronts."""

from __future__ import annotations

from procrastinate.contrib.django import app


@app.task(name="fronts.load_demo", queue="demo", queueing_lock="load_demo")
def load_demo() -> None:
    """Load the demo community."""
    from jiamenkou.fronts import demo  # only the worker that loads it pays for its import

    demo.load()
