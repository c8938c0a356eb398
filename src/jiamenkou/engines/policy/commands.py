"""``jiamenkou policy``: run, explain, check, compare, visits."""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from jiamenkou.commandline import DONE, PROBLEMS, Parser, plain, refuse
from jiamenkou.engines.policy.faults import PolicyError, WrongUse
from jiamenkou.engines.policy.syntax import iso_date

MOST_FAULTS = 100


def main(argv: Sequence[str]) -> int:
    """Run one subcommand. 0 done, 1 problems found (each on a line), 2 wrong use (one line)."""
    options = _parser().parse_args(list(argv))
    _load()
    try:
        return int(options.work(options))
    except WrongUse as error:
        refuse(f"jiamenkou policy: {error}")
    except PolicyError as error:
        _report(error, sys.stderr)
        return PROBLEMS
    except BrokenPipeError:
        raise
    except OSError as error:
        refuse(f"jiamenkou policy: 文件无法读写：{error.filename or error.strerror}")


def _load() -> None:
    """Import the engine without looking for garbage on the way: nothing is dropped, and it is a fifth of the start."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        importlib.import_module("jiamenkou.engines.policy.delta")
    finally:
        if collecting:
            gc.enable()


def _parser() -> Parser:
    parser = Parser(prog="jiamenkou policy", description="政策找人：按政策文件核对人员和家庭")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)

    run = commands.add_parser("run", help="按全部政策核对全部人员和家庭")
    _inputs(run)
    run.add_argument("--out", type=Path, required=True, metavar="DIR", help="结果目录")
    run.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb", help="计算引擎")
    run.add_argument("--all", action="store_true", dest="every", help="不符合的也列出")
    run.add_argument("--explain", action="store_true", help="另写每个条件的真假")
    run.add_argument("--since", type=Path, metavar="RESULTS", help="以前的结果目录：只重算有变化的，另写变化")
    run.add_argument("--seconds", type=_seconds, default=3600.0, help="时间上限（秒）")
    run.add_argument("--threads", type=_count, default=0, metavar="N", help="用几个处理器核（0 为全部）")
    run.add_argument("--json", action="store_true", help="输出 JSON")
    run.set_defaults(work=_run)

    explain = commands.add_parser("explain", help="逐条说明一个人或家庭的结果")
    _inputs(explain)
    explain.add_argument("--unit", required=True, metavar="ID", help="人员或家庭编号")
    explain.add_argument("--policy", required=True, metavar="NAME", help="政策代号")
    explain.add_argument("--json", action="store_true", help="输出 JSON")
    explain.set_defaults(work=_explain)

    check = commands.add_parser("check", help="检查政策文件")
    check.add_argument("folder", type=Path, metavar="DIR", help="政策目录")
    check.add_argument("--people", type=Path, metavar="P", help="人员文件，Parquet 或 CSV")
    check.add_argument("--households", type=Path, metavar="H", help="家庭文件，Parquet 或 CSV")
    check.add_argument("--json", action="store_true", help="输出 JSON")
    check.set_defaults(work=_check)

    compare = commands.add_parser("compare", help="比较两次结果")
    compare.add_argument("before", type=Path, metavar="DIR_A")
    compare.add_argument("after", type=Path, metavar="DIR_B")
    compare.add_argument("--json", action="store_true", help="输出 JSON")
    compare.set_defaults(work=_compare)

    visits = commands.add_parser("visits", help="先上门看谁：问清哪些事实能定下几项政策")
    _inputs(visits)
    visits.add_argument("--out", type=Path, required=True, metavar="FILE", help="结果文件（Parquet）")
    visits.add_argument("--area", default="", metavar="PREFIX", help="只列区划代码以此开头的家庭")
    visits.add_argument("--limit", type=_count, metavar="N", help="最多列多少户")
    visits.add_argument("--json", action="store_true", help="输出 JSON")
    visits.set_defaults(work=_visits)
    return parser


def _inputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--policies", type=Path, required=True, metavar="DIR", help="政策目录")
    parser.add_argument("--people", type=Path, required=True, metavar="P", help="人员文件，Parquet 或 CSV")
    parser.add_argument("--households", type=Path, required=True, metavar="H", help="家庭文件，Parquet 或 CSV")
    parser.add_argument("--on", type=_day, required=True, metavar="DATE", help="核对日期，如 2026-11-01")
    parser.add_argument("--set", action="append", default=[], metavar="POLICY.PARAMETER=VALUE", help="假设参数取值")


def _day(text: str) -> date:
    day = iso_date(text)
    if day is None:
        raise argparse.ArgumentTypeError(f"日期应是 YYYY-MM-DD：{plain(text, 40)}")
    return day


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise argparse.ArgumentTypeError(f"应是不小于 0 的整数：{plain(text, 40)}")
    return int(text)


def _seconds(text: str) -> float:
    return float(max(1, _count(text)))


def _request(options: argparse.Namespace) -> Any:
    from jiamenkou.engines.policy.running import Request

    settings: dict[str, str] = {}
    for one in options.set:
        key, equals, value = one.partition("=")
        if not equals:
            raise WrongUse(f"--set 应写成 政策.参数=取值：{one}")
        settings[key] = value
    return Request(options.policies, options.people, options.households, options.on, settings)


def _run(options: argparse.Namespace) -> int:
    from dataclasses import replace

    from jiamenkou.engines.policy import delta, running

    request = replace(_request(options), every=options.every, explain=options.explain, seconds=options.seconds)
    request = replace(request, threads=min(options.threads, 1024))
    if options.engine == "spark":
        from jiamenkou.engines.policy import spark

        lines = spark.run(request, options.out, options.since)
    elif options.since is not None:
        lines = delta.run(request, options.out, options.since)
    else:
        lines = running.run(request, options.out)
    if options.json:
        return _json({"policies": [line.as_json() for line in lines]})
    for line in lines:
        if line.in_force:
            money = f"，合计 {line.total_amount / 100:,.2f} 元" if line.total_amount else ""
            found = f"核对 {line.units}，符合 {line.eligible}，待核实 {line.unknown}{money}"
        else:
            found = "未生效"
        _say(f"{line.policy}：{found}")
    return DONE


def _explain(options: argparse.Namespace) -> int:
    from jiamenkou.engines.policy import explaining

    found = explaining.explain(_request(options), options.policy, options.unit)
    if options.json:
        return _json(found.as_json())
    for line in found.lines():
        _say(line)
    return DONE


def _check(options: argparse.Namespace) -> int:
    from jiamenkou.engines.policy import running

    if (options.people is None) != (options.households is None):
        raise WrongUse("--people 和 --households 要一起给")
    try:
        count = running.check(options.folder, options.people, options.households)
    except PolicyError as error:
        if options.json:
            faults = [
                {"file": one.file, "place": one.place, "column": one.column, "message": one.message}
                for one in error.faults
            ]
            _json({"policies": 0, "faults": faults})
        else:
            _report(error, sys.stdout)
        return PROBLEMS
    if options.json:
        return _json({"policies": count, "faults": []})
    _say(f"{count} 项政策，没有发现问题")
    return DONE


def _compare(options: argparse.Namespace) -> int:
    from jiamenkou.engines.policy import comparing

    rows = comparing.compare(options.before, options.after)
    if options.json:
        return _json({"policies": [row.as_json() for row in rows]})
    for row in rows:
        money = f"{row.money_before / 100:,.2f} → {row.money_after / 100:,.2f} 元"
        _say(f"{row.policy} {row.area or '无区划'}：新增 {row.gained}，减少 {row.lost}，保持 {row.kept}，{money}")
    return DONE


def _visits(options: argparse.Namespace) -> int:
    from jiamenkou.engines.policy import visiting

    count = visiting.visits(_request(options), options.out, options.area, options.limit)
    if options.json:
        return _json({"households": count})
    _say(f"{count} 户，见 {options.out}")
    return DONE


def _json(document: object) -> int:
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    return DONE


def _say(text: str) -> None:
    """One line, its indentation kept."""
    indent = len(text) - len(text.lstrip(" "))
    sys.stdout.write(" " * indent + plain(text, 400) + "\n")


def _report(error: PolicyError, stream: Any) -> None:
    for fault in error.faults[:MOST_FAULTS]:
        stream.write(plain(str(fault), 400) + "\n")
    if len(error.faults) > MOST_FAULTS:
        stream.write(f"……另有 {len(error.faults) - MOST_FAULTS} 处\n")
