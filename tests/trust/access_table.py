"""Who may open what: one row per address and method, one column per visitor.

Columns, in this order:

========== ==================================================================================anonymous  nobody has signed in
stranger   the right role, in the neighbouring community, with a caseload of its own
without    a role in the right community that does not bring the permission
with       a role in the right community that does
resident   the person the object belongs to, signed in by phone code
other      a person of the neighbouring community with things of their own
employer   an account of the employer whose vacancy it is
========== ===========================================================================A number is the status; ``in`` is a redirect to sign in, ``go`` a redirect to anywhere else (done, or on one's way).
Rooms and parts of the house keep their rows beside their own tests (``trust.py``, see parts.py).
``object`` names what fills the address's parameters, ``sends`` what a POST carries.
"""

from __future__ import annotations

from tests.trust.parts import parts
from tests.trust.rowing import (
    ACTING,
    COLUMNS,
    DONE,
    EVERYONE,
    GO,
    GO_ON,
    LIST,
    MINE,
    NOWHERE,
    ONE,
    OPEN,
    OWN,
    RESIDENTS,
    WRONG,
    Row,
    get,
    post,
)

__all__ = ["COLUMNS", "EVERYONE", "TABLE", "Row"]

MACHINES = [
    get("readyz", EVERYONE, "503 503 503 503 503 503 503"),  # no worker runs beside the tests
    get("metrics", EVERYONE, OPEN),
    get("favicon.ico", EVERYONE, OPEN),
    get("q/<slug:code>", EVERYONE, "go go go go go go go", "code"),
    # what a person stored themselves; a keeper lets others have it, and this one has none
    get("files/<uuid:uid>/", EVERYONE, "404 404 404 404 200 404 404", "stored file"),
    get("api/v1/openapi.json", EVERYONE, OPEN),
    post("hooks/sms/", EVERYONE, NOWHERE),  # no provider is configured
    post("hooks/wechatpay/", EVERYONE, NOWHERE),  # the same
    get("api/v1/", EVERYONE, NOWHERE),  # ninja's root: there is nothing to see
]
SIGNING_IN = [
    get("signin/", EVERYONE, "200 go go go go go go"),
    post("signin/", EVERYONE, "in in in in in in in", phone="13800009999", agree="on"),
    get("signin/code/", EVERYONE, "in in in in in in in"),
    post("signin/code/", EVERYONE, "400 400 400 400 400 400 400", code="000000"),
    post("signin/code/again/", EVERYONE, "in in in in in in in"),
    get("signin/who/", RESIDENTS, "in 200 200 200 200 200 200"),
    post("signin/who/", RESIDENTS, "in 400 400 400 400 400 400", name="林知", last_six="000000"),
    post("signin/out/", EVERYONE, "in in in in in in in"),
    get("signin/once/<str:token>", EVERYONE, NOWHERE, "token"),
    get("signin/staff/", EVERYONE, OPEN),
    post("signin/staff/", EVERYONE, "400 400 400 400 400 400 400", username="nobody", password="guessed-wrong"),
    get("signin/staff/second/", EVERYONE, "in in in in in in in"),
    post("signin/staff/second/", EVERYONE, "in in in in in in in", code="000000"),
    get("signin/staff/enrol/", EVERYONE, "in in in in in in in"),
    post("signin/staff/enrol/", EVERYONE, "in in in in in in in", code="000000"),
    get("signin/prove/", EVERYONE, "in 200 200 200 in in in"),
    post("signin/prove/", EVERYONE, "in 400 400 400 in in in", code="000000"),
    get("signin/wechat/", EVERYONE, NOWHERE),  # no WeChat app is configured here
    get("signin/wechat/callback/", EVERYONE, NOWHERE),
    get("me/devices/", RESIDENTS, "in 200 200 200 200 200 200"),
    post("me/devices/", RESIDENTS, "in go go go go go go"),
]
DESK = [
    get("desk/", "desk", "in 200 200 200 in in in"),
    post(
        "desk/residents/<int:resident>/reveal/<str:field>/",
        "residents.reveal",
        "in 404 404 200 in in in",
        "resident",
        "phone",
        reason="约上门时间",
    ),
    get("desk/staff/<int:account>/factor/", "roles.grant", "in 404 404 200 in in in", "member of staff"),
    post(
        "desk/staff/<int:account>/factor/",
        "roles.grant",
        "in 404 404 200 in in in",
        "member of staff",
        reason="手机丢了，本人到场",
    ),
]
PHONE = [
    get("", EVERYONE, OPEN),
    get("about/privacy/", EVERYONE, OPEN),
    get("about/terms/", EVERYONE, OPEN),
    post("care/", EVERYONE, GO),
    post("dark/", EVERYONE, GO),
    get("community/", EVERYONE, OPEN),
    post("community/", EVERYONE, GO),
    get("search/", EVERYONE, GO),  # an empty word leads back home
    get("me/", RESIDENTS, MINE),
    post("me/acting/", RESIDENTS, GO_ON, resident="resident"),
    get("me/archive/", RESIDENTS, ACTING),
    post("me/archive/", RESIDENTS, "in go go go 422 422 go"),
    post("me/archive/<int:pk>/drop/", RESIDENTS, OWN, "archive item"),
    get("me/link/", RESIDENTS, "in in in in in in in"),
    get("me/messages/", RESIDENTS, MINE),
    post("me/messages/<int:pk>/answer/", RESIDENTS, OWN, "message", answer="好的"),
    post("me/messages/<int:pk>/open/", RESIDENTS, OWN, "message"),
    post("me/messages/read/", RESIDENTS, GO_ON),
    get("me/privacy/", RESIDENTS, ACTING),
    post("me/privacy/", RESIDENTS, GO_ON),
    get("me/things/", RESIDENTS, MINE),
]
SEE_PEOPLE, WRITE_PEOPLE, MERGE = "residents.view", "residents.edit", "residents.merge"
FILE = "desk/residents/<int:pk>/"
PEOPLE = [
    get("desk/residents/", SEE_PEOPLE, LIST),
    post("desk/residents/find/", SEE_PEOPLE, "in go 404 go in in in", q="苏"),
    post("desk/residents/columns/", SEE_PEOPLE, "in go 404 go in in in"),
    post("desk/residents/export/", "residents.export", LIST, everyone="1", reason="招聘会通知"),
    get("desk/residents/new/", WRITE_PEOPLE, LIST),
    post("desk/residents/new/", WRITE_PEOPLE, "in 422 404 422 in in in"),
    post("desk/residents/new/form/", WRITE_PEOPLE, "in 422 404 422 in in in"),
    post("desk/residents/new/transfer/", WRITE_PEOPLE, "in 409 404 409 in in in"),
    get("desk/residents/duplicates/", MERGE, LIST),
    post("desk/residents/duplicates/decide/", MERGE, DONE, first="resident", second="twin", do="different"),
    post("desk/residents/duplicates/<int:pk>/undo/", MERGE, DONE, "merge"),
    get(FILE, SEE_PEOPLE, ONE, "resident"),
    get(f"{FILE}edit/", WRITE_PEOPLE, ONE, "resident"),
    post(f"{FILE}edit/", WRITE_PEOPLE, DONE, "resident", name="苏映禾"),
    get(f"{FILE}numbers/", WRITE_PEOPLE, ONE, "resident"),
    post(f"{FILE}numbers/", WRITE_PEOPLE, WRONG, "resident"),
    get(f"{FILE}death/", WRITE_PEOPLE, ONE, "resident"),
    post(f"{FILE}death/", WRITE_PEOPLE, DONE, "resident", deceased_on="today", reason="家属告知"),
    get(f"{FILE}move/", WRITE_PEOPLE, ONE, "resident"),
    post(f"{FILE}move/", WRITE_PEOPLE, WRONG, "resident"),
    get(f"{FILE}account/", WRITE_PEOPLE, ONE, "resident"),
    post(f"{FILE}account/", WRITE_PEOPLE, WRONG, "resident"),
    get(f"{FILE}archive/", WRITE_PEOPLE, ONE, "resident"),
    post(f"{FILE}archive/", WRITE_PEOPLE, DONE, "resident", kind="skill", text="烘焙", evidence="seen"),
    post(f"{FILE}archive/<int:item>/drop/", WRITE_PEOPLE, DONE, "resident", "archive item"),
    get(f"{FILE}consent/", WRITE_PEOPLE, ONE, "resident"),
    post(f"{FILE}consent/", WRITE_PEOPLE, DONE, "resident", purpose="messages", how="当面口头"),
    post(f"{FILE}consent/withdraw/", WRITE_PEOPLE, DONE, "resident", purpose="messages"),
    get("desk/households/", SEE_PEOPLE, LIST),
    get("desk/households/<int:pk>/", SEE_PEOPLE, ONE, "household"),
    get("desk/transfers/", WRITE_PEOPLE, LIST),
    post("desk/transfers/<int:pk>/", WRITE_PEOPLE, DONE, "transfer", do="no"),
    get("desk/search/", "desk", "in 200 200 200 in in in"),
    post("desk/search/", "desk", "in go go go in in in", q="苏"),
    get("desk/messages/", "residents.view", LIST),
    post("desk/messages/export/", "residents.export", LIST),
    post("desk/messages/<int:pk>/called/", "residents.edit", DONE, "failed delivery", outcome="reached"),
    get("desk/exports/", "audit.view", LIST),
    post("desk/exports/export/", "audit.view", LIST),
    get("desk/staff/", "roles.grant", LIST),
    get("desk/staff/new/", "roles.grant", LIST),
    post("desk/staff/new/", "roles.grant", "in 422 404 422 in in in"),
    post("desk/staff/roles/<int:pk>/end/", "roles.grant", DONE, "role"),
    get("desk/me/", "desk", "in 200 200 200 in in in"),
    post("desk/me/look/", "desk", "in go go go in in in", look="dark"),
]

BRING, RUN = "residents.import", "desk/residents/import/<int:pk>/"
IMPORTS = [
    get("desk/residents/template.xlsx", BRING, LIST),
    get("desk/residents/import/", BRING, LIST),
    post("desk/residents/import/", BRING, "in 422 404 422 in in in"),
    get(RUN, BRING, ONE, "import"),
    get(f"{RUN}errors.xlsx", BRING, ONE, "import"),
    post(f"{RUN}cell/", BRING, ONE, "import"),
    *(post(f"{RUN}{act}/", BRING, DONE, "import") for act in ("abandon", "stop", "transfer", "write")),
]

TABLE = [
    *(row for part in parts() for row in part.ROWS),
    *IMPORTS,
    *MACHINES,
    *SIGNING_IN,
    *DESK,
    *PHONE,
    *PEOPLE,
]
