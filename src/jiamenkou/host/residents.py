"""``jiamenkou residents template OUT.xlsx`` and ``residents import FILE``: rosters in.

The file is read and judged before Django is set up or a database is touched: a refused file costs nothing.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from argparse import Namespace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from jiamenkou.commandline import DONE, PROBLEMS, WRONG_USE, Parser, plain

if TYPE_CHECKING:
    from jiamenkou.foundation.people.roster import Plan, Roster
    from jiamenkou.foundation.places.models import Place

ACTOR = "命令行"
_SHOWN = 30  # errors on the screen; all of them with --json


def main(argv: list[str]) -> int:
    """The exit code: 0 done, 1 problems found or refused, 2 wrong use."""
    arguments = _parser().parse_args(argv)
    if arguments.command == "template":
        return _template(arguments)
    return _import(arguments)


def _parser() -> Parser:
    parser = Parser(prog="jiamenkou residents", description="居民花名册：下载模板、导入")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=Parser)
    template = commands.add_parser("template", help="写一份空白模板")
    template.add_argument("out", metavar="OUT.xlsx")
    load = commands.add_parser("import", help="导入花名册；不加 --apply 只预览，不写入")
    load.add_argument("file", metavar="FILE")
    load.add_argument("--apply", action="store_true", help="写入；有错误时不写，除非 --skip-errors")
    load.add_argument("--skip-errors", action="store_true", help="跳过有错误的行，写入其余的行")
    load.add_argument("--keep-extra", action="store_true", help="不认识的列作为其他栏保存")
    load.add_argument("--reason", default="导入花名册", metavar="TEXT", help="留痕里写的原因")
    load.add_argument("--json", action="store_true", help="输出 JSON")
    for command in (template, load):
        command.add_argument("--community", metavar="CODE", help="社区编码；默认唯一的或编码最前的社区")
        command.add_argument("--data", metavar="DIR", help="数据目录；默认 $JIAMENKOU_DATA 或 .data")
    return parser


def _say(message: str, code: int) -> int:
    sys.stderr.write(plain(message) + "\n")
    return code


# --- template ------------------------------------------------------------------------------------------------------


def _template(arguments: Namespace) -> int:
    from jiamenkou.foundation.people.roster.template import DEFAULT_GRIDS, write_template

    try:
        grids = _grids_of_running_house(arguments) or DEFAULT_GRIDS
        write_template(arguments.out, grids)
    except _Wrong as wrong:
        return _say(str(wrong), WRONG_USE)
    except OSError:
        return _say(f"不能写入 {arguments.out}：请检查文件夹是否存在、是否有权限。", WRONG_USE)
    return DONE


def _grids_of_running_house(arguments: Namespace) -> list[str]:
    """The community's grids, where a house runs that can be asked; a template alone starts no database."""
    from jiamenkou.host import runtime
    from jiamenkou.host.datadir import DataDir

    data = DataDir.at(arguments.data)
    if not os.environ.get("DATABASE_URL") and not runtime.running(data):
        return []
    try:
        with runtime.attach(data, migrate=False, command="residents"):
            _set_up_django()
            from jiamenkou.foundation.access.scope import EVERYTHING, scope
            from jiamenkou.foundation.people.importing import CommunityRegister

            with scope(EVERYTHING):
                community = _community(arguments.community)
                return list(CommunityRegister(community).grids()) if community else []
    except runtime.TROUBLES:
        return []


# --- import --------------------------------------------------------------------------------------------------------


class _Wrong(Exception):
    """Wrong use that only the database can tell: one plain line."""


def _import(arguments: Namespace) -> int:
    from jiamenkou.foundation.people.roster import read_roster
    from jiamenkou.foundation.sheets import Refused

    gc.disable()  # a command that ends soon frees everything by ending; the collector costs a tenth of the time
    today = date.today()  # noqa: DTZ011 - the day on the wall where the command is run
    try:
        roster = read_roster(arguments.file, today, keep_extra=arguments.keep_extra, progress=_progress)
    except Refused as refused:
        return _say(refused.message, PROBLEMS)
    from jiamenkou.host import runtime

    try:
        with runtime.attach(arguments.data, command="residents"):
            _set_up_django()
            plan, written = _run(roster, arguments, today)
    except _Wrong as wrong:
        return _say(str(wrong), WRONG_USE)
    except runtime.TROUBLES as trouble:
        return _say(str(trouble), PROBLEMS)
    _report(plan, written, arguments)
    return PROBLEMS if plan.errors else DONE


def _progress(rows: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r已读 {rows:,} 行…\x1b[K" + ("" if rows % 1000 else "\r"))
        sys.stderr.flush()


def _set_up_django() -> None:
    import django

    django.setup()


def _run(roster: Roster, arguments: Namespace, today: date) -> tuple[Plan, int | None]:
    """The plan, and how many people were written (None: nothing was meant to be)."""
    from django.db import DatabaseError, IntegrityError, connection

    from jiamenkou.foundation.access.scope import EVERYTHING, Scope, scope
    from jiamenkou.foundation.people.importing import CommunityRegister, apply_plan
    from jiamenkou.foundation.people.roster import make_plan
    from jiamenkou.foundation.people.roster.memory import MemoryRegister

    with scope(EVERYTHING, actor=ACTOR, reason=arguments.reason):
        community = _community(arguments.community)
        if community is None and arguments.apply:
            community = _first_community(arguments.community)
    if community is None:
        return make_plan(roster, MemoryRegister()), None
    try:
        with scope(Scope(frozenset({community.pk})), actor=ACTOR, reason=arguments.reason):
            with connection.cursor() as cursor:  # nobody waits for a page meanwhile
                cursor.execute("set local statement_timeout = '60s'")
            plan = make_plan(roster, CommunityRegister(community))
            if not arguments.apply or (plan.errors and not arguments.skip_errors):
                return plan, None
            return plan, apply_plan(plan, community, today=today, now=datetime.now(UTC))
    except IntegrityError:
        raise _Wrong("导入时登记册被别人改动了，没有写入任何内容，请再试一次。") from None
    except DatabaseError as error:
        raise _Wrong(f"数据库出错，没有写入任何内容：{type(error).__name__}") from None


def _community(code: str | None) -> Place | None:
    """The community of ``--community``, else the first by code; None in a house that has none yet."""
    from jiamenkou.foundation.places.models import Place

    communities = Place.objects.communities()
    wanted = communities if code is None else communities.filter(code=code)
    found: Place | None = wanted.first()
    if found is None and communities.exists():
        raise _Wrong(f"没有编码为 {code} 的社区。")
    return found


def _first_community(code: str | None) -> Place:
    """A house without any community gets one, so that the first thing somebody does may be an import."""
    from jiamenkou.foundation.places.models import Place, PlaceKind

    return Place.plant(None, code=code or "1", kind=PlaceKind.COMMUNITY, name="我的社区")


def _report(plan: Plan, written: int | None, arguments: Namespace) -> None:
    summary = plan.summary()
    if arguments.json:
        json.dump(summary, sys.stdout, ensure_ascii=False)
        sys.stdout.write("\n")
        return
    sys.stdout.write("".join(line + "\n" for line in _lines(summary, written, arguments)))


def _lines(summary: dict[str, Any], written: int | None, arguments: Namespace) -> list[str]:
    lines = [
        f"共 {summary['rows']} 人：新增 {summary['create']}，更新 {summary['update']}，不变 {summary['unchanged']}，"
        f"有错误 {summary['error']}；可能重复 {summary['possible_duplicates']}。"
    ]
    if summary["ignored"]:
        lines.append(plain("没有用到的列：" + "、".join(summary["ignored"])))
    for error in summary["errors"][:_SHOWN]:
        value = f"“{error['value']}”" if error["value"] else ""
        lines.append(plain(f"  第 {error['row']} 行 {error['column']}{value}：{error['problem']}"))
    if len(summary["errors"]) > _SHOWN:
        lines.append(f"  …… 还有 {len(summary['errors']) - _SHOWN} 处，用 --json 看全部。")
    if written is not None:
        lines.append(f"已写入 {written} 人。")
    elif arguments.apply:
        lines.append("有错误，没有写入任何内容。改好后再导入，或加 --skip-errors 跳过有错误的行。")
    else:
        lines.append("这是预览，没有写入。加 --apply 写入。")
    return lines
