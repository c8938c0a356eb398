"""``jiamenkou vacancy parse``: chat text in, vacancy drafts out as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from jiamenkou.commandline import DONE, PROBLEMS, Parser, plain, refuse
from jiamenkou.engines.vacancytext.assemble import parse
from jiamenkou.engines.vacancytext.model import Message
from jiamenkou.engines.vacancytext.text import LONGEST


def _read(name: str | None) -> bytes:
    try:
        return sys.stdin.buffer.read() if name in {None, "-"} else Path(str(name)).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "路径不对"
        refuse(f"读不了文件 {name}：{reason}")


def _decoded(raw: bytes, name: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        refuse(f"{name} 不是 UTF-8 文本，请另存为 UTF-8 后再试")


def _show(message: Message) -> str:
    """A few lines a post for a person at a terminal."""
    lines = []
    for number, post in enumerate(message.posts, 1):
        lines.append(f"{number}. {plain(post.title.value) if post.title else '（没有岗位名）'}")
        for name, value in post.to_json().items():
            if name != "title" and value not in (None, [], False):
                shown = "、".join(map(str, value)) if isinstance(value, list) else str(value)
                lines.append(f"   {name}: {plain(shown)}")
    return "\n".join(lines) or "没有认出岗位"


def _records(path: str) -> Iterator[tuple[int, object]]:
    """Line number and parsed JSON of each line that is not blank; ``None`` for one that is no JSON in UTF-8."""
    try:
        with Path(path).open("rb") as lines:
            for number, raw in enumerate(lines, 1):
                if raw.strip():
                    try:
                        yield number, json.loads(raw.decode("utf-8-sig"))
                    except (ValueError, RecursionError):
                        yield number, None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "路径不对"
        refuse(f"读不了文件 {path}：{reason}")


def _stream(path: str) -> int:
    """One line out for each line in; a line that is no ``{"id", "text"}`` is named on stderr and left out."""
    code = DONE
    for number, record in _records(path):
        if not isinstance(record, dict) or not isinstance(record.get("text"), str) or "id" not in record:
            sys.stderr.write(f'第 {number} 行不是 {{"id", "text"}}，已跳过\n')
            code = PROBLEMS
            continue
        answer = {"id": record["id"], **parse(record["text"]).to_json()}
        try:
            line = json.dumps(answer, ensure_ascii=False)
            line.encode()
        except UnicodeEncodeError:
            line = json.dumps(answer)
        sys.stdout.write(line + "\n")
    return code


def main(argv: list[str]) -> int:
    parser = Parser(prog="jiamenkou vacancy", description="Free recruiting text to vacancy drafts.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    reading = commands.add_parser("parse", help="text from FILE or standard input")
    reading.add_argument("file", nargs="?", metavar="FILE", help="UTF-8 text; standard input when absent or -")
    reading.add_argument("--json", action="store_true", help='one document {"posts": […]}')
    reading.add_argument(
        "--lines", metavar="FILE.jsonl", help='read {"id", "text"} a line, write {"id", "posts"} a line'
    )
    args = parser.parse_args(argv)
    if args.lines:
        if args.file:
            refuse("FILE 与 --lines 只能用一个")
        return _stream(args.lines)
    message = parse(_decoded(_read(args.file), args.file or "标准输入"))
    if message.unread:
        sys.stderr.write(f"文本过长，只读了前 {LONGEST} 个字\n")
    sys.stdout.write((json.dumps(message.to_json(), ensure_ascii=False) if args.json else _show(message)) + "\n")
    return DONE
