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
Font = ImageFont.FreeTypeFont


@dataclass(frozen=True, slots=True)
class Face:
    """A file and which of its faces; ``bold`` tells whether it is bold by itself."""

    path: str
    index: int
    bold: bool


def can_paint() -> bool:
    """Whether posters are painted here. Looked up once a process."""
    return _faces() is not None


def found() -> Path | None:
    """The file that posters are written with."""
    faces = _faces()
    return Path(faces[0].path) if faces is not None else None


def font(size: int, bold: bool) -> tuple[Font, bool]:
    """The font, and whether it has to be made bold by its outline. ``size`` in pixels."""
    faces = _faces()
    if faces is None:
        raise LookupError("no Chinese font")
    face = faces[bold]
    return _loaded(face, size), bold and not face.bold


@cache
def _faces() -> tuple[Face, Face] | None:
    named = os.environ.get(NAMED, "")
    if named:
        return _pair(named, "") if Path(named).is_file() else None
    files: dict[str, str] = {}
    for folder in FOLDERS:
        for path in sorted(Path(folder).expanduser().rglob("*.[to]t[fc]")):
            files.setdefault(path.name, str(path))
    for regular, bold in FAMILIES:
        if regular in files and (found := _pair(files[regular], files.get(bold, ""))):
            return found
    return None


def _pair(regular: str, bold: str) -> tuple[Face, Face] | None:
    """None for a file that is no font."""
    try:
        plain = Face(regular, _simplified(regular, "Regular"), bold=False)
        heavy = Face(bold, _simplified(bold, "Bold"), bold=True) if bold else plain
        _loaded(plain, 12)
    except OSError:
        return None
    return plain, heavy


def _simplified(path: str, style: str) -> int:
    """The face of a collection that writes simplified characters, in this style where there are several."""
    names = []
    for index in range(_MOST_FACES):
        try:
            names.append(ImageFont.truetype(path, 12, index=index).getname())
        except OSError:
            break
    ours = [at for at, (family, _) in enumerate(names) if family and family.rstrip().endswith("SC")]
    styled = [at for at in ours if names[at][1] == style]
    return next(iter(styled or ours), 0)


@cache
def _loaded(face: Face, size: int) -> Font:
    return ImageFont.truetype(face.path, size, index=face.index)
