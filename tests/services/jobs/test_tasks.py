"""What happens by itself."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from tests.people import Town, make_resident
from tests.services.jobs.make import make_intention, make_vacancy

from jiamenkou.foundation.access.tasks import sweep_out
from jiamenkou.foundation.audit.models import AuditSeal
from jiamenkou.foundation.audit.tasks import seal
from jiamenkou.services.jobs import tasks
from jiamenkou.services.jobs.models import Application, Vacancy


def test_tidying_closes_and_reminds(town: Town) -> None:
    now = timezone.now()
    make_vacancy(closes_on=timezone.localdate() - timedelta(days=1))
    person = make_resident(town.community)
    application = Application.objects.create(
        vacancy=make_vacancy(), resident=person, community=town.community, state="sent", filed_by="self",
        answer_due_at=now - timedelta(hours=1),
    )  # fmt: skip
    tasks.tidy(0)
    assert list(Vacancy.objects.order_by("id").values_list("state", flat=True)) == ["expired", "open"]
    application.refresh_from_db()
    assert application.reminded_at is not None


def test_the_others_run(town: Town) -> None:
    make_intention(make_resident(town.community), renew_on=timezone.localdate())
    tasks.ask_to_renew(0)
    tasks.pull_feeds(0)
    seal(0)
    sweep_out(0)
    assert AuditSeal.objects.count() <= 1
