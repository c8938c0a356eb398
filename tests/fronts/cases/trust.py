"""Who may open what of the closed loop, and the objects those rows name."""

from __future__ import annotations

from typing import Any

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.foundation.cases.actions.opening import Stranger, open_case
from jiamenkou.foundation.cases.models import Case, CaseEvent, Follower
from jiamenkou.foundation.cases.recording import record
from jiamenkou.foundation.cases.states import EventKind, FiledBy
from tests.trust.parts import Where
from tests.trust.rowing import DONE, EVERYONE, LIST, ONE, OPEN, RESIDENTS, get, post

OPEN_TABLES = {"cases_casecounter": "numbers given out, of nobody"}
VIEW, HANDLE, CALLBACK, CATALOGUE = "cases.view", "cases.handle", "cases.callback", "cases.catalogue"
OWNED = "in 404 404 404 200 404 404"
ROWS = [
    get("help/", EVERYONE, OPEN),
    get("help/public/", EVERYONE, OPEN),
    get("help/report/", RESIDENTS, "in 200 200 200 200 200 200"),
    post("help/report/", RESIDENTS, "in 422 422 422 422 422 422"),
    post("help/report/promise/", RESIDENTS, "in 200 200 200 200 200 200"),
    get("help/<int:pk>/", RESIDENTS, OWNED, "case"),
    post("help/<int:pk>/rate/", RESIDENTS, "in 404 404 404 422 404 404", "case"),
    post("help/<int:pk>/withdraw/", RESIDENTS, "in 404 404 404 go 404 404", "case"),
    get("desk/cases/", VIEW, LIST),
    post("desk/cases/export/", "residents.export", LIST),
    get("desk/cases/new/", HANDLE, LIST),
    post("desk/cases/new/", HANDLE, "in 422 404 422 in in in"),
    get("desk/cases/round/", CALLBACK, LIST),
    post("desk/cases/round/<int:pk>/", CALLBACK, DONE, "case to call", reached="no"),
    get("desk/cases/calendar/", VIEW, LIST),
    get("desk/cases/calendar/template/", VIEW, LIST),
    post("desk/cases/calendar/", VIEW, "in 422 404 422 in in in"),
    get("desk/cases/board/", VIEW, LIST),
    get("desk/cases/decisions/", VIEW, LIST),
    post("desk/cases/decisions/export/", "residents.export", LIST),
    get("desk/cases/street/", VIEW, LIST),
    post("desk/cases/street/export/", VIEW, LIST),
    get("desk/cases/hours/", VIEW, LIST),
    post("desk/cases/hours/export/", VIEW, LIST),
    get("desk/cases/hours/<int:pk>/", "cases.catalogue", ONE, "community of the case"),
    post("desk/cases/hours/<int:pk>/", "cases.catalogue", "in 404 404 422 in in in", "community of the case"),
    get("desk/cases/catalogue/", VIEW, LIST),
    post("desk/cases/catalogue/export/", "residents.export", LIST),
    get("desk/cases/catalogue/new/", CATALOGUE, LIST),
    post("desk/cases/catalogue/new/", CATALOGUE, "in 422 404 422 in in in"),
    get("desk/cases/catalogue/<slug:category>/", CATALOGUE, LIST, "category"),
    post("desk/cases/catalogue/<slug:category>/", CATALOGUE, "in 422 404 422 in in in", "category"),
    get("desk/cases/figures/", VIEW, LIST),
    post("desk/cases/figures/export/", VIEW, LIST),
    get("desk/cases/hotline/", "cases.dispatch", LIST),
    post("desk/cases/hotline/", "cases.dispatch", "in 422 404 422 in in in"),
    post("desk/cases/hotline/answers/", "residents.export", LIST),
    get("desk/cases/<int:pk>/", VIEW, ONE, "case"),
    get("desk/cases/<int:pk>/print/", VIEW, ONE, "case"),
    get("desk/cases/<int:pk>/confirm/<int:follower>/", CALLBACK, ONE, "case done", "case to call"),
    post(
        "desk/cases/<int:pk>/confirm/<int:follower>/", CALLBACK, "in 404 404 422 in in in", "case done", "case to call"
    ),
    get("desk/cases/<int:pk>/number/<int:follower>/", "residents.reveal", ONE, "case of a caller", "caller"),
    post(
        "desk/cases/<int:pk>/number/<int:follower>/",
        "residents.reveal",
        ONE,
        "case of a caller",
        "caller",
        reason="回访",
    ),
    get("desk/cases/<int:pk>/source/", "cases.source", ONE, "case of a lead"),
    post("desk/cases/<int:pk>/source/", "cases.source", ONE, "case of a lead", reason="要上门"),
    post("desk/cases/<int:pk>/act/", VIEW, DONE, "case", do="sign"),
]


def furnish(where: Where) -> dict[str, Any]:
    def report(title: str) -> Case:
        return open_case(
            category="lighting", place=where.grid, title=title, reporter=where.resident, by=Actor(where.account),
            filed_by=FiledBy.SELF, reason="测试", tell=False,
        )  # fmt: skip

    case, done = report("楼道灯不亮"), report("单元门关不上")
    lead = open_case(
        category="care", place=where.grid, title="三楼老人好几天没出门", reporter=where.resident, by=Actor(where.account),
        filed_by=FiledBy.SELF, reason="测试", tell=False,
    )  # fmt: skip
    called = open_case(
        category="lighting", place=where.grid, title="路灯不亮", reporter=Stranger("路人", "13800009999"), by=Actor(where.account),
        filed_by=FiledBy.WORKER, reason="测试", tell=False,
    )  # fmt: skip
    nobody = Actor(None)
    record(done, EventKind.SIGNED, by=nobody)
    record(done, EventKind.HANDLED, by=nobody, data={"outcome": "solved"}, text="修好了")
    assert CaseEvent.objects.filter(case=done).exists()
    return {
        "community of the case": where.community.pk,
        "case": case.pk,
        "category": "lighting",
        "case done": done.pk,
        "case of a caller": called.pk,
        "case of a lead": lead.pk,
        "caller": Follower.objects.get(case=called).pk,
        "case to call": Follower.objects.get(case=done).pk,
    }
