"""``jiamenkou workdays add DATE N``: the N-th working day after DATE."""

from __future__ import annotations

import json
import re
import sys
from datetime import date

from jiamenkou.commandline import DONE, PROBLEMS, Parser, refuse
from jiamenkou.engines.workdays.calendar import BeyondCalendar, from_chinesecalendar


def main(argv: list[str]) -> int:
    parser = Parser(prog="jiamenkou workdays", description="中国工作日：跳过周末和法定节假日，算上调休上班日。")
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    add = actions.add_parser("add", help="DATE 之后第 N 个工作日", description="当天不算；N 为 0 就是当天。")
    add.add_argument("date", metavar="DATE", nargs="?", help="日期，如 2026-02-13")
    add.add_argument("count", metavar="N", nargs="?", help="几个工作日，0 或以上")
    add.add_argument("--json", action="store_true", help="输出一份 JSON")
    args = parser.parse_args(argv)
    if args.action is None or args.date is None or args.count is None:
        refuse("用法：jiamenkou workdays add 日期 天数，如 workdays add 2026-02-13 5")
    day, count = _day(args.date), _count(args.count)
    calendar = from_chinesecalendar()
    try:
        found = calendar.add(day, count)
    except BeyondCalendar as error:
        refuse(str(error), PROBLEMS)
    answer = {"date": str(day), "days": count, "result": str(found), "through": str(calendar.through)}
    sys.stdout.write((json.dumps(answer, ensure_ascii=False) if args.json else str(found)) + "\n")
    return DONE


def _day(text: str) -> date:
    try:
        # fromisoformat takes other forms too, which people do not mean
        return date.fromisoformat(text if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else "")
    except ValueError:
        refuse(f"看不懂的日期：{text}，要写成 2026-02-13 这样")


def _count(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        refuse(f"天数要是 0 或以上的整数：{text}")
    return int(text)
