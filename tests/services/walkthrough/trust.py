"""Who may open what of 走流程, and the objects those rows name."""

from __future__ import annotations

from typing import Any

from tests.services.walkthrough.make import WHY, make_finding, make_scene
from tests.trust.parts import Where
from tests.trust.rowing import ACTING, DONE, EVERYONE, LIST, ONE, OPEN, RESIDENTS, get, post

from jiamenkou.foundation.access.actor import Actor
from jiamenkou.services.walkthrough.actions.recruiting import appoint
from jiamenkou.services.walkthrough.models import Officer

OPEN_TABLES = {
    "walkthrough_servicepoint": "windows, public",
    "walkthrough_errand": "what can be done where, public",
    "walkthrough_round": "plans, public; who walks in them is not in it",
}
VIEW, EDIT = "walks.view", "walks.edit"
MINE = "in 200 200 200 200 200 200"
OWN = "in 404 404 404 200 404 404"
OWN_GO = "in 404 404 404 go 404 404"
OWN_WRONG = "in 404 404 404 422 404 404"
NEW = "in 422 404 422 in in in"
WRONG = "in 404 404 422 in in in"
ROWS = [
    get("walks/", EVERYONE, OPEN),
    get("walks/rounds/<int:pk>/", EVERYONE, OPEN, "walked round"),
    get("walks/officer/", RESIDENTS, ACTING),
    post("walks/officer/", RESIDENTS, "in go go go 422 422 go"),
    get("walks/mine/", RESIDENTS, MINE),
    post("walks/start/", RESIDENTS, "in 409 409 409 409 409 409"),
    get("walks/findings/<int:pk>/", RESIDENTS, OWN, "walk finding"),
    post("walks/findings/<int:pk>/", RESIDENTS, OWN_WRONG, "walk finding"),
    # whoever holds the link may say yes for somebody they act for
    get("walks/join/<slug:code>/", RESIDENTS, ACTING, "join code"),
    post("walks/join/<slug:code>/", RESIDENTS, "in go go go 409 go go", "join code"),
    get("walks/<int:pk>/", RESIDENTS, OWN, "walk"),
    post("walks/<int:pk>/steps/<int:number>/", RESIDENTS, OWN_GO, "walk", "walk step", do="arrive"),
    post("walks/<int:pk>/end/", RESIDENTS, OWN_WRONG, "walk"),
    get("walks/<int:pk>/find/", RESIDENTS, OWN, "walk"),
    post("walks/<int:pk>/find/", RESIDENTS, OWN_WRONG, "walk"),
    get("desk/walks/", VIEW, LIST),
    get("desk/walks/rounds/new/", EDIT, LIST),
    post("desk/walks/rounds/new/", EDIT, NEW),
    get("desk/walks/rounds/<int:pk>/", VIEW, ONE, "walked round"),
    get("desk/walks/rounds/<int:pk>/edit/", EDIT, ONE, "walked round"),
    post("desk/walks/rounds/<int:pk>/edit/", EDIT, WRONG, "walked round"),
    get("desk/walks/rounds/<int:pk>/print/", VIEW, ONE, "walked round"),
    get("desk/walks/errands/", VIEW, LIST),
    get("desk/walks/errands/new/", EDIT, LIST),
    post("desk/walks/errands/new/", EDIT, NEW),
    get("desk/walks/errands/<int:pk>/", EDIT, ONE, "walked errand"),
    post("desk/walks/errands/<int:pk>/", EDIT, WRONG, "walked errand"),
    get("desk/walks/points/", VIEW, LIST),
    get("desk/walks/points/new/", EDIT, LIST),
    post("desk/walks/points/new/", EDIT, NEW),
    get("desk/walks/points/<int:pk>/", EDIT, ONE, "service point"),
    post("desk/walks/points/<int:pk>/", EDIT, WRONG, "service point"),
    get("desk/walks/officers/", VIEW, LIST),
    post("desk/walks/officers/me/", EDIT, "in go 404 go in in in"),
    post("desk/walks/officers/<int:pk>/review/", EDIT, DONE, "asking officer", do="accept"),
    get("desk/walks/visits/", VIEW, LIST),
    get("desk/walks/visits/<int:pk>/", VIEW, ONE, "walk"),
    post("desk/walks/<slug:name>/export/", "residents.export", LIST, "walk list"),
    get("desk/walks/findings/", VIEW, LIST),
    post("desk/walks/findings/export/", "residents.export", LIST),
    get("desk/walks/findings/<int:pk>/", VIEW, ONE, "walk finding"),
    post("desk/walks/findings/<int:pk>/publish/", EDIT, DONE, "walk finding", public_words="排队久"),
]


def furnish(where: Where) -> dict[str, Any]:
    scene = make_scene(where.community, where.resident, where.account)
    walk = scene.walk()
    finding = make_finding(scene, walk)
    member = appoint(where.employer, where.community, by=Actor(None), now=walk.started_at, reason=WHY)
    Officer.objects.filter(pk=member.pk).update(state="asked")
    return {
        "walk": walk.pk,
        "walk step": 1,
        "walk list": "visits",
        "walk finding": finding.pk,
        "join code": walk.join_code,
        "walked round": scene.round.pk,
        "walked errand": scene.errand.pk,
        "service point": scene.point.pk,
        "asking officer": member.pk,
    }
