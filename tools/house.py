"""Rules of the house that no linter knows: committed hosts, paths of a machine, templates, long files.

Prints what is wrong and exits 1; prints nothing otherwise.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 500
# the registries' host names, written so that this file does not contain them
HOSTS = re.compile("|".join(("pypi" + r"\.org", "pythonhosted" + r"\.org", "registry\\.npmjs" + r"\.org")))
PATHS = re.compile(r"(?<![\w/])/(?:work|farm)/[A-Za-z.]")
LEFTOVERS = re.compile("TO" + "DO|FIX" + "ME")


def committed() -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def problems_of(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return []
    found = []
    for what, pattern in (("a registry's host", HOSTS), ("a path of a machine", PATHS), ("a loose end", LEFTOVERS)):
        hit = pattern.search(text)
        if hit:
            found.append(f"{what}: {hit[0]}")
    if path.suffix == ".py" and "migrations" not in path.parts and text.count("\n") > LONGEST:
        found.append(f"{text.count(chr(10))} lines, at most {LONGEST}")
    return found


def broken_templates() -> list[str]:
    """Every template is parsed; one that names an unknown tag or parent fails here and not on a page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiamenkou.site.settings")
    import django
    from django.template import TemplateSyntaxError
    from django.template.loader import get_template

    django.setup()
    found = []
    for folder in (ROOT / "src").rglob("templates"):
        for path in sorted(folder.rglob("*.html")):
            try:
                get_template(str(path.relative_to(folder)))
            except TemplateSyntaxError as error:
                found.append(f"{path.relative_to(ROOT)}: {error}")
    return found


def main() -> int:
    found = [f"{path.relative_to(ROOT)}: {problem}" for path in committed() for problem in problems_of(path)]
    found += [f"{name}: must not be committed" for name in ("uv.lock", "package-lock.json") if (ROOT / name).exists()]
    found += broken_templates()
    sys.stdout.write("".join(line + "\n" for line in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
