"""``jiamenkou up``: the whole house in the foreground, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
from contextlib import ExitStack

from jiamenkou.commandline import DONE, PROBLEMS, Parser, plain, refuse
from jiamenkou.host import runtime
from jiamenkou.host.datadir import DataDir, Held
from jiamenkou.host.house import House, NotStarted
from jiamenkou.host.network import free_port, listener


def arguments() -> Parser:
    parser = Parser(prog="jiamenkou up", description="start everything: database, web server, worker")
    parser.add_argument("--port", type=int, default=None, help="default $PORT or 8000; 0 takes a free one")
    parser.add_argument("--data", default=None, metavar="DIR", help="default $JIAMENKOU_DATA or .data")
    parser.add_argument("--no-demo", action="store_true", help="leave a new house empty")
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="ADDR",
        help="0.0.0.0 serves phones in the same network, without demo links",
    )
    return parser


def main(argv: list[str]) -> int:
    given = arguments().parse_args(argv)
    port = _port(given.port)
    data = DataDir.at(given.data)
    with ExitStack() as stack:
        try:
            stack.enter_context(data.held("up"))
            port = _free(given.host, port)
        except Held as held:
            refuse(f"{held}：{data.root}。请先停止它，或用 --data 指定另一个目录")
        except OSError as fault:
            refuse(f"无法使用数据目录 {data.root}：{fault.strerror}")
        house = House(data, given.host, port, demo=not given.no_demo)
        for how in (signal.SIGINT, signal.SIGTERM):
            signal.signal(how, house.asked_to_stop)
        signal.signal(signal.SIGHUP, house.asked_to_stop)
        try:
            house.run()
        except (NotStarted, *runtime.TROUBLES) as trouble:
            if detail := getattr(trouble, "detail", ""):
                sys.stderr.write(detail + "\n")
            sys.stderr.write(plain(str(trouble)) + "\n")
            return PROBLEMS
        finally:
            house.stop()
    return DONE


def _port(given: int | None) -> int:
    if given is None:
        text = os.environ.get("PORT") or str(runtime.DEFAULT_PORT)
        if not text.isdigit():
            refuse(f"PORT 不是端口号：{text}")
        given = int(text)
    if not 0 <= given <= 65535:
        refuse(f"端口须在 1 到 65535 之间：{given}")
    return given


def _free(host: str, port: int) -> int:
    """The port, if it can be listened on; refuses with the name of who has it."""
    if port == 0:
        return free_port()
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            if fault.errno == errno.EADDRINUSE:
                pid = listener(port)
                who = f"进程 {pid} " if pid else "另一个程序"
                refuse(f"端口 {port} 正被{who}占用：请先停止它，或用 --port 换一个端口")
            if fault.errno == errno.EACCES:
                refuse(f"没有权限使用端口 {port}：请用 1024 以上的端口")
            refuse(f"无法在 {host}:{port} 上提供服务：{fault.strerror or fault}")
    return port
