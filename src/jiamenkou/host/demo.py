"""``jiamenkou demo accounts``: fresh sign-ins of the demo community, from the ``up`` that runs."""

from __future__ import annotations

import io
import os
import sys

from jiamenkou.commandline import DONE, PROBLEMS, Parser, plain, refuse
from jiamenkou.host import runtime
from jiamenkou.host.datadir import DataDir
from jiamenkou.host.errand import sign_ins
from jiamenkou.host.network import listener
from jiamenkou.host.processes import environment_of


def main(argv: list[str]) -> int:
    parser = Parser(prog="jiamenkou demo", description="sign-ins of the demo community")
    parser.add_argument("what", choices=["accounts"])
    parser.add_argument(
        "--data", default=None, metavar="DIR", help="default that of the `up` on $PORT, $JIAMENKOU_DATA, .data"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    given = parser.parse_args(argv)
    data = find(given.data)
    if runtime.running(data) is None:
        refuse(f"没有正在运行的家门口：{data.root}。请先运行 jiamenkou up", PROBLEMS)
    try:
        with runtime.attach(data, command="demo") as here:
            if here.environment()["JIAMENKOU_DEMO_LINKS"] != "1":
                refuse("只有带示范社区、且只在本机提供服务时，才有示范登录", PROBLEMS)
            printed = _accounts()
    except runtime.TROUBLES as trouble:
        sys.stderr.write(plain(str(trouble)) + "\n")
        return PROBLEMS
    sys.stdout.write(printed if given.json else sign_ins(printed))
    return DONE


def find(given: str | None) -> DataDir:
    """The data directory that is meant: named, else that of whoever listens on ``$PORT``, else the usual one."""
    data = DataDir.at(given)
    port = os.environ.get("PORT", "")
    state = runtime.running(data)
    if given or not port.isdigit() or (state and state["port"] == int(port)):
        return data
    pid = listener(int(port))
    named = environment_of(pid, "JIAMENKOU_DATA") if pid else None
    return DataDir.at(named) if named else data


def _accounts() -> str:
    import django
    from django.core.management import CommandError, call_command

    django.setup()
    out = io.StringIO()
    try:
        call_command("demo_accounts", "--json", stdout=out)
    except CommandError as fault:
        refuse(str(fault), PROBLEMS)
    return out.getvalue()
