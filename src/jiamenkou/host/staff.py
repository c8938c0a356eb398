"""``jiamenkou staff add NAME``: the account with which somebody first signs in to an empty house.

Whoever can run this sits at the machine that holds the keys, so nobody above is asked. Everybody after the first is
appointed on the desk.
"""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from jiamenkou.commandline import DONE, PROBLEMS, WRONG_USE, Parser, plain
from jiamenkou.host import runtime
from jiamenkou.host.datadir import DataDir, read_json, write_json

if TYPE_CHECKING:
    from jiamenkou.foundation.places.models import Place

ACTOR, REASON = "命令行", "开设工作人员账号"
ROLES = ("community_lead", "worker", "street_officer", "district_officer", "admin")
LONGEST = 20


class _Wrong(Exception):
    """One plain line for the person at the keyboard."""


def main(argv: list[str]) -> int:
    given = _parser().parse_args(argv)
    data = DataDir.at(given.data)
    try:
        with runtime.attach(data, command="staff"):
            made = _add(given)
    except _Wrong as wrong:
        sys.stderr.write(plain(str(wrong)) + "\n")
        return WRONG_USE
    except runtime.TROUBLES as trouble:
        sys.stderr.write(plain(str(trouble)) + "\n")
        return PROBLEMS
    write_json(data.installed, {**read_json(data.installed), "staffed": True})  # `up` need not say how any more
    state = runtime.running(data)
    made["url"] = f"http://127.0.0.1:{state['port'] if state else runtime.DEFAULT_PORT}/signin/staff/"
    if given.json:
        sys.stdout.write(json.dumps(made, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(
            f"{made['name']}　{made['role']}　{made['place']}\n"
            f"登录：{made['url']}\n用户名：{made['username']}\n密码：{made['password']}（只显示这一次）\n"
            "第一次登录时会请您用手机上的验证器扫一个二维码。\n"
        )
    return DONE


def _parser() -> Parser:
    parser = Parser(prog="jiamenkou staff", description="工作人员账号")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=Parser)
    add = commands.add_parser("add", help="开一个账号；以后的在工作台“人员”里开")
    add.add_argument("name", metavar="NAME", help="姓名")
    add.add_argument("--role", default=ROLES[0], choices=ROLES, help="默认 community_lead（社区负责人）")
    add.add_argument("--community", metavar="NAME", help="社区名称或编码；还没有社区时就建一个")
    add.add_argument("--data", metavar="DIR", help="数据目录；默认 $JIAMENKOU_DATA 或 .data")
    add.add_argument("--json", action="store_true", help="输出 JSON")
    return parser


def _add(given: Namespace) -> dict[str, str]:
    import django

    django.setup()
    from jiamenkou.foundation.access.roles import Role
    from jiamenkou.foundation.access.scope import EVERYTHING, scope
    from jiamenkou.foundation.access.staff import first_account

    name = " ".join(given.name.split())
    if not name or len(name) > LONGEST or not name.isprintable():
        raise _Wrong(f"姓名要 1 到 {LONGEST} 个字。")
    role = Role(given.role)
    with scope(EVERYTHING, actor=ACTOR, reason=REASON):
        place = _place(role, given.community)
        account, password = first_account(name, role, place)
    return {
        "name": name,
        "role": str(role.label),
        "place": place.name,
        "username": account.username,
        "password": password,
    }


def _place(role: str, named: str | None) -> Place:
    """The community, made where the house has none; for the roles above it the street, the district, the top."""
    from django.db.models import Q

    from jiamenkou.foundation.places.models import Place, PlaceKind

    communities = Place.objects.communities()
    if not communities.exists():
        community: Place = Place.plant(None, code="1", kind=PlaceKind.COMMUNITY, name=(named or "我的社区")[:60])
    else:
        wanted = communities.filter(Q(code=named) | Q(name=named)) if named else communities
        found = list(wanted[:2])
        if len(found) != 1:
            some = "、".join(place.name for place in communities[:8])
            raise _Wrong(f"请用 --community 说明是哪个社区：{some}")
        community = found[0]
    kind = {"street_officer": PlaceKind.STREET, "district_officer": PlaceKind.DISTRICT}.get(role)
    if role == "admin":
        top: Place = Place.objects.get(path=community.ancestor_path(1))
        return top
    if kind is None:
        return community
    above = [community.ancestor_path(depth) for depth in range(1, community.depth)]
    place: Place | None = Place.objects.filter(path__in=above, kind=kind).first()
    if place is None:
        raise _Wrong(f"{community.name}上面没有{kind.label}，请先在 /admin/ 里建好。")
    return place
