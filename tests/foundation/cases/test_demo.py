"""The invented year: its states are what its logs fold to, and its figures come out of the log alone."""

from __future__ import annotations

from datetime import timedelta

from jiamenkou.foundation.cases.demo.load import load
from jiamenkou.foundation.cases.figures import logs_of, rates
from jiamenkou.foundation.cases.folding import STORED, fold
from jiamenkou.foundation.cases.models import Case, CaseEvent
from jiamenkou.foundation.cases.rates import figures
from tests.foundation.cases.make import START, Office

NOW = START + timedelta(days=200)


def test_the_years_figures_are_those_of_its_log(office: Office) -> None:
    assert load(print, per_community=120, now=NOW) == 120
    logs: dict[int, list[CaseEvent]] = {}
    for event in CaseEvent.objects.order_by("case_id", "seq"):
        logs.setdefault(event.case_id, []).append(event)
    for case in Case.objects.order_by("pk"):
        derived = fold(event.fact() for event in logs[case.pk])
        assert {name: getattr(case, name) for name in STORED} == {name: getattr(derived, name) for name in STORED}
    here, since = office.town.community.pk, NOW - timedelta(days=365)
    shown = rates([here], since, NOW, NOW)[here]
    assert shown == figures(logs_of([here], since, NOW), since, NOW, NOW)[here]
    assert shown.received == 120
    assert shown.closed == Case.objects.filter(state="closed").count()
    assert shown.late == Case.objects.late(NOW).count()
    assert shown.rated.percent is not None and shown.rated.percent > 50
