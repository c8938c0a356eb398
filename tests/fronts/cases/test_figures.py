"""三率 on the page: the year's figures are those of its log, counted a second way; every figure opens the list it counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from jiamenkou.foundation.cases.demo.load import load
from jiamenkou.foundation.cases.models import Case, CaseEvent
from jiamenkou.fronts.cases.desk.figures import FIGURES
from tests.foundation.cases.make import Office

ClientFor = Callable[[Any], Any]
DAYS = 365


@pytest.fixture
def year(office: Office) -> Office:
    load(print, per_community=220)
    return office


def recount(now: datetime) -> dict[str, tuple[int, int]]:
    """The words of ``rates`` once more, straight down each log: no folding, no shared code."""
    since = now - timedelta(days=DAYS)
    logs: dict[int, list[CaseEvent]] = {}
    for event in CaseEvent.objects.order_by("case_id", "seq"):
        logs.setdefault(event.case_id, []).append(event)
    found = dict.fromkeys(("responded", "in_time", "solved", "satisfied", "rated", "returned", "reopened"), (0, 0))
    found |= dict.fromkeys(("received", "closed", "cannot"), (0, 0))

    def add(name: str, part: int, whole: int) -> None:
        found[name] = (found[name][0] + part, found[name][1] + whole)

    for log in logs.values():
        first: dict[str, CaseEvent] = {}
        for event in log:
            first.setdefault(event.kind, event)
        opened = log[0]
        if since <= opened.at < now:
            add("received", 1, 1)
            add("returned", "returned" in first, 1)
        for name, limit, done in [("responded", "response_due", "contacted"), ("in_time", "due", "handled")]:
            due = datetime.fromisoformat(opened.data[limit])
            if since <= due < now:
                add(name, done in first and first[done].at <= due, 1)
        if "closed" not in first or not since <= first["closed"].at < now:
            continue
        add("closed", 1, 1)
        add("reopened", "reopened" in first, 1)
        add("cannot", [one for one in log if one.kind == "handled"][-1].data["outcome"] == "cannot", 1)
        anew = max((one.seq for one in log if one.kind == "reopened" or one.data.get("unhappy")), default=0)
        calls = [one.data for one in log if one.kind == "called_back" and one.seq > anew]
        answer = calls[-1] if calls and calls[-1]["reached"] else None
        add("rated", answer is not None, 1)
        if answer is not None:
            add("solved", answer["solved"] == "yes", 1)
            add("satisfied", answer["satisfaction"] != "poor", 1)
    return found


def test_the_year_on_the_page_is_the_year_of_the_log(year: Office, client_for: ClientFor) -> None:
    page = client_for(year.lead.account).get(f"/desk/cases/figures/?days={DAYS}")
    [row] = page.context["rows"]
    counted, shown = recount(timezone.now()), row["figures"]
    for name, (part, whole) in counted.items():
        value = getattr(shown, name)
        assert (value if isinstance(value, int) else (value.part, value.whole)) == (
            part if isinstance(value, int) else (part, whole)
        ), name
    assert counted["received"][0] == 220
    text = page.content.decode()
    for name in ("responded", "in_time", "solved", "satisfied", "rated"):
        part, whole = counted[name]
        assert whole >= 30 and f"{100 * part / whole:.1f}%" in text, name


def test_not_everybody_is_content(year: Office, client_for: ClientFor) -> None:
    """A year in which nobody was unhappy is no year of a community."""
    part, whole = recount(timezone.now())["satisfied"]
    assert 0.88 < part / whole < 0.995
    assert Case.objects.filter(state="closed", holder_role="street_officer").exists(), (
        "the street had to take some over"
    )


def test_every_figure_opens_the_list_it_counts(year: Office, client_for: ClientFor) -> None:
    desk = client_for(year.lead.account)
    opened = 0
    for days in (30, DAYS):
        [row] = desk.get(f"/desk/cases/figures/?days={days}").context["rows"]
        assert [cell["name"] for cell in row["cells"]] == list(FIGURES)
        for cell in row["cells"]:
            assert desk.get(cell["href"]).context["listing"].total == cell["n"], (days, cell)
            opened += cell["n"] > 0
    assert opened > 10


def test_the_sheet_of_the_figures_adds_up(year: Office, client_for: ClientFor) -> None:
    answer = client_for(year.lead.account).post("/desk/cases/figures/export/?days=365")
    assert answer.status_code == 200 and "spreadsheet" in answer["Content-Type"]
    assert (
        client_for(year.worker.account).get("/desk/cases/figures/?days=365&sort=-satisfied&q=没有").status_code == 200
    )
