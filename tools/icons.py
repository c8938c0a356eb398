"""Build ``fronts/static/icons.svg`` from the Lucide icons that ``jiamenkou.fronts.icons`` names.

Run by hand when the list changes; the sprite is committed, so nobody needs Node or the network to use the product.
The archive comes from the npm registry that this machine is set up for and must have exactly the digest below.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import subprocess
import sys
import tarfile
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "src" / "jiamenkou" / "fronts" / "static"
PACKAGE, VERSION = "lucide-static", "1.62.0"
INTEGRITY = "WBZA/m2PvkFpMGHDtsBck5P2A9G4ehLlYu4GwwICcmEm1BvYVgj00lCDxKRWLlbMlOibLaiwdQ88G5pHkSWgwA=="


def registry() -> str:
    """The npm registry of this machine, with a slash at the end."""
    asked = ["npm", "config", "get", "registry"]
    found = subprocess.run(asked, capture_output=True, text=True, check=True)  # noqa: S603 - nothing in it is input
    return found.stdout.strip().rstrip("/") + "/"


def archive() -> tarfile.TarFile:
    """The package's archive, after its digest has been checked."""
    address = f"{registry()}{PACKAGE}/-/{PACKAGE}-{VERSION}.tgz"
    if not address.startswith(("https://", "http://")):
        sys.exit(f"not a web address: {address}")
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - the scheme is checked above
        body = answer.read()
    digest = base64.b64encode(hashlib.sha512(body).digest()).decode()
    if digest != INTEGRITY:
        sys.exit(f"{PACKAGE} {VERSION} has another digest than expected: {digest}")
    return tarfile.open(fileobj=io.BytesIO(body), mode="r:gz")


def text(package: tarfile.TarFile, name: str) -> str:
    """One text file of the package."""
    try:
        member = package.extractfile(f"package/{name}")
    except KeyError:
        member = None
    if member is None:
        sys.exit(f"{PACKAGE} {VERSION} has no {name}")
    return member.read().decode()


def symbol(name: str, source: str) -> str:
    """The drawing of one icon as a ``<symbol>``; stroke and size come from our stylesheet."""
    inside = re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL)
    if inside is None:
        sys.exit(f"{name} is not a drawing")
    shapes = re.sub(r"\s*/>", "/>", re.sub(r">\s+<", "><", inside.group(1).strip()))
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'


def main() -> None:
    sys.path.insert(0, str(ROOT / "src"))
    from jiamenkou.fronts.icons import NAMES

    with archive() as package:
        symbols = [symbol(name, text(package, f"icons/{name}.svg")) for name in sorted(NAMES)]
        licence = text(package, "LICENSE")
    head = f"<!-- Lucide {VERSION}, icons.LICENSE.txt beside this file -->"
    sprite = "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', head, *symbols, "</svg>", ""])
    (STATIC / "icons.svg").write_text(sprite, encoding="utf-8")
    (STATIC / "icons.LICENSE.txt").write_text(licence, encoding="utf-8")
    print(f"{len(symbols)} icons, {len(sprite.encode()):,} bytes")


if __name__ == "__main__":
    main()
