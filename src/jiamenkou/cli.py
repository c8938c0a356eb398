"""The console script: finds the subcommand and hands the rest of the line to it.

Modules are imported only when their command is called, so that an engine's
command starts no database and a refused file costs no Django start.
"""

from __future__ import annotations

import importlib
import os
import sys

from jiamenkou import __version__
from jiamenkou.commandline import DONE, WRONG_USE, plain

# command -> (module with ``main(argv) -> int``, one line for --help)
COMMANDS: dict[str, tuple[str, str]] = {
    "up": ("jiamenkou.host.up", "start everything: database, web, worker"),
    "residents": ("jiamenkou.host.residents", "rosters: template, import"),
    "vacancy": ("jiamenkou.engines.vacancytext.commands", "chat text to vacancy drafts"),
    "policy": ("jiamenkou.engines.policy.commands", "run, explain, check, compare policies"),
    "statement": ("jiamenkou.engines.statement.commands", "review bank and wallet exports"),
    "workdays": ("jiamenkou.engines.workdays.commands", "Chinese working days"),
    "staff": ("jiamenkou.host.staff", "the first account of an empty house"),
    "demo": ("jiamenkou.host.demo", "sign-ins of the demo community"),
    "backup": ("jiamenkou.host.backup", "write the whole system to a file"),
    "restore": ("jiamenkou.host.restore", "bring a backup back, verified"),
    "doctor": ("jiamenkou.host.doctor", "start-up checks with fixes"),
    "manage": ("jiamenkou.host.manage", "Django's own commands against the running database"),
}


def usage() -> str:
    width = max(map(len, COMMANDS))
    lines = ["usage: jiamenkou COMMAND …", ""]
    lines += [f"  {name:<{width}}  {about}" for name, (_, about) in COMMANDS.items()]
    lines += ["", "jiamenkou COMMAND --help says more."]
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    args = sys.argv[1:] if argv is None else argv
    if not args or args[0] in {"-h", "--help"}:
        sys.stdout.write(usage() + "\n")
        return DONE if args else WRONG_USE
    if args[0] == "--version":
        sys.stdout.write(__version__ + "\n")
        return DONE
    if args[0] not in COMMANDS:
        sys.stderr.write(plain(f"jiamenkou: no command {args[0]!r}; see jiamenkou --help") + "\n")
        return WRONG_USE
    module = importlib.import_module(COMMANDS[args[0]][0])
    try:
        return int(module.main(args[1:]))
    except BrokenPipeError:
        # the reader went away (`| head`): not our failure, and no traceback at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        return 130
