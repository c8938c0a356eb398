"""Who may open what in the visits, and the objects those rows name."""

from __future__ import annotations

from typing import Any

from tests.people import make_staff
from tests.services.visits.make import PHONE_B, make_door, make_plan, record
from tests.trust.parts import Where
from tests.trust.rowing import DONE, EVERYONE, LIST, ONE, OPEN, WRONG, get, post

from jiamenkou.foundation.access.roles import Role
from jiamenkou.services.visits.models import VisitConflict

VIEW, RECORD, DECIDE, EXPORT = "visits.view", "visits.record", "visits.decide", "residents.export"
DOOR = "desk/visits/door/"
ROWS = [
    get("desk/visits/", VIEW, LIST),
    post("desk/visits/export/", EXPORT, LIST),
    get("desk/visits/<int:pk>/", VIEW, ONE, "visit"),
    get("desk/visits/new/<int:resident>/", RECORD, ONE, "resident"),
    post("desk/visits/new/<int:resident>/", RECORD, WRONG, "resident"),
    get("desk/visits/plans/", VIEW, LIST),
    get("desk/visits/plans/new/", DECIDE, LIST),
    post("desk/visits/plans/new/", DECIDE, "in 422 404 422 in in in"),
    post("desk/visits/plans/export/", EXPORT, LIST),
    get("desk/visits/plans/print/", RECORD, LIST),
    post("desk/visits/plans/<int:pk>/drop/", DECIDE, DONE, "visit plan"),
    get("desk/visits/facts/", DECIDE, LIST),
    post("desk/visits/facts/<int:pk>/", DECIDE, DONE, "proposed fact", do="no"),
    get("desk/visits/conflicts/", DECIDE, LIST),
    get("desk/visits/conflicts/<int:pk>/", DECIDE, ONE, "visit conflict"),
    post("desk/visits/conflicts/<int:pk>/", DECIDE, WRONG, "visit conflict"),
    # the shell holds no name and opens without a sign-in, or it would not open without signal
    get(DOOR, EVERYONE, OPEN),
    get(f"{DOOR}worker.js", EVERYONE, OPEN),
    get(f"{DOOR}session/", EVERYONE, OPEN),
    post(f"{DOOR}take/", RECORD, LIST),
    post(f"{DOOR}send/", RECORD, "in 422 404 422 in in in"),
    post(f"{DOOR}reopen/", RECORD, "in 422 404 422 in in in"),
]


def furnish(where: Where) -> dict[str, Any]:
    person = make_door(where.community, where.grid)
    worker = make_staff(Role.WORKER, where.community)
    visit = record(person, worker, facts={"phone": "13800004321"}, needs=[["care", "想有人送饭"]]).visit
    record(person, worker, device=str(PHONE_B), outcome="absent")
    return {
        "visit": visit.pk,
        "visit plan": make_plan(person).pk,
        "proposed fact": visit.facts.get().pk,
        "visit conflict": VisitConflict.objects.get(first=visit).pk,
    }
