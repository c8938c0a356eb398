"""Pulling a feed: fetched outside any transaction, stored in one, whole or not at all."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from django.utils import timezone

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.access.scope import EVERYTHING, scope
from jiamenkou.foundation.events.bus import publish
from jiamenkou.foundation.outgoing import Unreachable, fetch
from jiamenkou.foundation.people.actions.organisations import register_organisation
from jiamenkou.foundation.refusals import Refused
from jiamenkou.services.jobs.actions.vacancies import change_vacancy, draft_vacancy, publish_vacancy
from jiamenkou.services.jobs.feeds.reading import BadFeed, Record, read_feed
from jiamenkou.services.jobs.forms.vacancy import VacancyForm
from jiamenkou.services.jobs.models import Feed, FeedItem, Vacancy
from jiamenkou.services.jobs.queries import LASTING, same_post
from jiamenkou.services.jobs.signals import VacancyChanged
from jiamenkou.services.jobs.states import Source, VacancyState

ACTOR = "system:feeds"
REASON = "人社数据更新"


def due_feeds(now: datetime) -> list[int]:
    """Ids of the feeds whose time has come."""
    return [
        feed.pk
        for feed in Feed.objects.active().order_by("id")
        if feed.last_pull_at is None or feed.last_pull_at + timedelta(hours=feed.every_hours) <= now
    ]


def try_feed(feed: Feed) -> list[Record]:
    """What the feed gives now; nothing is stored. Raises ``Unreachable`` or ``BadFeed``."""
    answer = fetch(feed.url)
    if answer.status != 200:
        raise BadFeed(f"对方回答 {answer.status}。")
    return read_feed(feed, answer.body)


def pull(feed_id: int, now: datetime) -> dict[str, int]:
    """Fetch and store. Returns the counts; what went wrong stands on the feed."""
    with scope(EVERYTHING, actor=ACTOR, reason=REASON):
        feed = Feed.objects.get(pk=feed_id)
    try:
        records = try_feed(feed)
    except (Unreachable, BadFeed) as error:
        with scope(EVERYTHING, actor=ACTOR, reason=REASON):
            Feed.objects.filter(pk=feed_id).update(last_pull_at=now, last_problem=error.message[:300])
        return {}
    with scope(EVERYTHING, actor=ACTOR, reason=REASON):
        locked = Feed.objects.select_for_update(of=("self",)).get(pk=feed_id)
        return store(locked, records, now)


def store(feed: Feed, records: list[Record], now: datetime) -> dict[str, int]:
    """Make, change and expire vacancies; write the counts on the feed. In the caller's transaction."""
    by = Actor(None)
    known = {
        item.reference: item
        for item in FeedItem.objects.filter(feed=feed).select_related("vacancy__employer").order_by("id")
    }
    firsts: dict[int, int] = {}
    for item in known.values():
        firsts.setdefault(item.vacancy_id, item.pk)
    counts: Counter[str] = Counter(records=len(records))
    for record in records:
        found = known.get(record.reference)
        if found is not None:
            found.seen_at = now
            # a post that another place wrote down is found again, and stays as that place has it
            leads = firsts[found.vacancy_id] == found.pk and found.vacancy.owner_id == feed.owner_id
            counts[_update(found, record, by, now) if leads else "duplicate"] += 1
            found.save()
        elif record.reading.faults:
            counts["bad"] += 1
        else:
            counts[_add(feed, record, by, now)] += 1
    counts["expired"] = _expire_missing(feed, now)
    feed.last_pull_at = feed.last_good_at = now
    feed.last_problem = f"{counts['bad']} 条看不懂，没有用" if counts["bad"] else ""
    feed.last_counts = dict(counts)
    feed.save()
    return dict(counts)


def _update(item: FeedItem, record: Record, by: Actor, now: datetime) -> str:
    """Changed content changes the vacancy; one that had expired comes back."""
    vacancy = item.vacancy
    if vacancy.state not in LASTING:
        return "unchanged"
    if record.reading.faults:
        return "bad"
    changed = item.digest != record.digest
    if changed:
        change_vacancy(vacancy, _fields(record.reading.form), version=vacancy.version, by=by, reason=REASON)
        item.digest = record.digest
    if vacancy.state == VacancyState.EXPIRED or (changed and vacancy.state == VacancyState.DRAFT):
        _publish(vacancy, by, now)
    return "changed" if changed else "unchanged"


def _add(feed: Feed, record: Record, by: Actor, now: datetime) -> str:
    form = record.reading.form
    vacancy = same_post(form.cleaned_data, feed.community_id)
    counted = "duplicate"
    if vacancy is None:
        employer = register_organisation(
            form.cleaned_data["employer"],
            kind="employer",
            community=feed.community,
            contact=form.cleaned_data["contact"],
            by=by,
            reason=REASON,
        )
        fields = _fields(form) | {"community": feed.community, "owner": feed.owner}
        vacancy = draft_vacancy(employer, fields, by=by, source=Source.FEED, reason=REASON)
        counted = "created" if _publish(vacancy, by, now) else "draft"
    FeedItem.objects.create(feed=feed, reference=record.reference, vacancy=vacancy, digest=record.digest, seen_at=now)
    return counted


def _fields(form: VacancyForm) -> dict[str, object]:
    """The form's values; a post without any pay is negotiable, as bureaus mean it."""
    values = form.values()
    if values["pay_min_fen"] is None and values["pay_max_fen"] is None:
        values["negotiable"] = True
    return values


def _publish(vacancy: Vacancy, by: Actor, now: datetime) -> bool:
    try:
        publish_vacancy(vacancy, by=by, now=timezone.localtime(now), reason=REASON)
    except Refused:  # e.g. past its closing day, or the employer's licence was refused: staff decide
        return False
    return True


def _expire_missing(feed: Feed, now: datetime) -> int:
    """What the feed no longer holds, and no other feed does, is over. Posts that staff wrote stay."""
    gone = (
        Vacancy.objects.filter(source=Source.FEED, owner=feed.owner_id)
        .filter(state__in=[VacancyState.OPEN, VacancyState.PAUSED])
        .filter(feed_items__feed=feed)
        .exclude(feed_items__in=FeedItem.objects.filter(seen_at__gte=now))
        .exclude(feed_items__in=FeedItem.objects.exclude(feed=feed))
    )
    ids = sorted(set(gone.order_by("id").values_list("id", flat=True)))
    for vacancy in Vacancy.objects.filter(pk__in=ids).order_by("id"):
        vacancy.state = VacancyState.EXPIRED
        vacancy.save()
        publish(VacancyChanged(vacancy.pk))
    return len(ids)
