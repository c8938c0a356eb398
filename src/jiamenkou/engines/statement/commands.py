"""``jiamenkou statement review FILE…``: bank and wallet exports in, a proposal for every line out."""

from __future__ import annotations

import argparse
import gc
import sys
from pathlib import Path

from jiamenkou.commandline import DONE, PROBLEMS, Parser, plain, refuse

SHOWN_PROBLEMS = 20


def main(argv: list[str]) -> int:
    """0 reviewed, 1 reviewed with problems (reported), 2 nothing could be reviewed (one line on stderr)."""
    args = _parser().parse_args(argv)
    # tens of thousands of small values and no cycles: collecting costs time and frees nothing
    gc.disable()
    try:
        return _review(args)
    finally:
        gc.enable()


def _review(args: argparse.Namespace) -> int:
    # after the arguments are known to be right: --help and wrong use cost no imports
    from jiamenkou.engines.statement.loading import load, load_mapping, load_receipts
    from jiamenkou.engines.statement.report import document_text, summary
    from jiamenkou.engines.statement.reviewing import review
    from jiamenkou.engines.statement.tables import Unreadable

    try:
        mapping = load_mapping(Path(args.map)) if args.map else None
        receipts = load_receipts(Path(args.receipts)) if args.receipts else ()
    except Unreadable as why:
        refuse(str(why))
    owner = "".join(args.owner.split())
    statements, problems = load([Path(name) for name in args.files], owner=owner, mapping=mapping)
    if not statements:
        first = problems[0]
        more = f"（共{len(problems)}个文件都读不了）" if len(problems) > 1 else ""
        refuse(f"{first.file}：{first.problem}{more}")
    result = review(statements, owner=owner, receipts=receipts, problems=problems)
    if args.xlsx:
        from jiamenkou.engines.statement.workbook import write_workbook

        try:
            write_workbook(result, Path(args.xlsx), owner=owner)
        except OSError:
            refuse(f"写不了{plain(args.xlsx, 80)}")
    if args.json:
        sys.stdout.write(document_text(result) + "\n")
    else:
        sys.stdout.write("\n".join(plain(line) for line in summary(result)) + "\n")
    return PROBLEMS if result.problems else DONE


def _parser() -> Parser:
    parser = Parser(prog="jiamenkou statement", description="核对银行、微信、支付宝流水，逐笔说明理由")
    commands = parser.add_subparsers(dest="command", required=True, metavar="review", parser_class=Parser)
    sub = commands.add_parser("review", help="核对一个人的全部流水")
    sub.add_argument("files", nargs="+", metavar="FILE", help="CSV、XLS或XLSX，内容自动识别")
    sub.add_argument("--owner", default="", metavar="NAME", help="申请人姓名；文件写明的户名不符则不予核对")
    sub.add_argument("--receipts", metavar="FILE", help="合同、收据清单（CSV或Excel），作为代收代付的凭据")
    sub.add_argument("--map", metavar="FILE", help="其他银行的列名对照（YAML）")
    sub.add_argument("--xlsx", metavar="OUT", help="写出评议会用的工作簿")
    sub.add_argument("--json", action="store_true", help="在标准输出写一份JSON")
    return parser
