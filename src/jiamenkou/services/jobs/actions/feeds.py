"""Feeds: set up, changed, stopped, started again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.services.jobs.access import publishes_for
from jiamenkou.services.jobs.models import Feed


def save_feed(feed: Feed | None, fields: dict[str, Any], *, by: Actor, reason: str) -> Feed:
    """A new feed of the actor's place, or a change to one. A changed one is pulled at the next round."""
    feed = feed or Feed(community=by.home, owner=publishes_for(by))
    for name, value in fields.items():
        setattr(feed, name, value)
    feed.last_pull_at = None
    feed.save()
    return feed


def stop_feed(feed: Feed, *, now: datetime, by: Actor, reason: str) -> None:
    """No more pulls; what it brought stays until its day."""
    feed.stopped_at = now
    feed.save()


def start_feed(feed: Feed, *, by: Actor, reason: str) -> None:
    feed.stopped_at = None
    feed.last_pull_at = None
    feed.save()
