"""What every subcommand shares: one plain line for wrong use, never a traceback.

Exit codes: 0 done, 1 the work found problems (reported), 2 wrong use.
"""

from __future__ import annotations

import argparse
import sys
import unicodedata
from typing import NoReturn

DONE = 0
PROBLEMS = 1
WRONG_USE = 2


class Parser(argparse.ArgumentParser):
    """An ArgumentParser whose error is one line on stderr and exit code 2."""

    def error(self, message: str) -> NoReturn:
        refuse(f"{self.prog}: {message}")


def plain(text: str, limit: int = 200) -> str:
    """One printable line of at most ``limit`` characters.

    Control, bidirectional and other invisible characters are dropped: text that
    comes from a file must not be able to repaint the terminal it is shown on.
    """
    kept = "".join(
        " " if unicodedata.category(ch) in {"Zl", "Zp"} or ch in "\t\r\n" else ch
        for ch in text
        if unicodedata.category(ch) not in {"Cc", "Cf", "Cs", "Co", "Cn"} or ch in "\t\r\n"
    )
    line = " ".join(kept.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def refuse(message: str, code: int = WRONG_USE) -> NoReturn:
    """End the command with one plain line on stderr."""
    sys.stderr.write(plain(message) + "\n")
    sys.exit(code)
