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
``object`` names what fills the address's parameters, ``sends`` what a POST carries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

COLUMNS = ("anonymous", "stranger", "without", "with", "resident", "other", "employer")


@dataclass(frozen=True, slots=True)
class Row:
    method: str
    route: str
    audience: str
    expected: str
    object: tuple[str, ...] = ()
    sends: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} /{self.route}"


def get(route: str, audience: str, expected: str, *objects: str) -> Row:
    return Row("GET", route, audience, expected, objects)


def post(route: str, audience: str, expected: str, *objects: str, **sends: str) -> Row:
    return Row("POST", route, audience, expected, objects, sends)


EVERYONE, RESIDENTS = "everyone", "residents"

OPEN = "200 200 200 200 200 200 200"
NOWHERE = "404 404 404 404 404 404 404"
MACHINES = [
    get("readyz", EVERYONE, "503 503 503 503 503 503 503"),  # no worker runs beside the tests
    get("metrics", EVERYONE, OPEN),
    get("favicon.ico", EVERYONE, OPEN),
    get("q/<slug:code>", EVERYONE, "go go go go go go go", "code"),
    get("api/v1/openapi.json", EVERYONE, OPEN),
    post("hooks/sms/", EVERYONE, NOWHERE),  # no provider is configured
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
GO = "go go go go go go go"
MINE = "in 200 200 200 200 200 200"
ACTING = "in go go go 200 200 go"  # for a person one may act for; without one, on the way to find it
GO_ON = "in go go go go go go"
# an object of one person: staff are residents too when they open 我的, but of nobody here
OWN = "in 404 404 404 go 404 404"
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
JOBS_PHONE = [
    get("jobs/", EVERYONE, OPEN),
    get("jobs/wish/", RESIDENTS, "in go go go 200 200 go"),
    post("jobs/wish/", RESIDENTS, "in go go go go go go"),
    post("jobs/wish/answer/", RESIDENTS, "in go go go go go go"),
    get("jobs/<int:pk>/", EVERYONE, OPEN, "vacancy"),
    get("jobs/<int:pk>/apply/", RESIDENTS, "in go go go 200 200 go", "open vacancy"),
    post("jobs/<int:pk>/apply/", RESIDENTS, "in go go go go go go", "open vacancy"),
    post("jobs/<int:pk>/save/", RESIDENTS, "in go go go go go go", "vacancy"),
    get("jobs/<int:pk>/share/", EVERYONE, OPEN, "vacancy"),
    get("jobs/say/", RESIDENTS, "in go go go 200 200 go"),
    post("jobs/say/", RESIDENTS, "in go go go 422 422 go"),
    get("jobs/<int:pk>/report/", EVERYONE, OPEN, "vacancy"),
    post("jobs/<int:pk>/report/", EVERYONE, OPEN, "vacancy", kind="工资不实"),
    get("jobs/applications/<int:pk>/", RESIDENTS, "in 404 404 404 200 404 404", "application"),
    post("jobs/applications/<int:pk>/answer/", RESIDENTS, "in 404 404 404 go 404 404", "recommendation", do="yes"),
]
ONE = "in 404 404 200 in in in"  # an object of one community
LIST = "in 200 404 200 in in in"  # a list: the stranger sees their own
DONE = "in 404 404 go in in in"
WRONG = "in 404 404 422 in in in"
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
    get("desk/me/", "desk", "in 200 200 200 in in in"),
    post("desk/me/look/", "desk", "in go go go in in in", look="dark"),
]
VIEW, EDIT = "jobs.view", "jobs.edit"
EXPORT = "residents.export"
JOBS_DESK = [
    get("desk/jobs/vacancies/", VIEW, LIST),
    get("desk/jobs/vacancies/new/", EDIT, LIST),
    post("desk/jobs/vacancies/new/", EDIT, "in 422 404 422 in in in"),
    get("desk/jobs/vacancies/<int:pk>/", VIEW, ONE, "vacancy"),
    get("desk/jobs/vacancies/<int:pk>/edit/", EDIT, ONE, "vacancy"),
    post("desk/jobs/vacancies/<int:pk>/edit/", EDIT, "in 404 404 422 in in in", "vacancy"),
    post("desk/jobs/vacancies/<int:pk>/act/", EDIT, DONE, "vacancy", do="pause"),
    get("desk/jobs/vacancies/<int:pk>/people/", VIEW, ONE, "vacancy"),
    post("desk/jobs/vacancies/<int:pk>/recommend/", EDIT, DONE, "vacancy"),
    get("desk/jobs/applications/", VIEW, LIST),
    get("desk/jobs/board/", VIEW, LIST),
    get("desk/jobs/applications/<int:pk>/", VIEW, ONE, "application"),
    post("desk/jobs/applications/<int:pk>/move/", EDIT, DONE, "application", to="interview", interview_at="tomorrow"),
    post("desk/jobs/applications/<int:pk>/start/", EDIT, "in 404 404 422 in in in", "application"),
    post("desk/jobs/applications/<int:pk>/chased/", EDIT, DONE, "application"),
    get("desk/jobs/intentions/", VIEW, LIST),
    get("desk/jobs/intentions/<int:pk>/", EDIT, ONE, "intention"),
    post("desk/jobs/intentions/<int:pk>/", EDIT, DONE, "intention"),
    post("desk/jobs/intentions/<int:pk>/call/", EDIT, DONE, "intention", outcome="renewed"),
    get("desk/jobs/intentions/for/<int:resident>/", EDIT, ONE, "resident"),
    post("desk/jobs/intentions/for/<int:resident>/", EDIT, "in 404 404 422 in in in", "resident"),
    get("desk/jobs/follow-ups/<int:pk>/", EDIT, ONE, "follow-up"),
    post("desk/jobs/follow-ups/<int:pk>/", EDIT, DONE, "follow-up", outcome="working"),
    get("desk/jobs/placements/", "figures.view", LIST),
    get("desk/jobs/round/", EDIT, LIST),
    get("desk/jobs/vacancies/template/", EDIT, LIST),
    get("desk/jobs/vacancies/import/", EDIT, LIST),
    post("desk/jobs/vacancies/import/", EDIT, "in 422 404 422 in in in"),
    post("desk/jobs/vacancies/export/", EXPORT, LIST),
    post("desk/jobs/applications/export/", EXPORT, LIST),
    post("desk/jobs/intentions/export/", EXPORT, LIST),
    get("desk/jobs/fill/", EXPORT, LIST),
    post("desk/jobs/fill/", EXPORT, "in 422 404 422 in in in"),
    get("desk/messages/", "residents.view", LIST),
    post("desk/messages/<int:pk>/called/", "residents.edit", DONE, "failed delivery", outcome="reached"),
    get("desk/jobs/feeds/", EDIT, LIST),
    get("desk/jobs/feeds/new/", EDIT, LIST),
    post("desk/jobs/feeds/new/", EDIT, "in 422 404 422 in in in"),
    get("desk/jobs/feeds/<int:pk>/", EDIT, ONE, "feed"),
    post("desk/jobs/feeds/<int:pk>/", EDIT, "in 404 404 422 in in in", "feed"),
    post("desk/jobs/feeds/<int:pk>/act/", EDIT, DONE, "feed", do="stop"),
]
JOBS_MAKING = [
    get("desk/jobs/paste/", EDIT, LIST),
    post("desk/jobs/paste/", EDIT, "in 422 404 422 in in in", do="read"),
    get("desk/jobs/occupations/", EDIT, LIST),
    get("desk/jobs/vacancies/<int:pk>/poster/", VIEW, ONE, "vacancy"),
    get("jobs/<int:pk>/poster/", EVERYONE, OPEN, "vacancy"),
    get("jobs/<int:pk>/poster.svg", EVERYONE, OPEN, "vacancy"),
    # organisations are public nouns; a link to who applied is made only where they recruit
    get("desk/jobs/employers/", VIEW, LIST),
    get("desk/jobs/employers/<int:pk>/", VIEW, LIST, "organisation"),
    post("desk/jobs/employers/<int:pk>/licence/", "organisations.edit", "in 422 404 422 in in in", "organisation"),
    post("desk/jobs/employers/<int:pk>/link/", EDIT, ONE, "organisation"),
    post("desk/jobs/employers/<int:pk>/links/<int:link>/revoke/", EDIT, DONE, "organisation", "employer link"),
]
EMPLOYERS = "employers"
MEMBER = "in 404 404 404 404 404 "
ANSWER = {"to": "interview", "interview_at": "tomorrow"}
JOBS_EMPLOYER = [
    get("jobs/employer/", EMPLOYERS, MEMBER + "200"),
    post("jobs/employer/applications/<int:pk>/answer/", EMPLOYERS, MEMBER + "go", "application", **ANSWER),
    post("jobs/employer/applications/<int:pk>/phone/", EMPLOYERS, MEMBER + "409", "application"),
    get("jobs/employer/vacancies/new/", EMPLOYERS, MEMBER + "200"),
    post("jobs/employer/vacancies/new/", EMPLOYERS, MEMBER + "422"),
    # whoever holds the link is the employer, signed in or not
    get("jobs/employer/<slug:token>/", EVERYONE, OPEN, "employer token"),
    post(
        "jobs/employer/<slug:token>/applications/<int:pk>/answer/",
        EVERYONE,
        "go go go go go go go",
        "employer token",
        "application",
        **ANSWER,
    ),
    post(
        "jobs/employer/<slug:token>/applications/<int:pk>/phone/",
        EVERYONE,
        "409 409 409 409 409 409 409",
        "employer token",
        "application",
    ),
    get("jobs/employer/<slug:token>/vacancies/new/", EVERYONE, OPEN, "employer token"),
    post(
        "jobs/employer/<slug:token>/vacancies/new/",
        EVERYONE,
        "422 422 422 422 422 422 422",
        "employer token",
    ),
]
JOBS_API = [
    get("api/v1/jobs/vacancies", EVERYONE, OPEN),
    get("api/v1/jobs/vacancies/<int:pk>", EVERYONE, OPEN, "vacancy"),
    # a form is sent where JSON is asked for: whoever may not ask is told so first
    post("api/v1/jobs/vacancies/<int:pk>/applications", RESIDENTS, "401 415 415 415 415 415 415", "open vacancy"),
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
    *IMPORTS,
    *MACHINES,
    *SIGNING_IN,
    *DESK,
    *PHONE,
    *JOBS_PHONE,
    *PEOPLE,
    *JOBS_DESK,
    *JOBS_MAKING,
    *JOBS_EMPLOYER,
    *JOBS_API,
]
