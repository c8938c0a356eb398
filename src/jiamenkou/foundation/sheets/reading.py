"""Read the first sheet of a file that passed inspection, in a child process that may be slow, huge or die.

The child (:mod:`jiamenkou.foundation.sheets.parsing`) bounds its own memory and CPU before it loads a parser and
streams rows as JSON lines; the parent only ever decodes JSON, keeps a deadline, and kills.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from jiamenkou.foundation.sheets.cells import Cell, Fault, Merge, Refused, Row, Sheet
from jiamenkou.foundation.sheets.inspection import Inspected, inspect

DEADLINE = 120.0  # seconds until a child that is still parsing is killed; 200,000 rows need about ten
_TOO_HEAVY = "读取这个文件用的时间或内存太多，已停止；请拆成几个文件再导入。"


def read(
    path: str | os.PathLike[str], *, heading: str = "", moments: bool = False, deadline: float = DEADLINE
) -> Sheet:
    """The first sheet of ``path`` (xlsx, xls, CSV; content decides). Raises :class:`Refused`, also while streaming.

    ``heading`` as for :func:`~jiamenkou.foundation.sheets.inspection.inspect`; ``deadline`` in seconds.
    ``moments``: a day cell with an hour is a naive datetime to the minute; otherwise its hour is left out.
    """
    path = Path(path)
    inspected = inspect(path, heading=heading)
    child = _start(path, inspected)
    alarm = threading.Timer(deadline, child.kill)
    alarm.daemon = True
    alarm.start()
    messages = _messages(child, alarm)
    try:
        head = next(messages)
    except BaseException:
        messages.close()
        raise
    merges = tuple(Merge(*merge) for merge in head["merges"])
    return Sheet(head["name"], merges, _rows(messages, moments))


def _start(path: Path, inspected: Inspected) -> subprocess.Popen[bytes]:
    arguments = [inspected.format, inspected.sheet_part, inspected.encoding, inspected.delimiter]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONHASHSEED": "0"}
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module; the path is an argument, not a shell word
        [sys.executable, "-m", "jiamenkou.foundation.sheets.parsing", str(path.resolve()), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        close_fds=True,
    )


def _messages(child: subprocess.Popen[bytes], alarm: threading.Timer) -> Generator[Any, None, None]:
    """What the child says, line by line; its last word is ``end`` or a refusal, anything else is a death."""
    out: IO[bytes] = child.stdout  # type: ignore[assignment]  # it is a pipe
    try:
        for line in out:
            message = json.loads(line)
            if isinstance(message, dict) and "refused" in message:
                raise Refused(message["refused"])
            if message == "end":
                return
            yield message
        raise Refused(_TOO_HEAVY)
    except ValueError:  # half a line: killed while writing
        raise Refused(_TOO_HEAVY) from None
    finally:
        alarm.cancel()
        with suppress(ProcessLookupError):
            child.kill()
        out.close()
        child.wait()


def _rows(messages: Iterator[Any], moments: bool) -> Iterator[Row]:
    for batch in messages:
        for number, cells in batch:
            yield Row(number, [_cell(value, moments) if type(value) is list else value for value in cells])


def _cell(value: list[str], moments: bool) -> Cell:
    tag, text = value
    if tag != "d":
        return Fault(text)
    return datetime.fromisoformat(text) if moments and len(text) > 10 else date.fromisoformat(text[:10])
