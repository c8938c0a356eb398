"""Where a font with Chinese characters is, regular and bold."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import ImageFont

# a file named here comes first: for a machine whose fonts lie elsewhere
NAMED = "JIAMENKOU_FONT"
FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)
# (regular, bold) as the files are called, best first; the same order as on the page
FAMILIES = (
    ("PingFang.ttc", "PingFang.ttc"),
    ("HarmonyOS_Sans_SC_Regular.ttf", "HarmonyOS_Sans_SC_Bold.ttf"),
    ("MiSans-Regular.ttf", "MiSans-Bold.ttf"),
    ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"),
    ("NotoSansCJKsc-Regular.otf", "NotoSansCJKsc-Bold.otf"),
    ("NotoSansSC-Regular.otf", "NotoSansSC-Bold.otf"),
    ("SourceHanSansSC-Regular.otf", "SourceHanSansSC-Bold.otf"),
    ("msyh.ttc", "msyhbd.ttc"),
    ("wqy-microhei.ttc", ""),
    ("wqy-zenhei.ttc", ""),
    ("DroidSansFallbackFull.ttf", ""),
)
_MOST_FACES = 12


@dataclass(frozen=True, slots=True)
class Faces:
    """The files, regular and bold (or one of both), and the family that writes simplified characters."""

    files: tuple[str, ...]
    family: str


def can_paint() -> bool:
    """Whether posters are painted here. Looked up once a process."""
    return faces() is not None


def found() -> Path | None:
    """The file that posters are written with."""
    known = faces()
    return Path(known.files[0]) if known is not None else None


@cache
def faces() -> Faces | None:
    named = os.environ.get(NAMED, "")
    if named:
        return _faces(named) if Path(named).is_file() else None
    files: dict[str, str] = {}
    for folder in FOLDERS:
        for path in sorted(Path(folder).expanduser().rglob("*.[to]t[fc]")):
            files.setdefault(path.name, str(path))
    for names in FAMILIES:
        there = [files[name] for name in dict.fromkeys(names) if name in files]
        if names[0] in files and (known := _faces(*there)):
            return known
    return None


def _faces(*files: str) -> Faces | None:
    """None for a file that is no font."""
    families = []
    for index in range(_MOST_FACES):
        try:
            families.append(ImageFont.truetype(files[0], 12, index=index).getname()[0] or "")
        except OSError:
            break
    simplified = [family for family in families if family.rstrip().endswith("SC")]
    return Faces(files, (simplified or families)[0]) if families else None
